/// The name of a run: 12 characters of Crockford's base32 in lower case (60 bits).
package struct RunID: Sendable, Hashable {
  /// The 12 characters, as the journal and the command line have them.
  package let text: String

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

  /// An id that no run has, to be read into.
  static let blank = RunID(unchecked: "000000000000")

  private init(unchecked text: String) { self.text = text }

  /// Draws an id from `generator`.
  package init(using generator: inout some RandomNumberGenerator) {
    text = String((0..<12).map { _ in Self.alphabet[Int.random(in: 0..<32, using: &generator)] })
  }

  /// Reads an id back; nil when `text` is not one.
  package init?(_ text: String) {
    guard text.count == 12, text.allSatisfy(Self.alphabet.contains) else { return nil }
    self.text = text
  }
}

extension RunID: Comparable {
  /// By the text, so that lists of runs have one order.
  package static func < (left: RunID, right: RunID) -> Bool { left.text < right.text }
}

extension RunID: CustomStringConvertible {
  /// The same as `text`.
  package var description: String { text }
}
