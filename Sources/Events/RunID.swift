/// The name of a run: 12 characters of Crockford's base32 in lower case (60 bits).
package struct RunID: Sendable, Hashable {
  /// What the characters stand for, the first of them highest: ids are looked up at every turn, and numbers are
  /// found faster than texts.
  private let bits: UInt64

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let length = 12

  /// An id that no run has, to be read into.
  static let blank = RunID(bits: 0)

  private init(bits: UInt64) { self.bits = bits }

  /// The 12 characters, as the journal and the command line have them.
  package var text: String {
    String(unsafeUninitializedCapacity: Self.length) { buffer in
      for place in 0..<Self.length {
        let digit = bits >> UInt64(5 * (Self.length - 1 - place)) & 0x1F
        buffer.initializeElement(at: place, to: Self.alphabet[Int(digit)])
      }
      return Self.length
    }
  }

  /// Draws an id from `generator`.
  package init(using generator: inout some RandomNumberGenerator) {
    bits = (0..<Self.length).reduce(0) { bits, _ in
      bits << 5 | UInt64(Int.random(in: 0..<32, using: &generator))
    }
  }

  /// Reads an id back; nil when `text` is not one.
  package init?(_ text: String) {
    guard text.utf8.count == Self.length else { return nil }
    var bits: UInt64 = 0
    for byte in text.utf8 {
      guard let digit = Self.alphabet.firstIndex(of: byte) else { return nil }
      bits = bits << 5 | UInt64(digit)
    }
    self.bits = bits
  }
}

extension RunID: Comparable {
  /// By the text, so that lists of runs have one order.
  package static func < (left: RunID, right: RunID) -> Bool { left.bits < right.bits }
}

extension RunID: CustomStringConvertible {
  /// The same as `text`.
  package var description: String { text }
}
