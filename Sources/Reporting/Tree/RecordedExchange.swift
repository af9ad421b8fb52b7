package import Events
package import Operations

/// One request of a step and all that came of it.
package struct RecordedExchange: Sendable, Hashable {
  /// The request as it was recorded before it left.
  package var intent: RequestIntent
  /// When that was recorded.
  package var intendedAt: Moment
  /// The response, or nil while none has come.
  package var answer: RequestAnswer?
  /// When the response came; nil as long as `answer` is.
  package var answeredAt: Moment?
  /// How the command of the request ended, or nil while that is not known.
  package var verdict: CommandVerdict?
  /// When that became known; nil as long as `verdict` is.
  package var settledAt: Moment?

  init(intent: RequestIntent, intendedAt: Moment) {
    self.intent = intent
    self.intendedAt = intendedAt
  }
}
