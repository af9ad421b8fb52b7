import COpenSSL
import Synchronization

/// A key for AES-256, whose bytes are wiped when the last reference to it is gone.
package final class AESKey: Sendable {
  /// Bytes of a key.
  package static let byteCount = 32

  private let bytes: Mutex<[UInt8]>

  /// Copies the key's bytes; nil when they are not 32.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    // Wiping an array that is shared would wipe a copy of it.
    self.bytes = Mutex(bytes.map(\.self))
  }

  deinit {
    bytes.withLock { bytes in
      bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
  }

  /// Calls `body` with the 32 bytes, which are valid only until it returns.
  func withBytes<Result: Sendable>(_ body: (UnsafePointer<UInt8>?) -> Result) -> Result {
    bytes.withLock { bytes in bytes.withUnsafeBufferPointer { body($0.baseAddress) } }
  }
}
