import Files
import NIOSSL
import Synchronization

/// The certificates of PEM files, each file read once for as long as it stays the same.
///
/// Every run has connections of its own. The roots of a system are some hundred certificates, which take
/// milliseconds to read and a MiB to keep: runs share them.
final class CertificateFiles: Sendable {
  /// Those of this process.
  static let shared = CertificateFiles()

  private struct Version: Equatable {
    let identity: FileIdentity
    let size: Int
    let modified: Duration

    init(_ status: FileStatus) {
      (identity, size, modified) = (status.identity, status.size, status.modified)
    }
  }

  private struct Entry {
    let version: Version
    let certificates: [NIOSSLCertificate]
  }

  private let entries = Mutex<[String: Entry]>([:])

  /// The certificates of the file at `path`, none when it holds no readable PEM.
  func certificates(at path: String) -> [NIOSSLCertificate] {
    guard let version = try? Version(FileStatus(of: path)) else { return [] }
    if let entry = entries.withLock({ $0[path] }), entry.version == version {
      return entry.certificates
    }
    // A pipe may keep its reader waiting, and nobody else with it.
    let certificates = (try? NIOSSLCertificate.fromPEMFile(path)) ?? []
    entries.withLock { $0[path] = Entry(version: version, certificates: certificates) }
    return certificates
  }
}
