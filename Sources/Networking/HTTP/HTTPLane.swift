import DequeModule
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL

/// The kept connections to one origin, directly or through a tunnel, and the calls that wait for one.
///
/// Everything here happens on the event loop of the pool.
final class HTTPLane {
  /// What all lanes of a pool have in common.
  struct Settings {
    let loop: any EventLoop
    let connectTimeout: Duration
    let connectionLimit: Int
    let decodedLimit: Int
    /// Throws when the files of the system's authorities cannot be read.
    let tls: () throws -> NIOSSLContext
  }

  /// How long a connection is kept without a request.
  private static let idleTimeout = TimeAmount.seconds(60)

  private let route: ConnectionRoute
  private let settings: Settings
  private var waiting = Deque<HTTPCall>()
  /// The one that was used last is last.
  private var idle: [HTTPConnection] = []
  /// The channels of all connections, those that are being made included.
  private var channels: [ObjectIdentifier: any Channel] = [:]
  /// How many connections are kept or being made.
  private var count = 0
  private var opening = 0
  private var sweep: Scheduled<Void>?
  private var isClosed = false

  init(to route: ConnectionRoute, _ settings: Settings) {
    self.route = route
    self.settings = settings
  }

  /// Sends the request as soon as a connection is free.
  func send(_ call: HTTPCall) {
    guard !isClosed else { return call.fail(CancellationError()) }
    guard call.mayLeave() else { return }
    while let connection = idle.popLast() {
      if connection.isFree { return connection.perform(call) }
    }
    waiting.append(call)
    openConnections()
  }

  /// Opens a first connection, for whoever sends first.
  func prepare() {
    if count == 0 { openOne() }
  }

  /// Closes all connections; calls in progress fail.
  ///
  /// The future succeeds when nothing is open any more.
  func close() -> EventLoopFuture<Void> {
    isClosed = true
    sweep?.cancel()
    let calls = waiting
    waiting = []
    for call in calls { call.fail(CancellationError()) }
    let closing = channels.values.map { channel in
      channel.close(promise: nil)
      return channel.closeFuture
    }
    return .andAllComplete(closing, on: settings.loop)
  }

  private func nextCall() -> HTTPCall? {
    while let call = waiting.popFirst() { if call.mayLeave() { return call } }
    return nil
  }
}

// MARK: - Connections

extension HTTPLane {
  private func openConnections() {
    while !isClosed, opening < waiting.count, count < settings.connectionLimit { openOne() }
  }

  private func openOne() {
    opening += 1
    count += 1
    open()
  }

  private func open() {
    let loop = settings.loop
    let own = NIOLoopBound(self, eventLoop: loop)
    let limit = loop.now + TimeAmount(settings.connectTimeout)
    let made = route.connect(on: loop) { channel in
      own.value.note(channel)
    } configure: { channel in
      NIOLoopBound(try own.value.configure(channel), eventLoop: loop)
    }
    made.flatMap { connection in
      let ready = connection.value.ready
      let expiry = loop.scheduleTask(deadline: limit) {
        ready.fail(TLSHandshakeTimeout())
        connection.value.close()
      }
      ready.futureResult.whenComplete { _ in expiry.cancel() }
      return ready.futureResult.map { connection }
    }
    .assumeIsolated().whenComplete { result in
      self.opening -= 1
      switch result {
      case .success(let connection): self.use(connection.value)
      case .failure(let error): self.failed(error)
      }
    }
  }

  /// Keeps the channel until it is closed, so that a pool that closes ends connections that are being made.
  private func note(_ channel: any Channel) {
    channels[ObjectIdentifier(channel)] = channel
    if isClosed { channel.close(promise: nil) }
    channel.closeFuture.assumeIsolated().whenComplete { [weak self] _ in
      self?.channels[ObjectIdentifier(channel)] = nil
    }
  }

  private func configure(_ channel: any Channel) throws -> HTTPConnection {
    let usesTLS = route.origin.scheme.usesTLS
    let tls =
      usesTLS
      ? try NIOSSLClientHandler(
        context: settings.tls(), serverHostname: route.origin.serverName) : nil
    let connection = HTTPConnection(on: settings.loop, usesTLS: usesTLS) {
      [weak self] connection, occurrence in
      switch occurrence {
      case .free: self?.use(connection)
      case .closed: self?.closed(connection)
      }
    }
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(tls) }
    try pipeline.addHandlers([
      HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()),
      // What is decoded is counted once more against the limit of each server, piece by piece.
      NIOHTTPResponseDecompressor(limit: .size(settings.decodedLimit)), connection,
    ])
    return connection
  }

  /// Gives the connection to the call that has waited longest, or keeps it.
  private func use(_ connection: HTTPConnection) {
    guard !isClosed, connection.isFree else { return connection.close() }
    if let call = nextCall() { return connection.perform(call) }
    connection.idleSince = settings.loop.now
    idle.append(connection)
    if sweep == nil { sweepSoon(after: connection.idleSince) }
  }

  private func closed(_ connection: HTTPConnection) {
    count -= 1
    idle.removeAll { $0 === connection }
    openConnections()
  }

  /// No connection could be made: fails a call for it, and those that waited as long as a connection may
  /// take.
  private func failed(_ error: any Error) {
    count -= 1
    nextCall()?.fail(error)
    let limit = TimeAmount(settings.connectTimeout)
    while let call = waiting.first, call.isOver || settings.loop.now - call.begin >= limit {
      waiting.removeFirst()
      call.fail(error)
    }
    openConnections()
  }

  /// Closes connections that nobody used for a while.
  private func sweepSoon(after moment: NIODeadline) {
    sweep = settings.loop.assumeIsolated().scheduleTask(deadline: moment + Self.idleTimeout) {
      [weak self] in
      guard let self else { return }
      sweep = nil
      let now = settings.loop.now
      let unused = idle.prefix { $0.idleSince + Self.idleTimeout <= now }
      idle.removeFirst(unused.count)
      for connection in unused { connection.close() }
      if let oldest = idle.first { sweepSoon(after: oldest.idleSince) }
    }
  }
}

/// TLS was not established in time.
struct TLSHandshakeTimeout: Error {}
