import AsyncHTTPClient
import NIOCore
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import Running
import Synchronization

/// The pools of kept connections: one for direct connections, and one for each proxy.
struct HTTPClients: Sendable {
  private let direct: Pool
  private let proxied: [ProxyServer: Pool]
  private let options: TransportOptions

  /// One pool, and whether a connection of it was ever open.
  final class Pool: Sendable {
    let client: HTTPClient
    private let isOpened: OpenedFlag

    /// Whether any connection was open up to the origin; never false when something was sent.
    var wasEverOpen: Bool { isOpened.value.load(ordering: .sequentiallyConsistent) }

    init(_ configuration: HTTPClient.Configuration) {
      let flag = OpenedFlag()
      var configuration = configuration
      configuration.http1_1ConnectionDebugInitializer = { channel in
        flag.value.store(true, ordering: .sequentiallyConsistent)
        return CertificateNames.check(channel)
      }
      isOpened = flag
      client = HTTPClient(
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }
  }

  private final class OpenedFlag: Sendable {
    let value = Atomic(false)
  }

  init(_ options: TransportOptions, _ tls: TLSConfiguration) {
    self.options = options
    let configuration = Self.configuration(options, tls)
    direct = Pool(configuration)
    let servers = options.proxies.servers.map { server in
      var tunnelled = configuration
      tunnelled.proxy = .server(
        host: server.host, port: server.port, authorization: server.authorization)
      return (server, Pool(tunnelled))
    }
    proxied = Dictionary(uniqueKeysWithValues: servers)
  }

  /// The pool for connections through `proxy`, one of the options' proxies; nil for direct ones.
  subscript(proxy: ProxyServer?) -> Pool {
    // Every proxy of the options has its pool, so that only direct connections come to the last part.
    proxy.flatMap { proxied[$0] } ?? direct
  }

  /// Closes the connections, and waits a bounded time only for those that are not open yet.
  func shutDown() async {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let done = loop.makePromise(of: Void.self)
    loop.scheduleTask(in: TimeAmount(options.shutdownTimeout)) { done.succeed() }
    // A client that does not close in order has nothing to report any more.
    let pools = [direct] + proxied.values
    EventLoopFuture.andAllComplete(pools.map(\.beginShutdown), on: loop)
      .whenComplete { _ in done.succeed() }
    try? await done.futureResult.get()
  }

  private static func configuration(
    _ options: TransportOptions, _ tls: TLSConfiguration
  ) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = TimeAmount(options.connectTimeout)
    // What is decoded is counted once more against the limit of each server, piece by piece.
    configuration.decompression = .enabled(limit: .size(options.fileLimit))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
      options.connectionsPerHost
    return configuration
  }
}

extension HTTPClients.Pool {
  /// A property, because there is an asynchronous form of the same name.
  fileprivate var beginShutdown: EventLoopFuture<Void> { client.shutdown() }
}
