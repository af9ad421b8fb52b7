import Cryptography

/// Names a data key without revealing anything of it, so that a wrong one is noticed before it is used.
///
/// It is an authentication code of a fixed text under the key, cut to 8 bytes: two keys have the same id
/// by accident once in 2^64, and a key of 32 random bytes cannot be found from it.
package struct DataKeyID: Sendable, Hashable {
  /// Bytes that are kept of the code.
  private static let count = 8

  /// 16 lower-case hexadecimal characters.
  package let text: String

  /// The id of a data key, which has 32 bytes.
  package init(of key: [UInt8]) throws(KeyError) {
    do throws(CryptographyFailure) {
      let code = try HMACSHA256.code(for: Array("privirun data key".utf8), key: key)
      text = Hexadecimal.encode(Array(code.prefix(Self.count)))
    } catch {
      throw .unavailable(error)
    }
  }
}
