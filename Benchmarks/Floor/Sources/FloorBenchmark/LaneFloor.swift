import NIOCore
import NIOHTTP1
import NIOPosix

/// The floor over NIOHTTP1: everything of a tenant happens on the event loop that it belongs to.
final class LaneFloor {
  let load: FloorLoad
  let lane: Lane
  private let numbers: StrideTo<Int>
  private var rest: StrideTo<Int>.Iterator
  private var running = 0
  private var tally = FloorTally()
  private let done: EventLoopPromise<FloorTally>

  /// Plays all tenants, each loop its share.
  static func run(_ load: FloorLoad, loops count: Int) async throws -> FloorTally {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
    let futures = group.makeIterator().enumerated().map { number, loop in
      let done = loop.makePromise(of: FloorTally.self)
      loop.execute {
        let floor = LaneFloor(load, share: number, of: count, on: loop, done)
        floor.start()
      }
      return done.futureResult
    }
    var tally = FloorTally()
    for future in futures { tally += try await future.get() }
    try await group.shutdownGracefully()
    return tally
  }

  private init(
    _ load: FloorLoad, share: Int, of count: Int, on loop: any EventLoop,
    _ done: EventLoopPromise<FloorTally>
  ) {
    self.load = load
    self.done = done
    lane = Lane(to: load.api, on: loop, limit: max(1, load.connections / count))
    numbers = stride(from: share, to: load.tenants, by: count)
    rest = numbers.makeIterator()
    running = max(1, load.concurrency / count)
  }

  private func start() {
    for _ in 0..<running { startNext() }
  }

  private func startNext() {
    if let number = rest.next() {
      LanePlayer(TenantCourse(username: load.username(number)), self).play()
    } else {
      running -= 1
      guard running == 0 else { return }
      lane.close()
      done.succeed(tally)
    }
  }

  func finished(_ one: FloorTally) {
    tally += one
    startNext()
  }
}

/// Moves one tenant along its course.
final class LanePlayer {
  private let floor: LaneFloor
  private var course: TenantCourse
  private var channel: (any Channel)?
  private var inbox = CircularBuffer<ByteBuffer>(initialCapacity: 1)

  init(_ course: TenantCourse, _ floor: LaneFloor) {
    self.course = course
    self.floor = floor
  }

  /// Does what can be done now; whatever is waited for calls it again.
  func play() {
    while let step = course.step {
      switch step {
      case .exchange(let exchange):
        return floor.lane.send(request(exchange))
      case .connect:
        return connect()
      case .send(let text):
        channel?.writeAndFlush(FloorSocket.message(text.text(course.values)), promise: nil)
        course.proceed()
      case .receive(let expected):
        guard let message = inbox.popFirst() else { return }
        course.received(message, waitingFor: expected)
      case .close:
        return close()
      }
    }
    floor.finished(course.tally)
  }

  private func request(_ exchange: ScriptExchange) -> LaneExchange {
    let api = floor.load.api
    var head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: exchange.method),
      uri: api.path + exchange.path.text(course.values))
    head.headers.add(name: "Host", value: api.authority)
    for (name, value) in exchange.headers(course.values) {
      head.headers.add(name: name, value: value)
    }
    let body = exchange.body.text.map { ByteBuffer(string: $0.text(course.values)) }
    if let body { head.headers.add(name: "Content-Length", value: "\(body.readableBytes)") }
    return LaneExchange(head: head, body: body) { status, answer in
      self.course.answered(status, answer, to: exchange)
      self.play()
    }
  }

  private func connect() {
    let loop = floor.lane.loop
    let player = NIOLoopBound(self, eventLoop: loop)
    let opening = FloorSocket.open(floor.load.webSocket, on: loop) { message in
      player.value.inbox.append(message)
      if case .receive? = player.value.course.step { player.value.play() }
    }
    opening.assumeIsolated().whenComplete { result in
      switch result {
      case .failure(let error): stop("a WebSocket was not opened: \(error)")
      case .success(let channel):
        self.channel = channel
        self.course.proceed()
        self.play()
      }
    }
  }

  private func close() {
    channel?.writeAndFlush(FloorSocket.closing, promise: nil)
    channel?.closeFuture.assumeIsolated().whenComplete { _ in
      self.course.proceed()
      self.play()
    }
  }
}
