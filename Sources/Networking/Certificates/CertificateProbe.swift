import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Running

/// Finds out why a certificate was not trusted: a connection of its own looks at the server's chain
/// and ends before anything is sent.
struct CertificateProbe {
  let configuration: TLSConfiguration
  let timeout: Duration

  /// The same failure, with the reason that the server's chain shows.
  func explained(_ failure: TransportFailure, at origin: Origin) async -> TransportFailure {
    guard failure.kind == .untrusted, let chain = try? await chain(of: origin) else {
      return failure
    }
    return CertificateFlaw(chain, now: time(nil))?.failure(at: origin) ?? failure
  }

  private func chain(of origin: Origin) async throws -> [NIOSSLCertificate] {
    let context = try NIOSSLContext(configuration: configuration)
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let chain = loop.makePromise(of: [NIOSSLCertificate].self)
    let limit = TimeAmount(timeout)
    ClientBootstrap(group: loop).connectTimeout(limit)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = try NIOSSLClientHandler(
            context: context, serverHostname: origin.serverName,
            customVerificationCallback: { seen, verdict in
              chain.succeed(seen)
              verdict.succeed(.failed)
            })
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
      .connect(host: origin.host, port: origin.port)
      .whenComplete { result in
        switch result {
        case .failure(let error): chain.fail(error)
        case .success(let channel):
          loop.scheduleTask(in: limit) { channel.close(promise: nil) }
          channel.closeFuture.whenComplete { _ in chain.fail(ChannelError.eof) }
        }
      }
    return try await chain.futureResult.get()
  }
}
