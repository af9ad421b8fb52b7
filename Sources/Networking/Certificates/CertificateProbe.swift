import Glibc
import Machine
import NIOCore
import NIOPosix
import NIOSSL
import Running

/// Finds out why a certificate was not trusted: a connection of its own looks at the server's chain
/// and ends before anything is sent.
struct CertificateProbe {
  let tls: TLSSettings
  let timeout: Duration

  /// Whether the server's chain says more of the failure.
  func explains(_ failure: TransportFailure) -> Bool { failure.kind == .untrusted }

  /// The same failure, with the reason that the server's chain shows; never fails.
  func explained(
    _ failure: TransportFailure, on route: ConnectionRoute, _ loop: any EventLoop
  ) -> EventLoopFuture<TransportFailure> {
    guard explains(failure) else { return loop.makeSucceededFuture(failure) }
    return chain(on: route, loop).map { chain in
      CertificateFlaw(chain, now: time(nil))?.failure(at: route.origin) ?? failure
    }
    .recover { _ in failure }
  }

  private func chain(
    on route: ConnectionRoute, _ loop: any EventLoop
  ) -> EventLoopFuture<[NIOSSLCertificate]> {
    let (tls, limit) = (tls, TimeAmount(timeout))
    return route.connect(on: loop) { channel in
      let context = try tls.context()
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
    .flatMap { $0 }
  }
}
