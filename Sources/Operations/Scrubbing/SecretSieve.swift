/// Says quickly that no secret is in a text, in any of its layers: almost every text holds none.
///
/// What it suspects need not hold one; what it passes is never anything that `SecretSearch` would find.
struct SecretSieve {
  private let index: SecretIndex
  private let digits = EncodingDigits.all

  init(_ index: SecretIndex) {
    self.index = index
  }

  /// Whether the beginning of a secret is in any layer of `text`, through that many `encodings`.
  func suspects(_ text: [UInt8], encodings: Int) -> Bool {
    let makeup = Makeup(text, digits)
    if suspects(text, makeup, encodings: encodings) { return true }
    guard makeup.hasEscapes else { return false }
    var layer = PositionedText(text, positions: .unknown)
    if let inner = layer.unquoted(), index.mayBegin(in: inner.bytes) { return true }
    for _ in 0..<SecretSearch.mostEscapes {
      guard let inner = layer.unescaped() else { return false }
      layer = inner
      let makeup = Makeup(inner.bytes, digits)
      if suspects(inner.bytes, makeup, encodings: encodings) { return true }
    }
    return false
  }

  /// The same for one layer, and for what is encoded in it.
  private func suspects(_ text: [UInt8], _ makeup: Makeup, encodings: Int) -> Bool {
    if index.mayBegin(in: text) { return true }
    guard encodings > 0 else { return false }
    return makeup.hexadecimalRun >= PositionedText.shortestHexadecimal
      && suspectsHexadecimal(in: text, encodings: encodings - 1)
      || makeup.base64Run >= PositionedText.shortestBase64
        && suspectsBase64(in: text, makeup, encodings: encodings - 1)
  }

  private func suspectsHexadecimal(in text: [UInt8], encodings: Int) -> Bool {
    var run: [UInt8] = []
    run.reserveCapacity(text.count)
    for byte in text {
      let digit = digits.hexadecimal[Int(byte)]
      if digit != EncodingDigits.none {
        run.append(digit)
      } else if digits.kinds[Int(byte)] & EncodingDigits.separator == 0 {
        if suspectsPairs(of: run, encodings: encodings) { return true }
        run.removeAll(keepingCapacity: true)
      }
    }
    return suspectsPairs(of: run, encodings: encodings)
  }

  /// Each way to pair hexadecimal digits.
  private func suspectsPairs(of run: [UInt8], encodings: Int) -> Bool {
    guard run.count >= PositionedText.shortestHexadecimal else { return false }
    return (0..<2).contains { offset in
      var decoded: [UInt8] = []
      decoded.reserveCapacity(run.count / 2)
      for position in stride(from: offset, to: run.count - 1, by: 2) {
        decoded.append(run[position] << 4 | run[position + 1])
      }
      return suspects(decoded, encodings: encodings)
    }
  }

  private func suspectsBase64(in text: [UInt8], _ makeup: Makeup, encodings: Int) -> Bool {
    guard !makeup.hasInvisibles else {
      // Which groups belong together takes a closer look.
      return PositionedText(text, positions: .unknown).decodedBase64()
        .contains { suspects($0.bytes, encodings: encodings) }
    }
    var run: [UInt8] = []
    run.reserveCapacity(text.count)
    for byte in text {
      let digit = digits.base64[Int(byte)]
      if digit != EncodingDigits.none {
        run.append(digit)
      } else {
        if suspectsGroups(of: run, encodings: encodings) { return true }
        run.removeAll(keepingCapacity: true)
      }
    }
    return suspectsGroups(of: run, encodings: encodings)
  }

  /// Each way to group base64 digits.
  private func suspectsGroups(of run: [UInt8], encodings: Int) -> Bool {
    guard run.count >= PositionedText.shortestBase64 else { return false }
    return (0..<4).contains { offset in
      var decoded: [UInt8] = []
      decoded.reserveCapacity(run.count * 3 / 4 + 1)
      var bits: UInt32 = 0
      for position in offset..<run.count {
        bits = bits << 6 | UInt32(run[position])
        let held = UInt32((position - offset) & 3) * 2
        if held > 0 { decoded.append(UInt8(truncatingIfNeeded: bits >> (6 - held))) }
      }
      return suspects(decoded, encodings: encodings)
    }
  }
}

/// What a text is made of, as far as it decides which decodings are worth a try.
private struct Makeup {
  /// The most digits that stand together, with nothing but what may separate them between them.
  private(set) var hexadecimalRun = 0
  private(set) var base64Run = 0
  private(set) var hasEscapes = false
  private(set) var hasInvisibles = false

  init(_ text: [UInt8], _ digits: EncodingDigits) {
    var (hexadecimal, base64, kinds) = (0, 0, 0 as UInt8)
    for byte in text {
      let kind = digits.kinds[Int(byte)]
      kinds |= kind
      if kind & EncodingDigits.isHexadecimal != 0 {
        hexadecimal += 1
        hexadecimalRun = max(hexadecimalRun, hexadecimal)
      } else if kind & EncodingDigits.separator == 0 {
        hexadecimal = 0
      }
      if kind & EncodingDigits.isBase64 != 0 {
        base64 += 1
        base64Run = max(base64Run, base64)
      } else if kind & EncodingDigits.invisible == 0 {
        base64 = 0
      }
    }
    hasEscapes = kinds & EncodingDigits.escape != 0
    hasInvisibles = kinds & EncodingDigits.invisible != 0
  }
}

/// What each byte means to the encodings that are undone.
private struct EncodingDigits: Sendable {
  /// What the tables of digits hold for a byte that is none.
  static let none: UInt8 = 0xFF
  static let isHexadecimal: UInt8 = 1
  static let isBase64: UInt8 = 2
  /// May stand between hexadecimal digits.
  static let separator: UInt8 = 4
  /// May stand between groups of base64.
  static let invisible: UInt8 = 8
  /// Begins an escape.
  static let escape: UInt8 = 16

  static let all = Self()

  let hexadecimal = (0...255 as ClosedRange<UInt8>).map { Hexadecimal.digit($0) ?? none }
  let base64 = (0...255 as ClosedRange<UInt8>).map { PositionedText.base64Digit($0) ?? none }
  let kinds = (0...255 as ClosedRange<UInt8>).map { byte in
    var kind: UInt8 = 0
    if Hexadecimal.digit(byte) != nil { kind |= isHexadecimal }
    if PositionedText.base64Digit(byte) != nil { kind |= isBase64 }
    if PositionedText.separatesHexadecimal(byte) { kind |= separator }
    if PositionedText.isInvisible(byte) { kind |= invisible }
    if "%\\&=".utf8.contains(byte) { kind |= escape }
    return kind
  }
}
