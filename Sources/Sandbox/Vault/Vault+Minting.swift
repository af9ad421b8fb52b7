import Operations
import Randomness

extension Vault {
  /// A fresh identifier: a time-ordered uuid (RFC 9562 §5.7), as official pages print.
  mutating func newIdentifier() -> String {
    let milliseconds = UInt64(max(0, clock.nanoseconds / 1_000_000))
    let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xFFF, using: &state.generator)
    let low = 1 << 63 | state.generator.next() >> 2
    let digits = Array(Self.digits(high) + Self.digits(low))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      .joined(separator: "-")
  }

  /// A fresh value that cannot be guessed by whoever does not know the seed: 48 digits.
  mutating func newSecret() -> String {
    (0..<3).map { _ in Self.digits(state.generator.next()) }.joined()
  }

  private static func digits(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
