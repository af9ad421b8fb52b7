import COpenSSL

/// AES-256-GCM a piece at a time (NIST SP 800-38D); its state is wiped at the end.
///
/// What is decrypted is not proved until `verify` returns: nobody may act on it before.
package final class GaloisCounterCipher {
  /// Whether the bytes are encrypted or decrypted.
  package enum Direction: Sendable {
    case encrypting
    case decrypting
  }

  /// Bytes of a nonce.
  package static let nonceCount = 12
  /// Bytes of a tag.
  package static let tagCount = 16
  /// The most bytes that may be encrypted under one nonce, just under 64 GiB (§5.2.1.1).
  package static let plaintextLimit = (1 << 36) - 32
  /// The most bytes that one call of the library takes.
  private static let longestCall = 1 << 30

  private let context: OpaquePointer
  private let direction: Direction
  private var count = 0

  /// Takes a nonce of 12 bytes, never used before to encrypt under this key, and `data` that is
  /// authenticated but not part of the result.
  ///
  /// Throws `nonceLength`, `tooLong` for more than 1 GiB of `data`, or `unavailable`.
  package init(
    _ direction: Direction, key: AESKey, nonce: [UInt8], authenticating data: [UInt8] = []
  ) throws(CipherError) {
    guard nonce.count == Self.nonceCount else { throw .nonceLength(nonce.count) }
    guard data.count <= Self.longestCall else { throw .tooLong }
    guard let context = EVP_CIPHER_CTX_new() else { throw .unavailable }
    self.context = context
    self.direction = direction
    let status = key.withBytes { key in
      switch direction {
      case .encrypting: EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce)
      case .decrypting: EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce)
      }
    }
    guard status == 1, data.isEmpty || update(nil, from: data, data.count) else {
      throw .unavailable
    }
  }

  deinit {
    EVP_CIPHER_CTX_free(context)
  }

  /// Encrypts or decrypts the next bytes in their place.
  ///
  /// Throws `tooLong` or `unavailable`.
  package func process(_ bytes: inout [UInt8]) throws(CipherError) {
    guard bytes.count <= Self.plaintextLimit - count else { throw .tooLong }
    count += bytes.count
    let isDone = bytes.withUnsafeMutableBufferPointer { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let part = UnsafeMutableBufferPointer(rebasing: rest.prefix(Self.longestCall))
        guard update(part.baseAddress, from: part.baseAddress, part.count) else { return false }
        rest = rest.dropFirst(part.count)
      }
      return true
    }
    guard isDone else { throw .unavailable }
  }

  /// Passes bytes through the cipher; without a place for the output they are only authenticated.
  private func update(
    _ output: UnsafeMutablePointer<UInt8>?, from input: UnsafePointer<UInt8>?, _ count: Int
  ) -> Bool {
    var written: Int32 = 0
    let length = Int32(count)
    let status =
      switch direction {
      case .encrypting: EVP_EncryptUpdate(context, output, &written, input, length)
      case .decrypting: EVP_DecryptUpdate(context, output, &written, input, length)
      }
    return status == 1 && written == length
  }

  /// The tag over all that was encrypted; nothing may follow.
  package func tag() throws(CipherError) -> [UInt8] {
    // A stream cipher keeps nothing back: the end writes no byte.
    var rest = [UInt8](repeating: 0, count: Self.tagCount)
    var restCount: Int32 = 0
    var tag = rest
    guard EVP_EncryptFinal_ex(context, &rest, &restCount) == 1,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
    else { throw .unavailable }
    return tag
  }

  /// Throws `notAuthentic` unless all that was decrypted belongs to `tag`; nothing may follow.
  package func verify(_ tag: [UInt8]) throws(CipherError) {
    // The library would accept a tag that is cut short.
    guard tag.count == Self.tagCount else { throw .notAuthentic }
    var tag = tag
    var rest = [UInt8](repeating: 0, count: Self.tagCount)
    var restCount: Int32 = 0
    guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
      throw .unavailable
    }
    guard EVP_DecryptFinal_ex(context, &rest, &restCount) == 1 else { throw .notAuthentic }
  }
}

extension GaloisCounterCipher {
  /// The ciphertext of `plaintext` with its tag behind it, both at once.
  ///
  /// Throws what `init` and `process` throw.
  package static func seal(
    _ plaintext: [UInt8], key: AESKey, nonce: [UInt8], authenticating data: [UInt8] = []
  ) throws(CipherError) -> [UInt8] {
    let cipher = try GaloisCounterCipher(
      .encrypting, key: key, nonce: nonce, authenticating: data)
    var bytes = plaintext
    try cipher.process(&bytes)
    return bytes + (try cipher.tag())
  }

  /// Decrypts what `seal` made; throws `notAuthentic` when it or `data` was altered.
  package static func open(
    _ sealed: [UInt8], key: AESKey, nonce: [UInt8], authenticating data: [UInt8] = []
  ) throws(CipherError) -> [UInt8] {
    guard sealed.count >= tagCount else { throw .notAuthentic }
    let cipher = try GaloisCounterCipher(
      .decrypting, key: key, nonce: nonce, authenticating: data)
    var bytes = Array(sealed.dropLast(tagCount))
    try cipher.process(&bytes)
    try cipher.verify(Array(sealed.suffix(tagCount)))
    return bytes
  }
}
