import AsyncHTTPClient
import Machine
import NIOCore
import NIOHTTP1
import NIOPosix
import Operations
import Running

/// One HTTP exchange: with the API under one time limit, with a file server as long as bytes move.
struct HTTPExchange: Sendable {
  /// Bytes that are gathered before they are written to a file together.
  private static let pieceCount = PayloadSource.pieceCount

  let pool: HTTPClients.Pool
  let route: ConnectionRoute
  let options: TransportOptions
  let target: RequestTarget
  let transfer: PayloadTransfer
  let traffic = Traffic()

  /// The whole answer; throws for whatever came instead.
  func perform(_ request: APIRequest) async throws(TransportFailure) -> APIResponse {
    do {
      return try await withThrowingTaskGroup(of: APIResponse?.self) { group in
        defer { group.cancelAll() }
        group.addTask { try await answer(to: request) }
        group.addTask {
          try await limit()
          return nil
        }
        guard let first = try await group.next(), let response = first else {
          traffic.stop()
          throw timedOut
        }
        return response
      }
    } catch {
      var failure = route.failure(for: error, wasEverOpen: pool.wasEverOpen)
      if [.broken, .timedOut].contains(failure.kind) { failure.head = traffic.head }
      throw failure
    }
  }

  /// Returns when the exchange has taken too long.
  private func limit() async throws {
    switch target.server {
    case .api: try await ContinuousClock().sleep(for: options.exchangeTimeout)
    case .upload, .download: try await traffic.standstill(of: options.idleTimeout)
    }
  }

  private var timedOut: TransportFailure {
    let message =
      switch target.server {
      case .api: "\(target.origin) did not answer within \(options.exchangeTimeout)"
      case .upload, .download:
        "next to nothing moved between here and \(target.origin) for \(options.idleTimeout)"
      }
    return TransportFailure(.timedOut, message, mayHaveBeenSent: true)
  }

  private func answer(to request: APIRequest) async throws -> APIResponse {
    var message = HTTPClientRequest(url: target.url)
    message.method = HTTPMethod(rawValue: request.method)
    for header in target.headers { message.headers.add(name: header.name, value: header.value) }
    if message.headers["accept-encoding"].isEmpty {
      message.headers.add(name: "Accept-Encoding", value: target.server.acceptedEncodings)
    }
    if let source = transfer.source {
      message.body = .stream(
        PayloadBody(source: source, traffic: traffic), length: .known(Int64(source.count)))
    } else if !request.body.isEmpty {
      message.body = .bytes(request.body)
    }
    let response = try await pool.client.execute(message, deadline: .distantFuture)
    var answer = APIResponse(
      status: Int(response.status.code),
      headers: response.headers.map { HTTPField($0.name, $0.value) })
    traffic.arrived(answer)
    if (200..<300).contains(answer.status) { try checkEncoding(of: response) }
    if let sink = transfer.sink, (200..<300).contains(answer.status) {
      try await write(response, into: sink)
    } else {
      answer.body = try await body(of: response)
    }
    return answer
  }
}

/// Bodies of answers.
extension HTTPExchange {
  /// Encodings that are decoded below, and those that encode nothing.
  private static let knownEncodings: Set<String> = ["gzip", "deflate", "identity", ""]

  /// Throws for a body in an encoding that was not requested and cannot be decoded.
  private func checkEncoding(of response: HTTPClientResponse) throws {
    let encodings = response.headers[canonicalForm: "content-encoding"].map(String.init)
    guard let unknown = encodings.first(where: { !Self.knownEncodings.contains($0) }) else {
      return
    }
    throw TransportFailure(
      .protocolViolation,
      "\(target.origin) sent a response in the encoding `\(unknown)`, which "
        + "was not requested", mayHaveBeenSent: true,
      hint: "make the server, or the gateway in front of it, obey `Accept-Encoding`")
  }

  private func body(of response: HTTPClientResponse) async throws -> [UInt8] {
    let limit =
      switch target.server {
      case .api, .upload: options.answerLimit
      case .download: options.downloadLimit
      }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(try announced(response, limit: limit))
    for try await chunk in response.body {
      traffic.moved(chunk.readableBytes)
      guard chunk.readableBytes <= limit - bytes.count else { throw tooLarge(limit) }
      bytes.append(contentsOf: chunk.readableBytesView)
    }
    return bytes
  }

  /// Writes a body to its file, and reads on when that is done.
  private func write(_ response: HTTPClientResponse, into sink: PayloadSink) async throws {
    let limit = options.fileLimit
    _ = try announced(response, limit: limit)
    var rest = limit
    var piece: [UInt8] = []
    for try await chunk in response.body {
      traffic.moved(chunk.readableBytes)
      guard chunk.readableBytes <= rest else { throw tooLarge(limit) }
      rest -= chunk.readableBytes
      piece.append(contentsOf: chunk.readableBytesView)
      guard piece.count >= Self.pieceCount else { continue }
      try await write(piece, into: sink)
      piece.removeAll(keepingCapacity: true)
    }
    try await write(piece, into: sink)
  }

  private func write(_ piece: [UInt8], into sink: PayloadSink) async throws {
    try await NIOThreadPool.singleton.runIfActive { try sink.write(piece) }
    traffic.moved()
  }

  /// The size that the head declares, 0 when it declares none.
  private func announced(_ response: HTTPClientResponse, limit: Int) throws -> Int {
    let announced = response.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    guard announced <= limit else { throw tooLarge(limit) }
    return announced
  }

  private func tooLarge(_ limit: Int) -> TransportFailure {
    TransportFailure(
      .tooLarge, "the answer of \(target.origin) is larger than \(limit) bytes",
      mayHaveBeenSent: true)
  }
}
