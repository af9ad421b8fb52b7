import Machine

/// Compares bytes that come a piece at a time with a file that is read along with them.
struct ContentComparison: Sendable {
  private var file: (any ReadableFile)?

  /// Compares with `file`; nothing is the same as no file.
  init(with file: (any ReadableFile)?) {
    self.file = file
  }

  /// Whether something differed already.
  var hasDifference: Bool { file == nil }

  /// Compares the next bytes; what differs once is not read any further.
  mutating func add(_ bytes: [UInt8]) throws(LocalFailure) {
    var rest = bytes[...]
    while let file, !rest.isEmpty {
      let piece = try file.read(min(rest.count, PayloadSource.pieceCount))
      if piece.isEmpty || !rest.starts(with: piece) { self.file = nil }
      rest = rest.dropFirst(piece.count)
    }
  }

  /// Whether the file ends here, too, and held the same bytes.
  func isSame() throws(LocalFailure) -> Bool {
    guard let file else { return false }
    return try file.read(1).isEmpty
  }
}
