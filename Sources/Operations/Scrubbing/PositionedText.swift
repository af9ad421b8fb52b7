/// Bytes that were decoded from a text, each with the stretch of the text that it stands for, where that
/// is of interest.
struct PositionedText: Sendable {
  /// Whether it is known what each byte stands for.
  enum Positions: Sendable {
    case known
    /// Whether something is there matters, not where: three times as fast.
    case unknown
  }

  let positions: Positions
  private(set) var bytes: [UInt8] = []
  /// Where in the text the stretch of each byte begins, and where it ends; empty where that is unknown.
  private(set) var starts: [Int32] = []
  private(set) var ends: [Int32] = []

  /// What is decoded from `source` comes next.
  init(from source: PositionedText) {
    positions = source.positions
  }

  /// The text itself.
  init(_ text: [UInt8], positions: Positions = .known) {
    self.positions = positions
    bytes = text
    guard case .known = positions else { return }
    starts = (0..<Int32(text.count)).map { $0 }
    ends = starts.map { $0 + 1 }
  }

  /// Adds a byte that a stretch of `source` was decoded to.
  mutating func append(_ byte: UInt8, for stretch: Range<Int>, of source: PositionedText) {
    bytes.append(byte)
    guard case .known = positions else { return }
    starts.append(source.starts[stretch.lowerBound])
    ends.append(source.ends[stretch.upperBound - 1])
  }

  /// Adds what a stretch of `source` was decoded to.
  mutating func append(
    _ decoded: some Sequence<UInt8>, for stretch: Range<Int>, of source: PositionedText
  ) {
    for byte in decoded { append(byte, for: stretch, of: source) }
  }

  /// Adds a stretch of `source` as it is.
  mutating func append(_ source: PositionedText, _ stretch: Range<Int>) {
    bytes += source.bytes[stretch]
    guard case .known = positions else { return }
    starts += source.starts[stretch]
    ends += source.ends[stretch]
  }

  /// Lets the stretch of the last byte reach to the end of that at `position` in `source`.
  mutating func extendLast(to position: Int, of source: PositionedText) {
    guard !ends.isEmpty else { return }
    ends[ends.count - 1] = source.ends[position]
  }

  mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(count)
    guard case .known = positions else { return }
    starts.reserveCapacity(count)
    ends.reserveCapacity(count)
  }
}
