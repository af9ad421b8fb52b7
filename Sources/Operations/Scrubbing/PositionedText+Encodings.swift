/// Hexadecimal and base64 inside a text, decoded wherever enough of it stands together.
extension PositionedText {
  /// The fewest digits that are decoded.
  static let (shortestHexadecimal, shortestBase64) = (12, 8)

  /// What the hexadecimal digits stand for, once for each way to pair them.
  ///
  /// Blanks, line breaks, colons and dashes may stand between them.
  func decodedHexadecimal() -> [PositionedText] {
    hexadecimalRuns().flatMap { run in
      (0..<2).map { offset in
        var decoded = PositionedText(from: self)
        decoded.reserve(run.count / 2)
        var position = offset
        while position + 1 < run.count {
          let pair = (run[position], run[position + 1])
          decoded.append(
            pair.0.digit << 4 | pair.1.digit, for: pair.0.place..<pair.1.place + 1, of: self)
          position += 2
        }
        return decoded
      }
    }
  }

  /// What the base64 characters of either alphabet stand for, once for each way to group them.
  ///
  /// Blanks, line breaks and characters without width may stand between them. Each byte stands for the whole word it was encoded in.
  func decodedBase64() -> [PositionedText] {
    base64Runs().flatMap { run in
      let words = positions == .known ? words(of: run) : []
      return (0..<4).map { decodedBase64(run, from: $0, words) }
    }
  }

  private func decodedBase64(
    _ run: [Digit], from offset: Int, _ words: [Range<Int>]
  ) -> PositionedText {
    var decoded = PositionedText(from: self)
    decoded.reserve(run.count * 3 / 4)
    var buffer: UInt32 = 0
    for (count, position) in (offset..<run.count).enumerated() {
      buffer = buffer << 6 | UInt32(run[position].digit)
      let bits = UInt32((count % 4) * 2)
      guard bits > 0 else { continue }
      let byte = UInt8(truncatingIfNeeded: buffer >> (6 - bits))
      switch positions {
      case .known:
        let word = words[position - 1].lowerBound..<words[position].upperBound
        decoded.append(byte, for: word, of: self)
      case .unknown: decoded.append(byte, for: 0..<1, of: self)
      }
    }
    return decoded
  }

  /// Base64 characters that belong together: on one line or over several, and in groups with blanks
  /// between them where the groups do not look like words of a language.
  private func base64Runs() -> [[Digit]] {
    var runs: [[Digit]] = []
    var run: [Digit] = []
    var position = 0
    while position < bytes.count {
      guard let digit = Self.base64Digit(bytes[position]) else {
        let end = self.end(ofGapAt: position)
        if end == position || !joins(position..<end) {
          if run.count >= Self.shortestBase64 { runs.append(run) }
          run.removeAll(keepingCapacity: true)
        }
        position = max(end, position + 1)
        continue
      }
      run.append(Digit(digit: digit, place: position))
      position += 1
    }
    if run.count >= Self.shortestBase64 { runs.append(run) }
    return runs
  }

  /// Where the blanks and the characters without width end that begin at `start`.
  private func end(ofGapAt start: Int) -> Int {
    bytes[start...].firstIndex { !Self.isInvisible($0) } ?? bytes.count
  }

  /// Whether what stands on both sides of a gap may be one encoding.
  private func joins(_ gap: Range<Int>) -> Bool {
    if bytes[gap].allSatisfy({ $0 == 0x0A || $0 == 0x0D }) { return true }
    let before = bytes[..<gap.lowerBound].reversed().prefix { Self.base64Digit($0) != nil }
    let after = bytes[gap.upperBound...].prefix { Self.base64Digit($0) != nil }
    return Self.looksEncoded(before.reversed()) && Self.looksEncoded(after)
  }

  /// Whether a group holds something that a word of a language has at its beginning at most.
  private static func looksEncoded(_ group: some Sequence<UInt8>) -> Bool {
    group.dropFirst().contains { byte in
      !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) && byte != UInt8(ascii: "-")
    }
  }

  /// For each digit of a run the word it stands in, padding included.
  private func words(of run: [Digit]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    words.reserveCapacity(run.count)
    var first = 0
    while first < run.count {
      var last = first
      while last + 1 < run.count, run[last + 1].place == run[last].place + 1 { last += 1 }
      var end = run[last].place + 1
      while end < bytes.count, bytes[end] == UInt8(ascii: "=") { end += 1 }
      let word = run[first].place..<end
      for _ in first...last { words.append(word) }
      first = last + 1
    }
    return words
  }

  /// One digit of an encoding, and which byte it is.
  private struct Digit {
    let digit: UInt8
    let place: Int
  }

  private func hexadecimalRuns() -> [[Digit]] {
    guard bytes.count >= Self.shortestHexadecimal else { return [] }
    var runs: [[Digit]] = []
    var run: [Digit] = []
    for (place, byte) in bytes.enumerated() {
      if let digit = Hexadecimal.digit(byte) {
        run.append(Digit(digit: digit, place: place))
      } else if !Self.separatesHexadecimal(byte) {
        if run.count >= Self.shortestHexadecimal { runs.append(run) }
        run.removeAll(keepingCapacity: true)
      }
    }
    if run.count >= Self.shortestHexadecimal { runs.append(run) }
    return runs
  }

  /// Whether a byte may stand between hexadecimal digits.
  static func separatesHexadecimal(_ byte: UInt8) -> Bool {
    isInvisible(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
  }

  /// Whether a byte is a blank or a line break, or one of those that characters without width are
  /// made of in UTF-8 (U+200B to U+200D, U+2060, U+FEFF).
  static func isInvisible(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0xE2, 0x80, 0x8B, 0x8C, 0x8D, 0x81, 0xA0, 0xEF, 0xBB, 0xBF: true
    default: false
    }
  }

  /// The six bits that a byte of either alphabet stands for.
  static func base64Digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
