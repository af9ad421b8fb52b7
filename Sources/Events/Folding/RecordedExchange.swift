package import Operations
import Playbooks

/// One request of a step, with its response and the outcome of its command.
package struct RecordedExchange: Sendable, Hashable {
  /// The request as it was recorded before it left; it may or may not have had its effect.
  package let intent: RequestIntent
  /// When that was recorded.
  package let intendedAt: Moment
  /// The response, or nil while none has come.
  package internal(set) var answer: RequestAnswer?
  /// When the response came; nil as long as `answer` is.
  package internal(set) var answeredAt: Moment?
  /// How the command of the request ended, or nil while that is not known.
  package internal(set) var verdict: CommandVerdict?
  /// When that became known; nil as long as `verdict` is.
  package internal(set) var settledAt: Moment?

  init(intent: RequestIntent, intendedAt: Moment) {
    self.intent = intent
    self.intendedAt = intendedAt
  }
}

extension RecordedExchange {
  /// Whether the request may have had its effect although its attempt ended with `failure`.
  func mayHaveActed(whenFailedBy failure: Failure) -> Bool {
    guard verdict == nil else { return false }
    guard let status = answer?.status else {
      // What was held back or could not connect never left.
      return !failure.isUnreachable && failure.kind != .throttled && failure.kind != .local
    }
    return status == 303 || !(300..<500).contains(status)
  }
}
