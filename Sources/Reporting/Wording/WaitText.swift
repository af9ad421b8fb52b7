import Events
import Operations

extension WaitReason {
  /// What is waited for, such as `waits for command 3f2a1b9c`.
  func text(at now: Moment) -> String {
    switch self {
    case .session(let username): return "waits for the session of \(username)"
    case .command(let id): return "waits for command \(id.shortID)"
    case .data(let requestID): return "waits for data \(requestID.shortID)"
    case .pause(let until):
      return until > now ? "pauses, \(ElapsedText.left(until - now)) left" : "pauses"
    case .condition(let condition, let answer):
      guard let vote = VoteProgress(answer) else { return "waits until \(condition)" }
      return "waits for the vote: \(vote.text(at: now))"
    }
  }
}
