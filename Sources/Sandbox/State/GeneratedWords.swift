/// Words that a vault or a client makes at random: uuids, and hexadecimal of 32 digits and more.
package enum GeneratedWords {
  private static let shortestNumber = 32
  private static let uuidGroups = [8, 4, 4, 4, 12]

  /// `text` with `name` of each such word in its place.
  package static func replaced(in text: String, by name: (String) -> String) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(where: \.isHexadecimal) {
      result += rest[..<start]
      let word = rest[start...].prefix { $0.isHexadecimal || $0 == "-" }
      result += isGenerated(word) ? name(String(word)) : String(word)
      rest = rest[word.endIndex...]
    }
    return result + rest
  }

  private static func isGenerated(_ word: Substring) -> Bool {
    let groups = word.split(separator: "-", omittingEmptySubsequences: false).map(\.count)
    return groups == uuidGroups || groups.count == 1 && word.count >= shortestNumber
  }
}

extension Character {
  /// Whether it is a digit of a number in hexadecimal, in small letters.
  fileprivate var isHexadecimal: Bool {
    switch self {
    case "0"..."9", "a"..."f": true
    default: false
    }
  }
}
