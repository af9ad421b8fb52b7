import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix

/// The floor over async-http-client: a task for each tenant in progress.
struct AsyncClientFloor: Sendable {
  private let load: FloorLoad
  private let client: HTTPClient

  static func run(_ load: FloorLoad) async throws -> FloorTally {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.decompression = .enabled(limit: .size(1 << 20))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = load.connections
    let client = HTTPClient(
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    let floor = AsyncClientFloor(load: load, client: client)
    let tally = try await floor.playAll()
    try await client.shutdown()
    return tally
  }

  private func playAll() async throws -> FloorTally {
    try await withThrowingTaskGroup(of: FloorTally.self) { group in
      var (started, tally) = (0, FloorTally())
      while started < min(load.concurrency, load.tenants) {
        let username = load.username(started)
        group.addTask { try await play(username) }
        started += 1
      }
      while let one = try await group.next() {
        tally += one
        guard started < load.tenants else { continue }
        let username = load.username(started)
        group.addTask { try await play(username) }
        started += 1
      }
      return tally
    }
  }

  private func play(_ username: String) async throws -> FloorTally {
    var course = TenantCourse(username: username)
    let (messages, inbox) = AsyncStream.makeStream(of: ByteBuffer.self)
    var arrivals = messages.makeAsyncIterator()
    var channel: (any Channel)?
    while let step = course.step {
      switch step {
      case .exchange(let exchange):
        let (status, body) = try await answer(to: exchange, course.values)
        course.answered(status, body, to: exchange)
      case .connect:
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        channel = try await FloorSocket.open(load.webSocket, on: loop) { inbox.yield($0) }.get()
        course.proceed()
      case .send(let text):
        try await channel?.writeAndFlush(FloorSocket.message(text.text(course.values)))
        course.proceed()
      case .receive(let expected):
        guard let message = await arrivals.next() else { stop("no message came") }
        course.received(message, waitingFor: expected)
      case .close:
        try await channel?.writeAndFlush(FloorSocket.closing)
        try await channel?.closeFuture.get()
        course.proceed()
      }
    }
    return course.tally
  }

  private func answer(
    to exchange: ScriptExchange, _ values: TenantValues
  ) async throws -> (Int, ByteBuffer) {
    let api = load.api
    let path = exchange.path.text(values)
    var request = HTTPClientRequest(url: "http://\(api.authority)\(api.path)\(path)")
    request.method = HTTPMethod(rawValue: exchange.method)
    for (name, value) in exchange.headers(values) { request.headers.add(name: name, value: value) }
    if let text = exchange.body.text {
      request.body = .bytes(ByteBuffer(string: text.text(values)))
    }
    let response = try await client.execute(request, deadline: .now() + .seconds(30))
    return (Int(response.status.code), try await response.body.collect(upTo: 1 << 20))
  }
}
