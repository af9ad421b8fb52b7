package import Events
package import Operations
import Schedules

/// What a command changed of a schedule, as `privirun schedule pause`, `resume`, `trigger` and `forget`
/// report it.
package struct ScheduleReply: Sendable, Hashable {
  /// What was changed.
  package enum Change: Sendable, Hashable {
    /// No rollout is started from now on.
    case paused(SchedulePause)
    /// It was paused already, and still is as it was.
    case alreadyPaused(SchedulePause)
    /// The pause is over.
    case resumed
    /// It was not paused.
    case notPaused
    /// A rollout is to be started now.
    case triggered(by: String)
    /// Its ledger, which could not be used, begins anew; so many verdicts were removed.
    case forgotten(verdicts: Int)
  }

  private let change: Change
  private let item: ListedSchedule
  private let acting: RunProgress.Driver?
  private let journal: JournalReference?
  private let now: Moment

  /// What was changed of `item`, which shows the schedule afterwards; nil `acting` says that no process
  /// acts.
  ///
  /// Suggested commands name the `journal` unless it is nil.
  package init(
    _ change: Change, of item: ListedSchedule, acting: RunProgress.Driver?,
    journal: JournalReference? = nil, at now: Moment
  ) {
    self.change = change
    self.item = item
    self.acting = acting
    self.journal = journal
    self.now = now
  }

  /// What was changed and what follows from it, a line each.
  package func text(_ style: TerminalStyle) -> String {
    let lines = ["schedule \(item.state.name): \(result)"] + consequences
    return lines.map { style.printable($0) + "\n" }.joined()
  }

  private var result: String {
    switch change {
    case .paused(let pause): "paused \(pause.text)"
    case .alreadyPaused(let pause): "already paused, \(pause.text)"
    case .resumed: "no longer paused"
    case .notPaused: "not paused"
    case .triggered: "trigger recorded"
    case .forgotten(let count):
      "forgotten, and \(count) \(count == 1 ? "verdict" : "verdicts") removed"
    }
  }

  private var consequences: [String] {
    let commands = ScheduleCommands(journal: journal)
    let absence = acting == nil ? [commands.text(of: nil)] : []
    switch change {
    case .paused:
      var lines = ["no rollout is started until `\(commands.resume(item.state.name))`"]
      if let current = item.state.current {
        lines.append("\(current.rollout.map { "rollout \($0)" } ?? "its rollout") is still running")
      }
      return lines + absence
    case .alreadyPaused: return absence
    case .resumed, .notPaused: return [nextDue] + absence
    case .triggered: return [start] + absence
    case .forgotten: return ["it begins anew once its file is served"] + absence
    }
  }

  private var nextDue: String {
    guard item.state.isActive else { return notServed }
    return item.next(after: now).map { "next due \(item.text(of: $0.at))" } ?? "nothing is due"
  }

  private var start: String {
    if !item.state.isActive { return "\(notServed), and the rollout starts once it is" }
    if let current = item.state.current {
      let other = current.rollout.map { "rollout \($0)" } ?? "the one in progress"
      return "the rollout starts when \(other) has ended"
    }
    guard let acting else { return "the rollout starts once a daemon is active" }
    return "\(acting.text) starts the rollout within a second"
  }

  private var notServed: String { "the file \(item.state.file) is not served" }

  /// One line of JSON (`schemas/schedule-change.schema.json`).
  package var json: String {
    EncodedJSON.object([
      "version": .count(EncodedEvent.version), "schedule": .text(item.state.name),
      "change": .text(word), "removed": removed.map(EncodedJSON.count),
      "by": person.map(EncodedJSON.text),
      "state": .text(item.standing.rawValue), "pause": item.state.pause?.json,
      "nextDue": item.nextJSON(after: now), "acting": acting?.json,
    ]).line + "\n"
  }

  private var word: String {
    switch change {
    case .paused: "paused"
    case .alreadyPaused: "already-paused"
    case .resumed: "resumed"
    case .notPaused: "not-paused"
    case .triggered: "triggered"
    case .forgotten: "forgotten"
    }
  }

  private var removed: Int? {
    if case .forgotten(let count) = change { count } else { nil }
  }

  private var person: String? {
    if case .triggered(let person) = change { person } else { nil }
  }
}
