import Expressions
import OrderedCollections
import Randomness

/// Random values.
extension SplitMix {
  /// Any value, at most `depth` levels deep, without not-a-number, which equals nothing.
  mutating func value(depth: Int) -> Value {
    switch Int.random(in: 0..<(depth > 0 ? 14 : 11), using: &self) {
    case 0: .null
    case 1: .bool(.random(using: &self))
    case 2: .int(integer())
    case 3: .uint(UInt64(bitPattern: integer()))
    case 4: .double(double())
    case 5: .string(text())
    case 6: .bytes((0..<Int.random(in: 0..<40, using: &self)).map { UInt8(truncatingIfNeeded: $0) })
    case 7:
      .timestamp(
        Timestamp(seconds: integer(), nanoseconds: .random(in: 0..<1_000_000_000, using: &self)))
    case 8: .duration(Duration(attoseconds: Int128(integer()) << 63 | Int128(next())))
    case 9: .type(text())
    case 10: .unknown(Unknown(text()))
    case 11: .list((0..<Int.random(in: 0..<4, using: &self)).map { _ in value(depth: depth - 1) })
    case 12: .map(map(depth: depth - 1))
    case _: .secret(Secret(value(depth: depth - 1)))
    }
  }

  private mutating func map(depth: Int) -> ValueMap {
    var entries: OrderedDictionary<Value, Value> = [:]
    for _ in 0..<Int.random(in: 0..<4, using: &self) {
      let key: Value =
        switch Int.random(in: 0..<4, using: &self) {
        case 0: .bool(.random(using: &self))
        case 1: .int(integer())
        case 2: .uint(UInt64(bitPattern: integer()))
        case _: .string(text())
        }
      entries[key] = value(depth: depth)
    }
    return ValueMap(entries)
  }

  /// Of all magnitudes, the extremes more often than a uniform distribution.
  private mutating func integer() -> Int64 {
    let picked: Int64? = [0, 1, -1, 23, 24, 255, 256, 65535, 65536, .max, .min].randomElement(
      using: &self)
    let shifted = Int64(bitPattern: next()) >> Int64.random(in: 0..<64, using: &self)
    return Bool.random(using: &self) ? shifted : picked ?? shifted
  }

  private mutating func double() -> Double {
    let double = Double(bitPattern: next())
    return double.isNaN ? -0.0 : double
  }

  private mutating func text() -> String {
    let scalars: [Unicode.Scalar] = ["a", "ß", "\u{0}", "\u{301}", "\u{1F600}", "\n", "\u{FFFF}"]
    return (0..<Int.random(in: 0..<30, using: &self)).reduce(into: "") { text, _ in
      text.unicodeScalars.append(scalars.randomElement(using: &self) ?? "z")
    }
  }
}
