import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Operations
import Running

/// One HTTP exchange under one time limit.
struct Exchange: Sendable {
  let client: HTTPClient
  let options: TransportOptions
  let target: RequestTarget

  /// The whole answer; throws for whatever came instead.
  func perform(_ request: APIRequest) async throws(TransportFailure) -> APIResponse {
    do {
      return try await withThrowingTaskGroup(of: APIResponse?.self) { group in
        defer { group.cancelAll() }
        group.addTask { try await answer(to: request) }
        group.addTask {
          try await ContinuousClock().sleep(for: options.exchangeTimeout)
          return nil
        }
        guard let first = try await group.next(), let response = first else {
          throw timedOut
        }
        return response
      }
    } catch {
      throw TransportFailure(error, at: target.origin)
    }
  }

  private var timedOut: TransportFailure {
    TransportFailure(
      .timedOut, "\(target.origin) did not answer within \(options.exchangeTimeout)",
      mayHaveBeenSent: true)
  }

  private func answer(to request: APIRequest) async throws -> APIResponse {
    var message = HTTPClientRequest(url: target.url)
    message.method = HTTPMethod(rawValue: request.method)
    for header in request.headers { message.headers.add(name: header.name, value: header.value) }
    if !request.body.isEmpty { message.body = .bytes(request.body) }
    let response = try await client.execute(message, deadline: .distantFuture)
    return APIResponse(
      status: Int(response.status.code),
      headers: response.headers.map { HTTPField($0.name, $0.value) },
      body: try await body(of: response))
  }

  private func body(of response: HTTPClientResponse) async throws -> [UInt8] {
    let limit = target.isDownload ? options.downloadLimit : options.answerLimit
    let tooLarge = TransportFailure(
      .tooLarge, "the answer of \(target.origin) is larger than \(limit) bytes",
      mayHaveBeenSent: true)
    let announced = response.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    guard announced <= limit else { throw tooLarge }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(announced)
    for try await chunk in response.body {
      guard chunk.readableBytes <= limit - bytes.count else { throw tooLarge }
      bytes.append(contentsOf: chunk.readableBytesView)
    }
    return bytes
  }
}
