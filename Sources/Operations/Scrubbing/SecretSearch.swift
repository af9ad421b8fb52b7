/// One search of a text for everything in an index, through every encoding that is undone.
struct SecretSearch {
  /// How many layers of escapes are undone.
  static let mostEscapes = 3
  /// How many layers of hexadecimal and base64 are undone in a text of usual size.
  static let mostEncodings = 2

  private let index: SecretIndex

  init(_ index: SecretIndex) {
    self.index = index
  }

  /// Where in `text` secrets stand: in order, apart from each other.
  func ranges(in text: [UInt8]) -> [Range<Int>] {
    let encodings = text.count > 65_536 ? 1 : Self.mostEncodings
    // Almost every text holds nothing, which is seen without knowing where it would be.
    guard SecretSieve(index).suspects(text, encodings: encodings) else { return [] }
    return searched(text, encodings: encodings)
  }

  /// The same without a first look.
  func searched(_ text: [UInt8], encodings: Int = mostEncodings) -> [Range<Int>] {
    var found: [Range<Int>] = []
    search(PositionedText(text), encodings: encodings, length: text.count, into: &found)
    return Self.joined(found)
  }

  /// Looks through every layer of `text`.
  private func search(
    _ text: PositionedText, encodings: Int, length: Int, into found: inout [Range<Int>]
  ) {
    var layer = text
    look(at: layer, encodings: encodings, length: length, into: &found)
    if let inner = layer.unquoted() { find(in: inner, length: length, into: &found) }
    for _ in 0..<Self.mostEscapes {
      guard let inner = layer.unescaped() else { return }
      layer = inner
      look(at: layer, encodings: encodings, length: length, into: &found)
    }
  }

  /// Looks through one layer, and through what is encoded in it.
  private func look(
    at text: PositionedText, encodings: Int, length: Int, into found: inout [Range<Int>]
  ) {
    find(in: text, length: length, into: &found)
    guard encodings > 0 else { return }
    for decoded in text.decodedHexadecimal() + text.decodedBase64() {
      search(decoded, encodings: encodings - 1, length: length, into: &found)
    }
  }

  private func find(in text: PositionedText, length: Int, into found: inout [Range<Int>]) {
    let text = text.folded
    let folded = text.text
    var position = 0
    while position + SecretIndex.shortestNeedle <= folded.bytes.count {
      guard let match = index.match(in: text, at: position) else {
        position += 1
        continue
      }
      let end = match.isOpen ? length : Int(folded.ends[match.end - 1])
      found.append(Int(folded.starts[position])..<end)
      position = match.end
    }
  }

  private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound < last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }
}
