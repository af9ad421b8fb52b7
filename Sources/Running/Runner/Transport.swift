package import Machine
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

  /// Where whoever sends much should run, so that responses come without a change of threads; nil where
  /// that makes no difference.
  var executor: (any TaskExecutor)? { get }

  /// Whether `begin` sends requests at all.
  var beginsRequests: Bool { get }

  /// Sends a request that moves no file without a task that waits, and calls `reply` once, on any thread.
  ///
  /// A request that could not leave within `limit` does not leave, and had no effect.
  /// Returns false, and does nothing, where the request would have to wait for its turn: `exchange` waits.
  func begin(
    _ request: APIRequest, leavingWithin limit: Duration?,
    reply: @escaping @Sendable (Result<APIResponse, TransportFailure>) -> Void
  ) -> Bool

  /// Begins to connect to the service, so that the first request need not wait for that; what fails shows with
  /// the request.
  func prepare()

  /// Opens a WebSocket to the configured address.
  func connect() async throws(TransportFailure) -> any MessageSocket

  /// The same, with `headers` in the request that opens it; a transport whose sockets are opened without a
  /// request leaves them out.
  func connect(carrying headers: [HTTPField]) async throws(TransportFailure) -> any MessageSocket
}

extension Transport {
  /// It makes no difference.
  package var executor: (any TaskExecutor)? { nil }

  /// No request is begun, for transports that have no use for it.
  package var beginsRequests: Bool { false }

  /// Every request waits.
  package func begin(
    _ request: APIRequest, leavingWithin limit: Duration?,
    reply: @escaping @Sendable (Result<APIResponse, TransportFailure>) -> Void
  ) -> Bool { false }

  /// Nothing is to be prepared.
  package func prepare() {}

  /// The same for a request without files.
  package func exchange(_ request: APIRequest) async throws(TransportFailure) -> APIResponse {
    try await exchange(request, moving: PayloadTransfer())
  }

  /// Opens a WebSocket without them.
  package func connect(
    carrying headers: [HTTPField]
  ) async throws(TransportFailure) -> any MessageSocket {
    try await connect()
  }
}

/// An open WebSocket that carries text messages both ways.
package protocol MessageSocket: Sendable {
  /// Hands the text messages to `receiver` as they come, those that came already first; to be called once.
  ///
  /// Pings are answered below this seam. Nothing waits meanwhile, so that an open socket costs no task.
  func listen(_ receiver: MessageReceiver)

  /// Sends one text message; a socket that breaks later shows that as the end of the messages.
  func send(_ text: String) throws(TransportFailure)

  /// Sends a close frame and waits a bounded time for the other side's.
  func close() async
}
