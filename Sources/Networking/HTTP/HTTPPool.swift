import DequeModule
import Machine
import NIOCore
import NIOPosix
import NIOSSL
import Running

/// The kept connections to all servers, on one event loop: a lane for each origin and proxy.
struct HTTPPool: Sendable {
  /// The event loop of all connections.
  let loop: any EventLoop
  private let shutdownTimeout: Duration
  private let state: NIOLoopBoundBox<PoolState>

  /// A pool without connections; a request fails that has no response after `timeout`.
  init(
    _ options: TransportOptions, _ tls: TLSSettings, timeout: Duration, on loop: any EventLoop
  ) {
    self.loop = loop
    shutdownTimeout = options.shutdownTimeout
    state = NIOLoopBoundBox.makeBoxSendingValue(
      PoolState(options, tls, timeout, loop), eventLoop: loop)
  }

  /// Sends the request, in its turn; the reply of `order` is called once.
  func send(_ order: HTTPOrder, cancelledBy ticket: HTTPTicket? = nil) {
    if loop.inEventLoop {
      state.value.send(order, cancelledBy: ticket)
    } else {
      loop.execute { state.value.send(order, cancelledBy: ticket) }
    }
  }

  /// Opens a connection that the first request takes; one that cannot be opened is left to the request.
  func prepare(_ route: ConnectionRoute) { loop.execute { state.value.prepare(route) } }

  /// Closes the connections, and waits a bounded time for those that do not close; nothing is sent any more.
  func shutDown() async {
    let closed = loop.makePromise(of: Void.self)
    loop.execute {
      loop.scheduleTask(in: TimeAmount(shutdownTimeout)) { closed.succeed() }
      state.value.close().cascade(to: closed)
    }
    try? await closed.futureResult.get()
  }
}

/// The lanes of a pool, and when its calls must have ended.
private final class PoolState {
  private struct LaneKey: Hashable {
    let origin: Origin
    let proxy: ProxyServer?
  }

  private let settings: HTTPLane.Settings
  private let probe: CertificateProbe
  private var lanes: [LaneKey: HTTPLane] = [:]
  private let deadlines: CallDeadlines
  private var isClosed = false

  init(
    _ options: TransportOptions, _ tls: TLSSettings, _ timeout: Duration, _ loop: any EventLoop
  ) {
    settings = HTTPLane.Settings(
      loop: loop, connectTimeout: options.connectTimeout,
      connectionLimit: options.connectionsPerHost, decodedLimit: options.fileLimit,
      tls: { try tls.context() })
    probe = CertificateProbe(tls: tls, timeout: options.connectTimeout)
    deadlines = CallDeadlines(after: timeout, on: loop)
  }

  func send(_ order: HTTPOrder, cancelledBy ticket: HTTPTicket?) {
    let loop = settings.loop
    let call = HTTPCall(order, at: loop.now) { [probe] failure, route in
      probe.explains(failure) ? probe.explained(failure, on: route, loop) : nil
    }
    if let ticket {
      let own = NIOLoopBound(call, eventLoop: loop)
      ticket.arm { loop.execute { own.value.cancel() } }
    }
    guard !isClosed else { return call.fail(CancellationError()) }
    if case .whole = order.rules.patience { deadlines.add(call) }
    lane(to: order.route).send(call)
  }

  func prepare(_ route: ConnectionRoute) {
    if !isClosed { lane(to: route).prepare() }
  }

  private func lane(to route: ConnectionRoute) -> HTTPLane {
    let key = LaneKey(origin: route.origin, proxy: route.proxy)
    if let lane = lanes[key] { return lane }
    let lane = HTTPLane(to: route, settings)
    lanes[key] = lane
    return lane
  }

  func close() -> EventLoopFuture<Void> {
    isClosed = true
    deadlines.cancel()
    return .andAllComplete(lanes.values.map { $0.close() }, on: settings.loop)
  }
}

/// One timer for all calls of a pool: since all have the same time, they run out in the order they came.
private final class CallDeadlines {
  private static let lateness = TimeAmount.milliseconds(250)
  private static let leniency = TimeAmount.milliseconds(20)

  private let timeout: Duration
  private let loop: any EventLoop
  private var calls = Deque<HTTPCall>()
  /// How many calls are kept before those that are over leave.
  private var capacity = 1024
  private var timer: Scheduled<Void>?
  /// Whether time was given to responses that wait in the sockets.
  private var isLenient = false

  init(after timeout: Duration, on loop: any EventLoop) {
    self.timeout = timeout
    self.loop = loop
  }

  func add(_ call: HTTPCall) {
    while let first = calls.first, first.isOver { calls.removeFirst() }
    if calls.count >= capacity {
      calls.removeAll(where: \.isOver)
      capacity = max(1024, 2 * calls.count)
    }
    calls.append(call)
    if timer == nil { schedule(call) }
  }

  func cancel() {
    timer?.cancel()
    calls = []
  }

  private func schedule(_ call: HTTPCall) {
    timer = loop.assumeIsolated().scheduleTask(deadline: call.begin + TimeAmount(timeout)) {
      [weak self] in self?.expire()
    }
  }

  private func expire() {
    timer = nil
    let now = loop.now
    if let first = calls.first, !isLenient, now - first.begin > TimeAmount(timeout) + Self.lateness
    {
      // The loop itself was late: responses that came in time are read first.
      isLenient = true
      timer = loop.assumeIsolated().scheduleTask(in: Self.leniency) { [weak self] in self?.expire()
      }
      return
    }
    isLenient = false
    while let first = calls.first, first.isOver || first.begin + TimeAmount(timeout) <= now {
      calls.removeFirst()
      first.timedOut(after: timeout)
    }
    if let first = calls.first { schedule(first) }
  }
}
