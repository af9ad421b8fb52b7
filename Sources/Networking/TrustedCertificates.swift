import Diagnostics
import NIOCore
import NIOSSL

/// What TLS connections of this program accept: the system's roots, and a private CA when named.
struct TrustedCertificates {
  let configuration: TLSConfiguration

  /// Throws `unreadable-certificates` when `file` is no PEM file of certificates.
  init(file: String?, closeTimeout: Duration) throws(InvalidInput) {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.shutdownTimeout = TimeAmount(closeTimeout)
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification = .fullVerification
    configuration.applicationProtocols = ["http/1.1"]
    if let file {
      configuration.additionalTrustRoots = [.certificates(try Self.read(file))]
    }
    self.configuration = configuration
  }

  private static func read(_ file: String) throws(InvalidInput) -> [NIOSSLCertificate] {
    guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
      throw InvalidInput([
        Diagnostic(
          "unreadable-certificates", "the file `\(file)` holds no readable PEM certificates",
          at: nil)
      ])
    }
    return certificates
  }
}
