import Events

/// Which event of which run.
struct EventAddress: Sendable, Hashable {
  var run: RunID
  var sequence: Int

  /// The run's 12 characters and the sequence in 8 bytes, most significant first.
  var bytes: [UInt8] {
    Array(run.text.utf8) + Self.bigEndian(Int64(sequence))
  }

  static func bigEndian(_ number: Int64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian, Array.init)
  }
}
