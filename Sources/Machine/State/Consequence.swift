/// What may begin or must end because of an event.
enum Consequence: Sendable, Hashable {
  /// The next step of a sequence may begin.
  case sequenceContinues(NodeID)
  /// A sequence below the step is over.
  case stepContinues(NodeID)
  /// The step is stopped, and with it its work in flight.
  case stepStopped(NodeID)
  /// Nothing refers to the scope any more.
  case scopeEnded(ScopeID)
  /// The outermost sequence is over.
  case rootEnded(Ending)
}
