import Events

/// Which event of which run.
struct EventAddress: Sendable, Hashable {
  var run: RunID
  var sequence: Int

  /// The run's 12 characters and the sequence in 8 bytes, most significant first.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    append(to: &bytes)
    return bytes
  }

  static let byteCount = 20

  /// Appends `bytes`.
  func append(to bytes: inout [UInt8]) {
    bytes += run.text.utf8
    withUnsafeBytes(of: Int64(sequence).bigEndian) { bytes += $0 }
  }

  static func bigEndian(_ number: Int64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian, Array.init)
  }
}
