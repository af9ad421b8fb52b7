import Events

/// Which command continues a run that ended otherwise than well, or was interrupted.
struct NextCommands: Sendable, Hashable {
  private let commands: RunCommands

  /// The commands for the run of `overview`; nil where it cannot be continued.
  init?(_ overview: RunOverview, journal: JournalReference?) {
    guard let start = overview.start, overview.continuationObstacle == nil else { return nil }
    commands = RunCommands(of: start.run, journal: journal)
  }

  /// What to run after this outcome, in one sentence without a full stop; nil where nothing is left
  /// to do.
  func text(after outcome: Outcome) -> String? {
    switch outcome {
    case .succeeded, .unchanged, .skipped, .tolerated: nil
    case .failed, .cancelled: "`\(commands.resume)` continues the run"
    case .inDoubt:
      "`\(commands.resolve)` shows what happened before it continues the run; "
        + "`\(commands.resume)` continues it at once"
    }
  }
}

extension RunOverview {
  /// Whether the run is over and took back what it changed, so that all of it would have to begin anew.
  package var wasUndone: Bool { undone.isOfRun && result.map { $0.outcome != .inDoubt } ?? false }

  /// Why the run cannot be continued, however it ended; nil when it can.
  var continuationObstacle: String? {
    guard let start else { return "its first event is missing" }
    if service?.isOwnSandbox ?? false {
      return "it cannot be continued, because its sandbox ended with its process"
    }
    if wasUndone {
      return "it cannot be continued, because what it changed was undone: run the playbook again"
    }
    guard start.pinned == nil else { return nil }
    return "it cannot be continued, because an older version of privirun did not keep its playbook"
  }
}
