@_spi(_Unicode) import Swift

/// A text without what services change when they repeat it: case, accents, white space, control and
/// invisible characters, backslashes and `+`.
struct FoldedText: Sendable {
  private(set) var text: PositionedText

  var bytes: [UInt8] { text.bytes }

  init(_ source: String) {
    self.init(Array(source.utf8))
  }

  init(_ source: [UInt8]) {
    self.init(PositionedText(source))
  }

  /// Folds UTF-8; a byte that is none counts as Latin-1.
  init(_ source: PositionedText) {
    text = PositionedText(from: source)
    text.reserve(source.bytes.count)
    var position = 0
    while position < source.bytes.count {
      let byte = source.bytes[position]
      guard byte >= 0x80 else {
        let folded = Self.ascii[Int(byte)]
        if folded != 0 { text.append(folded, for: position..<position + 1, of: source) }
        position += 1
        continue
      }
      let (scalar, count) = Self.scalar(in: source.bytes, at: position)
      let stretch = position..<position + count
      switch Self.fold(of: scalar) {
      case .mark: text.extendLast(to: stretch.upperBound - 1, of: source)
      case .letters(let folded): text.append(folded, for: stretch, of: source)
      }
      position += count
    }
  }

  /// What `text` folds to where that is too short to be looked for; nil for nothing and for more.
  static func ifShort(_ text: String) -> [UInt8]? {
    var folded: [UInt8] = []
    let isLong = folds(of: Array(text.utf8)) { byte in
      folded.append(byte)
      return folded.count >= SecretIndex.shortestNeedle
    }
    return isLong || folded.isEmpty ? nil : folded
  }

  /// Gives `isEnough` each byte that `text` folds to, until it says that it has seen enough: whether it did.
  static func folds(of text: [UInt8], until isEnough: (UInt8) -> Bool) -> Bool {
    let (ascii, packed) = (ascii, packed)
    var position = 0
    while position < text.count {
      let byte = text[position]
      guard byte >= 0x80 else {
        let folded = ascii[Int(byte)]
        if folded != 0, isEnough(folded) { return true }
        position += 1
        continue
      }
      let (scalar, count) = Self.scalar(in: text, at: position)
      position += count
      if (0x80..<0x800).contains(scalar.value), let letters = packed[Int(scalar.value) - 0x80] {
        for place in 0..<letters.count where isEnough(letters[place]) { return true }
      } else if case .letters(let folded) = fold(of: scalar), folded.contains(where: isEnough) {
        return true
      }
    }
    return false
  }

  /// Whether the byte at `position` belongs to the word of the byte before it.
  func continuesWord(at position: Int) -> Bool {
    guard position > 0, position < bytes.count,
      text.starts[position] <= text.ends[position - 1]
    else { return false }
    switch bytes[position] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      return true
    default: return false
    }
  }

  /// What each character of ASCII folds to; 0 is nothing.
  private static let ascii: [UInt8] = (0..<128).map { byte in
    switch UInt8(byte) {
    case 0...0x20, 0x7F, UInt8(ascii: "+"), UInt8(ascii: "\\"): 0
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) + 0x20
    case let other: other
    }
  }

  /// What a character beyond ASCII folds to.
  fileprivate enum Fold: Sendable {
    /// It is drawn over the character before it.
    case mark
    case letters([UInt8])

    init(_ scalar: Unicode.Scalar) {
      self = scalar.isMark ? .mark : .letters(scalar.folded)
    }
  }

  /// What each character folds to that UTF-8 writes in two bytes: decoded bytes are full of them.
  private static let short = (0x80..<0x800 as Range<UInt32>).map { value in
    Unicode.Scalar(value).map { Fold($0) } ?? .letters([])
  }

  /// The same without memory of its own for each; nil for what is longer.
  private static let packed = short.map { PackedLetters($0) }

  private static func fold(of scalar: Unicode.Scalar) -> Fold {
    (0x80..<0x800).contains(scalar.value) ? short[Int(scalar.value) - 0x80] : Fold(scalar)
  }

  private static func scalar(in bytes: [UInt8], at position: Int) -> (Unicode.Scalar, Int) {
    let lead = bytes[position]
    let count = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
    let latin = (Unicode.Scalar(lead), 1)
    guard count > 1, position + count <= bytes.count else { return latin }
    var value = UInt32(lead) & (0xFF >> UInt32(count + 1))
    for byte in bytes[position + 1..<position + count] {
      guard byte & 0xC0 == 0x80 else { return latin }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return Unicode.Scalar(value).map { ($0, count) } ?? latin
  }
}

/// Up to seven bytes.
private struct PackedLetters: Sendable {
  private let bits: UInt64

  init?(_ fold: FoldedText.Fold) {
    guard case .letters(let bytes) = fold else {
      bits = 0
      return
    }
    guard bytes.count < 8 else { return nil }
    bits = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } << 8 | UInt64(bytes.count)
  }

  var count: Int { Int(bits & 0xFF) }
  subscript(place: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits >> UInt64(8 * (place + 1))) }
}

extension PositionedText {
  /// The text as it is compared.
  var folded: FoldedText { FoldedText(self) }
}

extension Unicode.Scalar {
  /// Whether it is drawn over the character before it.
  fileprivate var isMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    default: false
    }
  }

  /// The lower-case letters without accents that it is made of; none for what is not seen.
  fileprivate var folded: [UInt8] {
    switch properties.generalCategory {
    case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: return []
    default: break
    }
    let plain = properties.uppercaseMapping.lowercased()._nfd.filter { !$0.isMark }
    return plain.flatMap { Array(String($0).utf8) }
  }
}
