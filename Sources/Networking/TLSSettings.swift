import Diagnostics
import NIOCore
import NIOSSL

/// How TLS connections of this program verify the service, and how they identify themselves.
struct TLSSettings {
  let configuration: TLSConfiguration

  /// Reads the files that `options` names.
  ///
  /// Throws `unreadable-certificates` or `unreadable-key` when one of them holds no usable PEM.
  init(_ options: TransportOptions) throws(InvalidInput) {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.shutdownTimeout = TimeAmount(options.webSocket.closeTimeout)
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification = .fullVerification
    configuration.applicationProtocols = ["http/1.1"]
    let trust = options.trust
    if let file = trust.rootsFile {
      configuration.trustRoots = .certificates(try Self.certificates(in: file))
    } else if let folder = trust.rootsFolder {
      configuration.trustRoots = .file(folder)
    }
    if let file = trust.additionalFile {
      configuration.additionalTrustRoots = [.certificates(try Self.certificates(in: file))]
    }
    if let identity = options.clientIdentity {
      configuration.certificateChain = try Self.certificates(in: identity.certificateFile)
        .map { .certificate($0) }
      configuration.privateKey = .privateKey(try Self.key(in: identity.keyFile))
    }
    self.configuration = configuration
  }

  private static func certificates(
    in file: String
  ) throws(InvalidInput) -> [NIOSSLCertificate] {
    let certificates = CertificateFiles.shared.certificates(at: file)
    guard !certificates.isEmpty else {
      throw InvalidInput([
        Diagnostic(
          .unreadableCertificates, "the file `\(file)` holds no readable PEM certificates",
          at: nil)
      ])
    }
    return certificates
  }

  private static func key(in file: String) throws(InvalidInput) -> NIOSSLPrivateKey {
    guard let key = try? NIOSSLPrivateKey(file: file, format: .pem) else {
      throw InvalidInput([
        Diagnostic(
          .unreadableKey, "the file `\(file)` holds no readable PEM private key", at: nil,
          hint: "an encrypted key cannot be used: write it without a passphrase, readable by its "
            + "owner only")
      ])
    }
    return key
  }
}
