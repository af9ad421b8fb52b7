import Events
import Operations

extension TickVerdict {
  /// The verdict in words, such as `skipped: overlap`.
  var text: String {
    switch self {
    case .ran: "ran"
    case .caughtUp: "caught up"
    case .triggered: "triggered"
    case .skippedOverlap: "skipped: overlap"
    case .skippedWindow: "skipped: window"
    case .paused: "paused"
    case .missed: "missed"
    case .failedToStart: "failed to start"
    }
  }

  /// Why it is so; nil where the verdict says it all.
  var reason: String? {
    switch self {
    case .ran, .caughtUp, .triggered: nil
    case .skippedOverlap(let rollout):
      "\(rollout.map { "rollout \($0)" } ?? "an earlier rollout") was in progress"
    case .skippedWindow: "the latest start had passed"
    case .paused: "the schedule was paused"
    case .missed: "no daemon was active"
    case .failedToStart(let reason, _): reason
    }
  }

  /// The rollout that was started for it.
  var startedRollout: RunID? {
    switch self {
    case .ran(let rollout), .caughtUp(let rollout), .triggered(let rollout, _): rollout
    case .skippedOverlap, .skippedWindow, .paused, .missed, .failedToStart: nil
    }
  }

  /// Verdicts that need no look are not coloured, so that the others stand out.
  var listRole: TerminalStyle.Role {
    switch self {
    case .ran, .caughtUp, .triggered: .plain
    case .skippedOverlap, .skippedWindow, .paused: .notable
    case .missed, .failedToStart: .bad
    }
  }
}

extension SchedulePause {
  /// Since when, by whom and why, such as `since 2027-03-01 09:00:00Z by anna: audit`.
  var text: String {
    let since = "since \(since.listText)"
    return switch cause {
    case .person(let name, let reason): "\(since) by \(name)" + (reason.map { ": \($0)" } ?? "")
    case .failure(let rollout):
      "\(since): \(rollout.map { "rollout \($0)" } ?? "its rollout") did not succeed"
    }
  }

  /// For programs (`schemas/schedules.schema.json`).
  var json: EncodedJSON {
    switch cause {
    case .person(let name, let reason):
      .object([
        "since": .instant(since), "cause": "person", "by": .text(name),
        "reason": reason.map(EncodedJSON.text),
      ])
    case .failure(let rollout):
      .object([
        "since": .instant(since), "cause": "failure",
        "rollout": rollout.map { .text($0.text) },
      ])
    }
  }
}
