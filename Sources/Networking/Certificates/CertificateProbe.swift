import Glibc
import Machine
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
  func explained(_ failure: TransportFailure, on route: ConnectionRoute) async -> TransportFailure {
    guard failure.kind == .untrusted, let chain = try? await chain(on: route) else {
      return failure
    }
    return CertificateFlaw(chain, now: time(nil))?.failure(at: route.origin) ?? failure
  }

  private func chain(on route: ConnectionRoute) async throws -> [NIOSSLCertificate] {
    let context = try NIOSSLContext(configuration: configuration)
    let limit = TimeAmount(timeout)
    let chain = try await route.connect { channel in
      let chain = channel.eventLoop.makePromise(of: [NIOSSLCertificate].self)
      // Whatever happens to the channel ends the wait, also when the handler cannot be made.
      channel.closeFuture.whenComplete { _ in chain.fail(ChannelError.eof) }
      let handler = try NIOSSLClientHandler(
        context: context, serverHostname: route.origin.serverName,
        customVerificationCallback: { seen, verdict in
          chain.succeed(seen)
          verdict.succeed(.failed)
        })
      try channel.pipeline.syncOperations.addHandler(handler)
      channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
      return chain.futureResult
    }
    return try await chain.get()
  }
}
