import Diagnostics
import NIOCore
import NIOSSL
import Synchronization

/// How TLS connections of this program verify the service, and how they identify themselves.
///
/// The authorities of the system are some hundred certificates: they are read when the first connection needs them.
final class TLSSettings: Sendable {
  private let configuration: TLSConfiguration
  /// A file of authorities in place of the system's; nil for none.
  private let rootsFile: String?
  private let made = Mutex<NIOSSLContext?>(nil)

  /// Reads the files that `options` names, but for that in place of the system's authorities.
  ///
  /// Throws `unreadable-certificates` or `unreadable-key` when one of them holds no usable PEM.
  init(_ options: TransportOptions) throws(InvalidInput) {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.shutdownTimeout = TimeAmount(options.webSocket.closeTimeout)
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification = .fullVerification
    configuration.applicationProtocols = ["http/1.1"]
    let trust = options.trust
    rootsFile = trust.rootsFile
    if rootsFile == nil, let folder = trust.rootsFolder { configuration.trustRoots = .file(folder) }
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

  /// What all TLS connections are made with, which has read the authorities.
  ///
  /// Throws `InvalidInput` when the file in place of the system's holds none, and the error of the library when the
  /// system has none.
  func context() throws -> NIOSSLContext {
    try made.withLock { made in
      if let made { return made }
      var configuration = configuration
      if let rootsFile {
        configuration.trustRoots = .certificates(try Self.certificates(in: rootsFile))
      }
      let context = try NIOSSLContext(configuration: configuration)
      made = context
      return context
    }
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
