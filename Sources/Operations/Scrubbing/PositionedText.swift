/// Bytes that were decoded from a text, each with the stretch of the text that it stands for.
struct PositionedText: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Where in the text the stretch of each byte begins, and where it ends.
  private(set) var starts: [Int32] = []
  private(set) var ends: [Int32] = []

  init() {}

  /// The text itself.
  init(_ text: [UInt8]) {
    bytes = text
    starts = (0..<Int32(text.count)).map { $0 }
    ends = starts.map { $0 + 1 }
  }

  mutating func append(_ byte: UInt8, from start: Int32, to end: Int32) {
    bytes.append(byte)
    starts.append(start)
    ends.append(end)
  }

  /// Adds what a stretch of `source` was decoded to.
  mutating func append(
    _ decoded: some Sequence<UInt8>, for stretch: Range<Int>, of source: PositionedText
  ) {
    let start = source.starts[stretch.lowerBound]
    let end = source.ends[stretch.upperBound - 1]
    for byte in decoded { append(byte, from: start, to: end) }
  }

  /// Lets the stretch of the last byte reach to `end`.
  mutating func extendLast(to end: Int32) {
    guard !ends.isEmpty else { return }
    ends[ends.count - 1] = end
  }

  mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(count)
    starts.reserveCapacity(count)
    ends.reserveCapacity(count)
  }
}
