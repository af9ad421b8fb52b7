package import Operations

/// The way to the service that a run needs: one HTTP exchange, and sockets that carry text.
package protocol Transport: Sendable {
  /// Sends one request and returns its whole answer, whatever its status.
  ///
  /// Redirects are answers like any other: nothing is followed. Throws when no whole answer came;
  /// the failure says whether the request may have reached the service.
  func exchange(_ request: APIRequest) async throws(TransportFailure) -> APIResponse

  /// Opens a WebSocket to the configured address.
  func connect() async throws(TransportFailure) -> any MessageSocket
}

/// An open WebSocket that carries text messages both ways.
package protocol MessageSocket: Sendable {
  /// The text messages as they come; ends when the socket is closed by either side, with the
  /// failure when it broke. Pings are answered below this seam. To be iterated once.
  var messages: AsyncThrowingStream<String, any Error> { get }

  /// Sends one text message.
  func send(_ text: String) async throws(TransportFailure)

  /// Sends a close frame and waits a bounded time for the other side's.
  func close() async
}

/// Why an exchange or a socket came to nothing.
package struct TransportFailure: Error, Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    /// No connection could be made (refused, no route, unknown host).
    case unreachable
    /// The server's certificate was signed by nobody who is trusted, or has expired.
    case untrusted
    /// The server's certificate is for another host.
    case otherHost = "other-host"
    /// TLS failed otherwise.
    case tls
    /// The connection broke before the whole answer came.
    case broken
    /// The exchange's own time limit ran out.
    case timedOut = "timed-out"
    /// The answer is larger than the limit.
    case tooLarge = "too-large"
    /// The other side breaks its protocol.
    case protocolViolation = "protocol-violation"
  }

  package var kind: Kind
  /// One sentence with the address, without token, query or payload.
  package var message: String
  /// Whether any byte of the request may have reached the service.
  package var mayHaveBeenSent: Bool

  package init(_ kind: Kind, _ message: String, mayHaveBeenSent: Bool) {
    self.kind = kind
    self.message = message
    self.mayHaveBeenSent = mayHaveBeenSent
  }
}
