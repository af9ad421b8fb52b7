/// How long what passes through the simulated network takes.
///
/// What is lost, doubled, late or broken is a fault, and `VaultConfiguration.faults` says which are
/// injected.
package struct NetworkConditions: Sendable, Hashable {
  /// The shortest and longest way of one message, each drawn evenly; 0 to 1 hour.
  package var latency: ClosedRange<Duration>

  /// A network with this latency, or one between 1 and 20 ms.
  package init(latency: ClosedRange<Duration> = .milliseconds(1) ... .milliseconds(20)) {
    self.latency = latency
  }
}
