package import Events
package import Operations

/// One request of a step and all that came of it.
package struct RecordedExchange: Sendable, Hashable {
  package var intent: RequestIntent
  package var intendedAt: Moment
  package var answer: RequestAnswer?
  package var answeredAt: Moment?
  package var verdict: CommandVerdict?
  package var settledAt: Moment?

  init(intent: RequestIntent, intendedAt: Moment) {
    self.intent = intent
    self.intendedAt = intendedAt
  }
}
