import COpenSSL

/// AES-256-GCM a piece at a time, by OpenSSL (NIST SP 800-38D); its state is wiped at the end.
final class GaloisCounterCipher {
  enum Direction {
    case encrypting
    case decrypting
  }

  /// The most bytes that one call of the library takes.
  private static let longestCall = 1 << 30

  private let context: OpaquePointer
  private let direction: Direction
  private var count = 0

  init(_ direction: Direction, key: [UInt8], iv: [UInt8]) throws(EnvelopeError) {
    guard key.count == Envelope.keyCount else { throw .keyLength(key.count) }
    guard iv.count == Envelope.ivCount else { throw .ivLength(iv.count) }
    guard let context = EVP_CIPHER_CTX_new() else { throw .unavailable }
    self.context = context
    self.direction = direction
    let status =
      switch direction {
      case .encrypting: EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, iv)
      case .decrypting: EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, iv)
      }
    guard status == 1 else { throw .unavailable }
  }

  deinit {
    EVP_CIPHER_CTX_free(context)
  }

  /// Encrypts or decrypts the next bytes in their place.
  func process(_ bytes: inout [UInt8]) throws(EnvelopeError) {
    guard bytes.count <= Envelope.plaintextLimit - count else { throw .tooLong }
    count += bytes.count
    let isDone = bytes.withUnsafeMutableBufferPointer { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let part = UnsafeMutableBufferPointer(rebasing: rest.prefix(Self.longestCall))
        guard update(part) else { return false }
        rest = rest.dropFirst(part.count)
      }
      return true
    }
    guard isDone else { throw .unavailable }
  }

  private func update(_ part: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    var written: Int32 = 0
    let length = Int32(part.count)
    let status =
      switch direction {
      case .encrypting:
        EVP_EncryptUpdate(context, part.baseAddress, &written, part.baseAddress, length)
      case .decrypting:
        EVP_DecryptUpdate(context, part.baseAddress, &written, part.baseAddress, length)
      }
    return status == 1 && written == length
  }

  /// The tag over all that was encrypted.
  func tag() throws(EnvelopeError) -> [UInt8] {
    // A stream cipher keeps nothing back: the end writes no byte.
    var rest = [UInt8](repeating: 0, count: Envelope.tagCount)
    var restCount: Int32 = 0
    var tag = rest
    guard EVP_EncryptFinal_ex(context, &rest, &restCount) == 1,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
    else { throw .unavailable }
    return tag
  }

  /// Throws unless all that was decrypted belongs to `tag`.
  func verify(_ tag: [UInt8]) throws(EnvelopeError) {
    var tag = tag
    var rest = [UInt8](repeating: 0, count: Envelope.tagCount)
    var restCount: Int32 = 0
    guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
      throw .unavailable
    }
    guard EVP_DecryptFinal_ex(context, &rest, &restCount) == 1 else { throw .notAuthentic }
  }
}
