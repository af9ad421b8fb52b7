import Machine
import NIOCore
import NIOHTTP1
import Operations
import Running

/// One HTTP exchange in progress: what is known of its response, and how it ends.
///
/// Everything here happens on the event loop of the pool.
final class HTTPCall {
  private enum State {
    /// It waits for a connection. Exits: `sent`, `over`.
    case waiting
    /// Bytes of it may have left. Exits: `over`.
    case sent
    /// Whoever asked has the response or the failure. No exit.
    case over
  }

  let order: HTTPOrder
  /// The instant of the order.
  let begin: NIODeadline
  private var state = State.waiting
  /// The status and the headers, once they are there; the body follows.
  private var response: APIResponse?
  private var body: [UInt8] = []
  /// Where a successful body goes, when that is a file.
  private(set) var download: DownloadPump?
  /// Closes the connection of a call that is given up.
  private var abandon: (() -> Void)?
  private var standstill: Standstill?
  private let explain: (TransportFailure, ConnectionRoute) -> EventLoopFuture<TransportFailure>?

  init(
    _ order: HTTPOrder, at begin: NIODeadline,
    explaining explain:
      @escaping (TransportFailure, ConnectionRoute) -> EventLoopFuture<
        TransportFailure
      >?
  ) {
    self.order = order
    self.begin = begin
    self.explain = explain
  }

  var isOver: Bool { if case .over = state { true } else { false } }

  private var server: Origin { order.route.origin }

  /// Whether it may be sent now; one that has waited too long fails, and had no effect.
  func mayLeave() -> Bool {
    guard !isOver else { return false }
    guard let limit = order.leavesBy, ContinuousClock.now > limit else { return true }
    fail(
      TransportFailure(
        .timedOut, "the request was held up on this machine and was not sent",
        mayHaveBeenSent: false, hint: "the machine was busy or asleep: run again, or resume"))
    return false
  }

  /// Bytes of it leave now; `abandon` closes the connection.
  func sent(on loop: any EventLoop, orAbandon abandon: @escaping () -> Void) {
    state = .sent
    self.abandon = abandon
    if case .standstill(let limit) = order.rules.patience {
      standstill = Standstill(of: limit, on: loop) { [weak self] in self?.timedOut(after: limit) }
    }
  }

  /// Something of a body moved in either direction; nil for a whole part.
  func moved(_ count: Int? = nil) { standstill?.moved(count) }
}

// MARK: - The response

extension HTTPCall {
  /// The head of the response is there.
  ///
  /// Throws for a response that is too large or encoded in a way that was not requested.
  func receive(_ head: HTTPResponseHead, on loop: any EventLoop) throws {
    let response = APIResponse(
      status: Int(head.status.code), headers: head.headers.map { HTTPField($0.name, $0.value) })
    self.response = response
    moved()
    if wantsHeadOnly { return }
    // RFC 9110 §6.4.1: what these announce does not follow.
    let isEmpty = order.head.method == .HEAD || [204, 304].contains(response.status)
    guard !isEmpty else { return }
    let isSuccess = (200..<300).contains(response.status)
    if isSuccess { try checkEncoding(of: head) }
    let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    if isSuccess, let sink = order.transfer.sink {
      guard announced <= order.rules.fileLimit else { throw tooLarge(order.rules.fileLimit) }
      download = DownloadPump(into: sink, limit: order.rules.fileLimit, on: loop)
    } else {
      guard announced <= order.rules.bodyLimit else { throw tooLarge(order.rules.bodyLimit) }
      body.reserveCapacity(announced)
    }
  }

  /// The next bytes of the body are there.
  ///
  /// Throws for a body that is too large, and when an earlier part could not be written to its file.
  func receive(_ bytes: ByteBuffer) throws {
    moved(bytes.readableBytes)
    if let download {
      guard download.receive(bytes) else { throw tooLarge(order.rules.fileLimit) }
      return
    }
    guard bytes.readableBytes <= order.rules.bodyLimit - body.count else {
      throw tooLarge(order.rules.bodyLimit)
    }
    body.append(contentsOf: bytes.readableBytesView)
  }

  /// The response is whole.
  func finish() {
    guard var response else { return }
    // The connection is somebody else's from here on.
    abandon = nil
    standstill?.cancel()
    guard let download else {
      response.body = body
      return end(.success(response))
    }
    download.finish { [self] result in
      switch result {
      case .success: end(.success(response))
      case .failure(let error): fail(error)
      }
    }
  }

  private var wantsHeadOnly: Bool { if case .head = order.rules.extent { true } else { false } }

  /// Encodings that are decoded before a response comes here, and those that encode nothing.
  private static let knownEncodings: Set<String> = ["gzip", "deflate", "identity", ""]

  private func checkEncoding(of head: HTTPResponseHead) throws {
    guard head.headers.contains(name: "content-encoding") else { return }
    let encodings = head.headers[canonicalForm: "content-encoding"].map(String.init)
    guard let unknown = encodings.first(where: { !Self.knownEncodings.contains($0) }) else {
      return
    }
    throw TransportFailure(
      .protocolViolation,
      "\(server) sent a response in the encoding `\(unknown)`, which was not requested",
      mayHaveBeenSent: true,
      hint: "make the server, or the gateway in front of it, obey `Accept-Encoding`")
  }

  private func tooLarge(_ limit: Int) -> TransportFailure {
    TransportFailure(
      .tooLarge, "the answer of \(server) is larger than \(limit) bytes", mayHaveBeenSent: true)
  }
}

// MARK: - The end

extension HTTPCall {
  /// Ends the call with an error of the libraries below, unless it is over.
  func fail(_ error: any Error) {
    guard !isOver else { return }
    // What happens to the rest of a response means nothing where its head is all that counts.
    if wantsHeadOnly, let response { return end(.success(response)) }
    var failure = order.route.failure(for: error)
    // What was cancelled is not looked into: that it was not sent yet may have changed meanwhile.
    if case .waiting = state, !(error is CancellationError) { failure.mayHaveBeenSent = false }
    if [.broken, .timedOut].contains(failure.kind) { failure.head = response }
    guard let explained = explain(failure, order.route) else { return end(.failure(failure)) }
    let reply = order.reply
    over()
    explained.whenSuccess { reply(.failure($0)) }
  }

  /// No response came in time; the connection is of no use any more.
  func timedOut(after limit: Duration) {
    guard !isOver else { return }
    let message =
      switch order.rules.patience {
      case .whole: "\(server) did not \(answers) within \(limit)"
      case .standstill: "next to nothing moved between here and \(server) for \(limit)"
      }
    let abandon = abandon
    fail(TransportFailure(.timedOut, message, mayHaveBeenSent: true))
    abandon?()
  }

  /// Nobody waits for the response any more.
  func cancel() {
    guard !isOver else { return }
    let abandon = abandon
    fail(CancellationError())
    abandon?()
  }

  private var answers: String {
    wantsHeadOnly ? "respond" : "answer"
  }

  private func end(_ result: Result<APIResponse, TransportFailure>) {
    guard !isOver else { return }
    over()
    order.reply(result)
  }

  private func over() {
    state = .over
    response = nil
    body = []
    abandon = nil
    standstill?.cancel()
    standstill = nil
  }
}
