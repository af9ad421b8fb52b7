/// The exact decimal digits of a finite double, which has at most some 770 that are not 0.
///
/// A double is an integer times a power of two, and a negative power of two is a power of five with the
/// point moved. No rounding happens before the digits are cut off, so that 1.005 to two digits is 1.00:
/// it is less than it looks.
struct DecimalDigits {
  /// 0 to 9 each, without leading zeros; none for 0.
  private(set) var digits: [UInt8]
  /// How many digits stand before the point; negative for zeros between the point and the first digit.
  private(set) var pointPosition: Int

  init(_ number: Double) {
    guard number != 0 else {
      (digits, pointPosition) = ([], 0)
      return
    }
    let significand = number.significandBitPattern | (number.isNormal ? 1 << 52 : 0)
    let exponent = (number.isNormal ? Int(number.exponentBitPattern) : 1) - 1075
    var words = [significand % 1_000_000_000, significand / 1_000_000_000]
    // As many factors at once as stay below a word, so that what is carried is one.
    let factor: UInt64 = exponent < 0 ? 5 : 2
    let step = exponent < 0 ? 12 : 29
    for start in stride(from: 0, to: abs(exponent), by: step) {
      let count = min(step, abs(exponent) - start)
      Self.multiply(&words, by: (0..<count).reduce(1) { power, _ in power * factor })
    }
    let text = words.reversed().map { Int64($0).padded(9) }.joined()
    digits = text.utf8.drop { $0 == UInt8(ascii: "0") }.map { $0 - UInt8(ascii: "0") }
    pointPosition = digits.count + min(0, exponent)
  }

  /// Words of nine digits, the lowest first.
  private static func multiply(_ words: inout [UInt64], by factor: UInt64) {
    var carry: UInt64 = 0
    for index in words.indices {
      let product = words[index] * factor + carry
      words[index] = product % 1_000_000_000
      carry = product / 1_000_000_000
    }
    if carry > 0 { words.append(carry) }
  }

  /// Cuts off all but the first `count` digits, to the nearest number; of two as near to the even one.
  mutating func round(toFirst count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      (digits, pointPosition) = ([], 0)
      return
    }
    let rest = digits[count...]
    let isHalf = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
    let isOdd = count > 0 && !digits[count - 1].isMultiple(of: 2)
    let roundsUp = isHalf ? isOdd : rest.first ?? 0 >= 5
    digits.removeSubrange(count...)
    if roundsUp { increment() }
  }

  private mutating func increment() {
    var index = digits.count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      pointPosition += 1
    }
  }

  /// The digits from `start` on, `count` of them; 0 where there is none.
  func text(from start: Int, count: Int) -> String {
    let ascii = (start..<start + max(0, count)).map {
      UInt8(ascii: "0") + (digits.indices.contains($0) ? digits[$0] : 0)
    }
    return String(decoding: ascii, as: UTF8.self)
  }
}

extension Double {
  /// The number with `precision` digits after the point.
  func fixed(_ precision: Int) -> String {
    guard isFinite else { return text }
    var decimal = DecimalDigits(self)
    decimal.round(toFirst: decimal.pointPosition + precision)
    let point = decimal.digits.isEmpty ? 0 : decimal.pointPosition
    let whole = point > 0 ? decimal.text(from: 0, count: point) : "0"
    let fraction = decimal.text(from: point, count: precision)
    return (sign == .minus ? "-" : "") + whole + (precision > 0 ? ".\(fraction)" : "")
  }

  /// The number with one digit before the point, `precision` after it, and an exponent: `1.50e+03`.
  func scientific(_ precision: Int) -> String {
    guard isFinite else { return text }
    var decimal = DecimalDigits(self)
    decimal.round(toFirst: precision + 1)
    let exponent = decimal.digits.isEmpty ? 0 : decimal.pointPosition - 1
    let fraction = decimal.text(from: 1, count: precision)
    return (sign == .minus ? "-" : "") + decimal.text(from: 0, count: 1)
      + (precision > 0 ? ".\(fraction)" : "") + (exponent < 0 ? "e-" : "e+")
      + Int64(abs(exponent)).padded(2)
  }

  /// The shortest text that reads back as the same number, without an exponent.
  var plainText: String {
    let parts = text.split(separator: "e")
    guard isFinite, parts.count == 2, let exponent = Int(parts[1]) else { return text }
    let mantissa = parts[0].split(separator: ".")
    let digits = String(mantissa.joined().drop { $0 == "-" })
    let point = mantissa[0].drop { $0 == "-" }.count + exponent
    let zeros = String(repeating: "0", count: Swift.max(0, Swift.max(-point, point - digits.count)))
    // Doubles with an exponent are less than 1 or have no fraction.
    return (sign == .minus ? "-" : "") + (point <= 0 ? "0.\(zeros)\(digits)" : "\(digits)\(zeros)")
  }
}
