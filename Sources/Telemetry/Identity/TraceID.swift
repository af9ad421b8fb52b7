/// The id of a trace: 16 bytes, not all of them zero (W3C Trace Context §3.2.2.3).
package struct TraceID: Sendable, Hashable {
  let high: UInt64
  /// The half that samplers decide by.
  let low: UInt64

  /// Two halves, of which at least one is not zero.
  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = high == 0 && low == 0 ? 1 : low
  }

  /// Reads 32 lower-case hexadecimal digits; nil for anything else, and for zero.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == 32,
      let high = UInt64(hexadecimal: text.utf8.prefix(16)),
      let low = UInt64(hexadecimal: text.utf8.dropFirst(16)), high != 0 || low != 0
    else { return nil }
    self.init(high: high, low: low)
  }
}

/// The id of a span: 8 bytes, not all of them zero (W3C Trace Context §3.2.2.4).
package struct SpanID: Sendable, Hashable {
  let value: UInt64

  /// A number that is not zero.
  init(_ value: UInt64) {
    self.value = value == 0 ? 1 : value
  }

  /// Reads 16 lower-case hexadecimal digits; nil for anything else, and for zero.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == 16, let value = UInt64(hexadecimal: text.utf8.prefix(16)), value != 0
    else { return nil }
    self.init(value)
  }
}

extension TraceID: CustomStringConvertible {
  /// The 32 digits.
  package var description: String { high.hexadecimal + low.hexadecimal }
}

extension SpanID: CustomStringConvertible {
  /// The 16 digits.
  package var description: String { value.hexadecimal }
}

extension UInt64 {
  /// Sixteen lower-case digits.
  fileprivate var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The value of at most sixteen lower-case digits; nil where anything else is among them.
  init?(hexadecimal digits: some Sequence<UInt8>) {
    var value: UInt64 = 0
    for digit in digits {
      let number: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): number = digit - UInt8(ascii: "a") + 10
      case _: return nil
      }
      value = value << 4 | UInt64(number)
    }
    self = value
  }
}
