import COpenSSL

/// Comparison whose time does not depend on the bytes.
package enum ConstantTime {
  /// Whether both are the same bytes; only their lengths can be learned from the time it takes.
  package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
  }
}
