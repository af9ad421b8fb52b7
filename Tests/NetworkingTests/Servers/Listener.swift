import NIOCore
import NIOPosix
import NIOSSL

/// A certificate that a server shows.
enum ServerIdentity: Sendable, Hashable {
  /// Good for `localhost` and 127.0.0.1.
  case loopback
  /// Good for another host only.
  case elsewhere
  case expired
  case future
  case nameless
  case selfSigned
  /// Good for `localhost`, and requires the certificate of the tests' client.
  case mutual

  func makeHandler() throws -> NIOSSLServerHandler {
    let (certificate, key) =
      switch self {
      case .loopback, .mutual: (Certificates.loopback, Certificates.loopbackKey)
      case .elsewhere: (Certificates.elsewhere, Certificates.elsewhereKey)
      case .expired: (FlawedCertificates.expired, FlawedCertificates.key)
      case .future: (FlawedCertificates.future, FlawedCertificates.key)
      case .nameless: (FlawedCertificates.nameless, FlawedCertificates.key)
      case .selfSigned: (FlawedCertificates.selfSigned, FlawedCertificates.key)
      }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        .map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
    if self == .mutual {
      configuration.certificateVerification = .noHostnameVerification
      configuration.trustRoots = .certificates(
        try NIOSSLCertificate.fromPEMBytes(Array(Certificates.client.utf8)))
    }
    return NIOSSLServerHandler(context: try NIOSSLContext(configuration: configuration))
  }
}

/// A server socket on a free port of 127.0.0.1 that lasts as long as a closure.
enum Listener {
  static func listen<Result>(
    identity: ServerIdentity? = nil,
    configure: @escaping @Sendable (any Channel) throws -> Void,
    body: (Int) async throws -> Result
  ) async throws -> Result {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let identity {
            try channel.pipeline.syncOperations.addHandler(identity.makeHandler())
          }
          try configure(channel)
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(server.localAddress?.port ?? 0)
      try await server.close()
      return result
    } catch {
      try await server.close()
      throw error
    }
  }
}
