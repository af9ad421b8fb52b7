import Files

/// Splits a file into lines, which end with LF or CR LF.
struct LineReader {
  private let source: TenantsBytes
  private let limit: Int
  private var buffer: [UInt8] = []
  /// Where in the buffer the next line begins.
  private var start = 0
  private var isAtEnd = false
  /// The number of the line that was read last, from 1.
  private(set) var number = 0
  /// Whether a line has more bytes than the limit; it is the last one that is read.
  private(set) var isTooLong = false

  /// A reader of lines of at most `limit` bytes.
  init(_ source: TenantsBytes, limit: Int) {
    self.source = source
    self.limit = limit
  }

  /// The next line without what ends it; nil at the end, and behind a line that is too long.
  mutating func next() throws(FileError) -> [UInt8]? {
    guard !isTooLong else { return nil }
    var searched = 0
    while true {
      if let end = buffer[(start + searched)...].firstIndex(of: 0x0A) {
        defer { start = end + 1 }
        return line(to: end)
      }
      searched = buffer.count - start
      if isAtEnd {
        guard searched > 0 else { return nil }
        defer { start = buffer.count }
        return line(to: buffer.count)
      }
      guard searched <= limit else { return line(to: buffer.count) }
      if start > 0 { buffer.removeFirst(start) }
      start = 0
      let piece = try source.next()
      isAtEnd = piece.isEmpty
      buffer += piece
    }
  }

  private mutating func line(to end: Int) -> [UInt8] {
    number += 1
    isTooLong = end - start > limit
    let line = buffer[start..<end]
    return Array(line.last == 0x0D ? line.dropLast() : line)
  }
}
