/// Receives what a daemon does.
package struct DaemonObserver: Sendable {
  private let receive: @Sendable (DaemonEvent) -> Void

  /// An observer that hands each event to `receive`, which must not wait.
  package init(_ receive: @escaping @Sendable (DaemonEvent) -> Void) {
    self.receive = receive
  }

  /// Hands the event over.
  package func callAsFunction(_ event: DaemonEvent) { receive(event) }
}
