package import Machine

/// What receives the messages of one socket, one at a time.
package struct MessageReceiver: Sendable {
  /// Receives the next message, and returns whether the one after it may come at once.
  ///
  /// Where it may not, `proceed` is called once, when it may. Must not wait.
  package let receive: @Sendable (_ text: String, _ proceed: @escaping @Sendable () -> Void) -> Bool
  /// Receives the end of the messages, once: the socket was closed by either side, or broke.
  ///
  /// Must not wait.
  package let end: @Sendable (TransportFailure?) -> Void

  /// A receiver that calls these, on any thread.
  package init(
    receive: @escaping @Sendable (String, @escaping @Sendable () -> Void) -> Bool,
    end: @escaping @Sendable (TransportFailure?) -> Void
  ) {
    self.receive = receive
    self.end = end
  }
}
