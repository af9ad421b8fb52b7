/// How the simulated network treats what passes through it.
package struct NetworkConditions: Sendable, Hashable {
  /// The shortest and longest way of one message, each drawn evenly.
  package var latency: ClosedRange<Duration>
  /// The share of published WebSocket messages that never arrive, 0 to 1.
  ///
  /// What a socket answers itself, to a join say, comes or the socket breaks (protocol.md §3).
  package var lostMessages: Double
  /// The share of WebSocket messages that arrive twice, 0 to 1.
  package var doubledMessages: Double

  /// `latency` in 0 to 1 hour; shares in 0 to 1.
  package init(
    latency: ClosedRange<Duration> = .milliseconds(1) ... .milliseconds(20),
    lostMessages: Double = 0, doubledMessages: Double = 0
  ) {
    self.latency = latency
    self.lostMessages = lostMessages
    self.doubledMessages = doubledMessages
  }
}
