import Events
import Operations

extension WaitReason {
  /// How what is waited for is called.
  enum Naming: Sendable {
    /// By what it is to the step: its command, its data.
    case words
    /// By the ids of commands and requests, in full: they are long, and alike at their beginning.
    case ids
  }

  /// What the step does meanwhile, such as `waits for its command` or `pauses, 3 s left`.
  func text(at now: Moment, naming: Naming = .words) -> String {
    switch self {
    case .pause(let until):
      until > now ? "pauses, \(ElapsedText.left(until - now)) left" : "pauses"
    case .lookup(let operation): "checks with \(operation) whether it was done"
    case .session, .command, .data, .condition, .step, .voteSlot: "waits \(object(at: now, naming))"
    }
  }

  /// What the step did when the record of its run ended.
  func pastText(at end: Moment) -> String {
    switch self {
    case .pause(let until):
      until > end ? "paused, \(ElapsedText.left(until - end)) left" : "paused"
    case .lookup(let operation): "was checking with \(operation) whether it was done"
    case .session, .command, .data, .condition, .step, .voteSlot:
      "waited \(object(at: end, .words))"
    }
  }

  private func object(at now: Moment, _ naming: Naming) -> String {
    switch (self, naming) {
    case (.session(let username), _): return "for the session of \(username)"
    case (.command, .words): return "for its command"
    case (.command(let id), .ids): return "for command \(id)"
    case (.data, .words): return "for its data"
    case (.data(let requestID), .ids): return "for data \(requestID)"
    case (.pause, _): return "for time to pass"
    case (.lookup(let operation), _): return "for \(operation)"
    case (.step(let path), _): return "for \(path), which ensures the same"
    case (.voteSlot, _): return "for the vote of another tenant to end"
    case (.condition(let condition, let answer), _):
      guard let vote = VoteProgress(answer) else { return "until \(condition)" }
      return "for the vote: \(vote.text(at: now))"
    }
  }
}
