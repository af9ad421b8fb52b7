/// A message without what differs from tenant to tenant, so that the same cause reads the same.
///
/// Ids, numbers, addresses, what stands in quotes and the tenant's own name become `…`. Words, and what
/// stands between backticks, which is code and not data, stay.
struct ReasonPattern: Sendable, Hashable {
  /// In characters, of a message and of a quoted part of it.
  private static let longestMessage = 300
  private static let longestQuote = 200
  private static let mask = "…"

  /// The message as a pattern.
  let text: String

  /// The pattern of a message about the tenant called `tenant`.
  init(_ message: String, of tenant: String) {
    var rest = Array(message.prefix(Self.longestMessage))[...]
    let name = Array(tenant)
    var parts: [String] = []
    while let character = rest.first {
      if let length = Self.length(ofName: name, in: rest, after: parts.last) {
        parts.append(Self.mask)
        rest = rest.dropFirst(length)
      } else if let length = Self.length(ofQuoteIn: rest, after: parts.last) {
        parts.append(Self.mask)
        rest = rest.dropFirst(length)
      } else if Self.isWord(character) {
        let word = Self.word(in: rest)
        parts.append(Self.isData(word) ? Self.mask : String(word))
        rest = rest.dropFirst(word.count)
      } else {
        parts.append(character.isWhitespace ? " " : String(character))
        rest = rest.dropFirst()
      }
    }
    text = Self.joined(parts)
  }

  /// One text, in which lists of masked parts of any length read the same.
  private static func joined(_ parts: [String]) -> String {
    var text = ""
    var pending = ""
    for part in parts {
      if part == mask, text.hasSuffix(mask), pending.allSatisfy({ ", ;/".contains($0) }) {
        pending = ""
      } else if part.allSatisfy({ ", ;/".contains($0) }) {
        pending += pending.hasSuffix(" ") && part == " " ? "" : part
      } else {
        text += pending + part
        pending = ""
      }
    }
    return text + pending
  }

  /// How long the tenant's name is that `rest` begins with, as a word of its own.
  private static func length(
    ofName name: [Character], in rest: ArraySlice<Character>, after last: String?
  ) -> Int? {
    guard !name.isEmpty, rest.starts(with: name), !(last?.last.map(isWord) ?? false),
      !(rest.dropFirst(name.count).first.map(isWord) ?? false)
    else { return nil }
    return name.count
  }

  /// How long the quoted part is that `rest` begins with, quotes included.
  private static func length(
    ofQuoteIn rest: ArraySlice<Character>, after last: String?
  ) -> Int? {
    let closings: [Character: Character] = ["\"": "\"", "“": "”", "„": "“", "«": "»", "‘": "’"]
    guard let first = rest.first, let closing = first == "'" ? "'" : closings[first] else {
      return nil
    }
    // An apostrophe inside a word is none of the two.
    if first == "'", last?.last.map(isWord) ?? false { return nil }
    let inside = rest.dropFirst().prefix(longestQuote)
    guard let end = inside.firstIndex(of: closing) else { return nil }
    return end - rest.startIndex + 1
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// The word that `rest` begins with, with marks such as `-` and `@` between its letters.
  private static func word(in rest: ArraySlice<Character>) -> ArraySlice<Character> {
    var end = rest.startIndex
    while end < rest.endIndex {
      let character = rest[end]
      if !isWord(character) {
        let next = rest.index(after: end)
        guard "-.@:/%+#".contains(character), next < rest.endIndex, isWord(rest[next]) else {
          break
        }
      }
      end += 1
    }
    return rest[..<end]
  }

  /// Whether a word is an id, a number or an address, and not a word.
  private static func isData(_ word: ArraySlice<Character>) -> Bool {
    word.contains { $0.isNumber || $0 == "@" }
  }
}
