import COpenSSL
import Synchronization

/// A key for HMAC with SHA-256 that authenticates many messages.
///
/// What depends on the key alone is computed once, and the algorithm is looked up once. libcrypto wipes what it
/// keeps of the key when the last reference is gone.
package final class HMACSHA256Key: Sendable {
  private let context: Mutex<Context>

  /// Takes a key of any length.
  package init(_ key: [UInt8]) throws(CryptographyFailure) {
    context = Mutex(try Context(key))
  }

  /// The 32 bytes that authenticate `message`.
  package func code(for message: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
    guard let code = context.withLock({ $0.code(for: message) }) else { throw .hmac }
    return code
  }

  /// Keyed: initialized again without a key, it is as after it was given its key.
  private struct Context: ~Copyable {
    private let pointer: OpaquePointer

    init(_ key: [UInt8]) throws(CryptographyFailure) {
      guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { throw .hmac }
      defer { EVP_MAC_free(algorithm) }
      guard let pointer = EVP_MAC_CTX_new(algorithm) else { throw .hmac }
      var digest = Array("SHA256".utf8CString)
      let isKeyed = digest.withUnsafeMutableBufferPointer { digest in
        let parameters = [
          OSSL_PARAM_construct_utf8_string("digest", digest.baseAddress, 0),
          OSSL_PARAM_construct_end(),
        ]
        return EVP_MAC_init(pointer, key, key.count, parameters) == 1
      }
      guard isKeyed else {
        EVP_MAC_CTX_free(pointer)
        throw .hmac
      }
      self.pointer = pointer
    }

    deinit {
      EVP_MAC_CTX_free(pointer)
    }

    /// Nil when libcrypto fails.
    func code(for message: [UInt8]) -> [UInt8]? {
      var code = [UInt8](repeating: 0, count: HMACSHA256.byteCount)
      var count = 0
      let isComputed =
        EVP_MAC_init(pointer, nil, 0, nil) == 1
        && EVP_MAC_update(pointer, message, message.count) == 1
        && EVP_MAC_final(pointer, &code, &count, code.count) == 1
      return isComputed && count == code.count ? code : nil
    }
  }
}
