/// Strings that the other side chose, for messages.
enum PeerText {
  private static let longest = 120

  /// `text` on one line without control and format characters, cut after 120 characters.
  static func printable(_ text: String) -> String {
    var printable = ""
    for character in text.prefix(longest) {
      let isHidden = character.unicodeScalars.contains { scalar in
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(
          scalar.properties.generalCategory)
      }
      printable.append(isHidden ? " " : character)
    }
    return text.count > longest ? printable + "…" : printable
  }
}
