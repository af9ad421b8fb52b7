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

  /// Stands for the tenant's name; printable text has no such character.
  private static let namesTenant: Character = "\u{E000}"

  /// The pattern of a message about the tenant called `tenant`.
  init(_ message: String, of tenant: String) {
    var rest = Self.characters(of: message, naming: Array(tenant))[...]
    var parts: [String] = []
    while let character = rest.first {
      if let length = Self.length(ofQuoteIn: rest, after: parts.last) {
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

  /// The message with one character for each occurrence of the tenant's name that is not a part of a word.
  private static func characters(of message: String, naming name: [Character]) -> [Character] {
    var rest = Array(message.prefix(longestMessage))[...]
    var characters: [Character] = []
    while let first = rest.first {
      let isName =
        !name.isEmpty && rest.starts(with: name) && !isLetterOrNumber(characters.last)
        && !isLetterOrNumber(rest.dropFirst(name.count).first)
      characters.append(isName ? namesTenant : first)
      rest = rest.dropFirst(isName ? name.count : 1)
    }
    return characters
  }

  private static func isLetterOrNumber(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber } ?? false
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
    isLetterOrNumber(character) || character == "_" || character == namesTenant
  }

  /// The word that `rest` begins with, with marks such as `-` and `@` between its letters.
  private static func word(in rest: ArraySlice<Character>) -> ArraySlice<Character> {
    var end = rest.startIndex
    while end < rest.endIndex {
      let character = rest[end]
      if !isWord(character) {
        let next = rest.index(after: end)
        guard "-.@:%+#".contains(character), next < rest.endIndex, isWord(rest[next]) else {
          break
        }
      }
      end += 1
    }
    return rest[..<end]
  }

  /// Whether a word is an id, a number or an address, and not a word.
  private static func isData(_ word: ArraySlice<Character>) -> Bool {
    word.contains { $0.isNumber || $0 == "@" || $0 == namesTenant }
  }
}
