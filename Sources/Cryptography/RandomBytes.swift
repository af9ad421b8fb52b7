import COpenSSL

/// A source of random bytes.
package struct RandomBytes: Sendable {
  /// A function that generates as many bytes as it is asked for.
  package typealias Draw = @Sendable (Int) throws(CryptographyFailure) -> [UInt8]

  /// Generates that many bytes.
  package let draw: Draw

  /// Uses another source than the system's.
  package init(draw: @escaping Draw) {
    self.draw = draw
  }

  /// The generator of libcrypto, seeded by the operating system; fit for keys and nonces.
  package static let system = RandomBytes { count throws(CryptographyFailure) in
    guard let length = Int32(exactly: count) else { throw .randomBytes }
    var bytes = [UInt8](repeating: 0, count: count)
    guard RAND_bytes(&bytes, length) == 1 else { throw .randomBytes }
    return bytes
  }
}
