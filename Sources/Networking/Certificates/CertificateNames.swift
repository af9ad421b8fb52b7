import NIOCore
import NIOSSL

/// The certificate has no subjectAltName; a common name is not compared (RFC 9525 §2).
struct NamelessCertificate: Error {}

/// Refuses certificates that name no host, which the library below would compare by common name.
enum CertificateNames {
  /// Closes `channel` and fails when its server's certificate has no subjectAltName; without TLS
  /// there is nothing to check.
  static func check(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.nioSSL_peerCertificate().flatMapErrorThrowing { _ in nil }
      .flatMapThrowing { certificate in
        guard let certificate, certificate._subjectAlternativeNames().isEmpty else { return }
        channel.close(promise: nil)
        throw NamelessCertificate()
      }
  }
}
