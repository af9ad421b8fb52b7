package import Operations

/// A row of the ledger of a schedule: what was decided about one due instant, or about several in a row.
///
/// Each due instant has exactly one verdict.
package struct Tick: Sendable, Hashable {
  /// The due instant, the earliest where it stands for several; when a person asked for a rollout, where
  /// `verdict.person` is not nil.
  package var due: Moment
  /// The latest due instant that it stands for; `due` where that is the only one.
  package var through: Moment
  /// How many due instants it stands for, at least 1.
  package var count: Int
  /// What was decided.
  package var verdict: TickVerdict
  /// When it was decided.
  package var decidedAt: Moment

  /// The tick of one due instant.
  package init(due: Moment, _ verdict: TickVerdict, decidedAt: Moment) {
    self.init(due: due, through: due, count: 1, verdict, decidedAt: decidedAt)
  }

  /// A tick that stands for the `count` due instants from `due` to `through`.
  package init(
    due: Moment, through: Moment, count: Int, _ verdict: TickVerdict, decidedAt: Moment
  ) {
    self.due = due
    self.through = through
    self.count = count
    self.verdict = verdict
    self.decidedAt = decidedAt
  }
}

/// What was decided about a due instant.
package enum TickVerdict: Sendable, Hashable {
  /// A rollout was started; nil where it only plans or looks for drift, which leaves no record.
  case ran(RunID?)
  /// A rollout was started later, since no process acted on the schedule at the due instant; one rollout
  /// catches up several instants with `catch-up: one`.
  case caughtUp(RunID?)
  /// A rollout was started because that person asked for it.
  case triggered(RunID?, by: String)
  /// The rollout of an earlier instant was in progress; nil where that leaves no record.
  case skippedOverlap(RunID?)
  /// The latest start, the `window` after the due instant, had passed.
  case skippedWindow
  /// The schedule was paused.
  case paused
  /// No process acted on the schedule at the due instant, and it is not caught up.
  case missed
  /// The rollout could not be started, for this reason: one sentence without a secret. Not nil is the
  /// person who asked for it; else it was for a due instant.
  case failedToStart(reason: String, by: String? = nil)

  /// The word for it in listings and JSON.
  package var name: String {
    switch self {
    case .ran: "ran"
    case .caughtUp: "caught-up"
    case .triggered: "triggered"
    case .skippedOverlap: "skipped-overlap"
    case .skippedWindow: "skipped-window"
    case .paused: "paused"
    case .missed: "missed"
    case .failedToStart: "failed-to-start"
    }
  }

  /// The rollout that was started, or that was in progress; nil where there is none.
  package var rollout: RunID? {
    switch self {
    case .ran(let rollout), .caughtUp(let rollout), .triggered(let rollout, _),
      .skippedOverlap(let rollout):
      rollout
    case .skippedWindow, .paused, .missed, .failedToStart: nil
    }
  }

  /// Who asked for a rollout; nil for the verdict about a due instant.
  package var person: String? {
    switch self {
    case .triggered(_, let person): person
    case .failedToStart(_, let person): person
    case .ran, .caughtUp, .skippedOverlap, .skippedWindow, .paused, .missed: nil
    }
  }
}
