package import Operations

/// The way to the service that a run needs: one HTTP exchange, and sockets that carry text.
package protocol Transport: Sendable {
  /// Sends one request and returns its whole answer, whatever its status.
  ///
  /// A file that goes out is taken from `transfer.source`, no faster than the network takes it; the
  /// body of a 2xx answer goes into `transfer.sink` when there is one, which whoever made it finishes.
  /// Redirects are answers like any other: nothing is followed. Throws when no whole answer came;
  /// the failure says whether the request may have reached the service.
  func exchange(
    _ request: APIRequest, moving transfer: PayloadTransfer
  ) async throws(TransportFailure) -> APIResponse

  /// Opens a WebSocket to the configured address.
  func connect() async throws(TransportFailure) -> any MessageSocket
}

extension Transport {
  /// The same for a request without files.
  package func exchange(_ request: APIRequest) async throws(TransportFailure) -> APIResponse {
    try await exchange(request, moving: PayloadTransfer())
  }
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

/// Why an exchange or a socket failed.
package struct TransportFailure: Error, Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    /// No connection could be made (refused, no route, unknown host).
    case unreachable
    /// A proxy requires credentials, or did not accept those given.
    case refusedByProxy = "refused-by-proxy"
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
    /// A file to be sent or written could not be handled on this machine.
    case localFile = "local-file"
    /// What came down was altered, or encrypted under another key.
    case notAuthentic = "not-authentic"
  }

  package var kind: Kind
  /// One sentence with the address, without token, query or payload.
  package var message: String
  /// Whether any byte of the request may have reached the service.
  package var mayHaveBeenSent: Bool
  /// What to do next, when that is known.
  package var hint: String?

  package init(_ kind: Kind, _ message: String, mayHaveBeenSent: Bool, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.mayHaveBeenSent = mayHaveBeenSent
    self.hint = hint
  }
}
