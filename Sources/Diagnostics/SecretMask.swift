/// Hides what may be a secret in a line that is quoted.
///
/// A file with a mistake is not understood well enough to know what in it is secret, so names decide:
/// those that the playbook declares, and those that look like the name of a password.
struct SecretMask {
  private static let mask = Array("•••".unicodeScalars)
  /// What in a name makes its value a secret, in lower case.
  private static let fragments = [
    "passw", "pasw", "passphrase", "passcode", "pwd", "secret", "credential", "apikey",
    "privatekey",
    "accesstoken", "refreshtoken", "authtoken", "authorizationtoken", "bearer",
  ]
  /// Names that a misspelt one may mean.
  private static let wholeNames = ["password", "passwords", "secret", "passphrase"]
  /// Beginnings of values that only name a secret, or are not scalars.
  private static let openings = ["env:", "file:", "command:", "${{", "{", "[", "|", ">", "~"]

  /// The keys of an input's declaration, of which only the default is a value.
  private static let declarationKeys = [
    "type", "summary", "pattern", "enum", "of", "fields", "default",
  ]

  /// The declared names of secrets, in lower case.
  let names: Set<String>

  /// The line with `•••` for each value that may be secret, and the location as it is in there.
  ///
  /// `parent` is the line that this one is nested in.
  func hiding(
    _ line: [Unicode.Scalar], below parent: Substring?, _ location: SourceLocation
  ) -> (line: [Unicode.Scalar], location: SourceLocation) {
    let ranges =
      parent.map { opensSecret(Array($0.unicodeScalars)) } ?? false
      ? Self.content(of: line) : secretRanges(in: line)
    return Self.hiding(ranges, in: line, location)
  }

  /// The line with `•••` for each of `ranges`, which ascend, and the location as it is in there.
  static func hiding(
    _ ranges: [Range<Int>], in line: [Unicode.Scalar], _ location: SourceLocation
  ) -> (line: [Unicode.Scalar], location: SourceLocation) {
    let ranges = ranges.map { $0.clamped(to: line.indices) }.filter { !$0.isEmpty }
    guard !ranges.isEmpty else { return (line, location) }
    var hidden: [Unicode.Scalar] = []
    var place = location
    var position = 0
    for range in ranges {
      hidden += line[position..<range.lowerBound]
      let column = location.column - 1
      if range.contains(column) {
        place.column = hidden.count + 1
        place.length = mask.count
      } else if column >= range.upperBound {
        place.column += mask.count - range.count
      }
      hidden += mask
      position = range.upperBound
    }
    return (hidden + line[position...], place)
  }

  /// Whether `line` ends with a secret's name, so that what is nested in it is the secret.
  private func opensSecret(_ line: [Unicode.Scalar]) -> Bool {
    guard let colon = line.lastIndex(of: ":"), isSecret(Self.key(before: colon, of: line)) else {
      return false
    }
    return line[(colon + 1)...].allSatisfy { $0 == " " || "|>+-".unicodeScalars.contains($0) }
  }

  private func secretRanges(in line: [Unicode.Scalar]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var position = 0
    var isDeclaration = false
    while let colon = line[position...].firstIndex(of: ":") {
      position = colon + 1
      let key = Self.key(before: colon, of: line)
      guard isSecret(key) || (isDeclaration && key == "default") else { continue }
      let start = line[position...].firstIndex { $0 != " " && $0 != "\t" } ?? line.endIndex
      if isCollectionOfValues(at: start, of: line) {
        // Which of its parts are secret is not known here.
        ranges.append(start..<line.endIndex)
        break
      }
      let isFlow = line[..<colon].contains("{")
      let end = Self.end(ofValueAt: start, of: line, isFlow: isFlow)
      isDeclaration = isDeclaration || (start < line.count && line[start] == "{")
      if start < end, !Self.isOpen(line[start..<end]) { ranges.append(start..<end) }
      position = max(position, start)
      if let last = ranges.last, last.lowerBound == start { position = last.upperBound }
    }
    return ranges
  }

  /// Whether a list or a map begins, other than the declaration of an input.
  private func isCollectionOfValues(at start: Int, of line: [Unicode.Scalar]) -> Bool {
    let value = line[start...]
    if value.first == "[" { return value.dropFirst().contains { $0 != " " } }
    guard value.first == "{", let colon = value.firstIndex(of: ":") else { return false }
    return nearestName(
      to: Self.key(before: colon, of: line), among: Self.declarationKeys) == nil
  }

  /// The name before a colon, without its quotation marks.
  private static func key(before colon: Int, of line: [Unicode.Scalar]) -> String {
    var end = colon
    while end > 0, " \t\"'".unicodeScalars.contains(line[end - 1]) { end -= 1 }
    var start = end
    while start > 0, line[start - 1].properties.isAlphabetic || isNamePart(line[start - 1]) {
      start -= 1
    }
    return text(line[start..<end])
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-" || scalar == "."
  }

  /// Whether a value of this name is a secret.
  func isSecret(_ name: String) -> Bool {
    let lower = name.lowercased()
    guard !lower.isEmpty else { return false }
    let letters = lower.filter { $0.isLetter || $0.isNumber }
    return names.contains(lower) || letters.hasPrefix("pw")
      || Self.fragments.contains { letters.contains($0) }
      || nearestName(to: letters, among: Self.wholeNames) != nil
  }

  /// Where a value ends: with its quotation mark, its part of a flow collection, or the line.
  private static func end(
    ofValueAt start: Int, of line: [Unicode.Scalar], isFlow: Bool
  ) -> Int {
    guard start < line.count else { return line.count }
    if line[start] == "\"" || line[start] == "'" {
      var position = start + 1
      while position < line.count, line[position] != line[start] {
        position += line[position] == "\\" && line[start] == "\"" ? 2 : 1
      }
      return min(position + 1, line.count)
    }
    let ends: [Unicode.Scalar] = isFlow ? [",", "}", "]"] : []
    var end = line[start...].firstIndex { ends.contains($0) } ?? line.count
    while end > start, line[end - 1] == " " { end -= 1 }
    return end
  }

  private static func isOpen(_ value: ArraySlice<Unicode.Scalar>) -> Bool {
    let text = text(value.drop { "\"' ".unicodeScalars.contains($0) })
    return text.isEmpty || openings.contains { text.hasPrefix($0) }
  }

  /// The whole of a line but its indentation; of a declaration the default only.
  private static func content(of line: [Unicode.Scalar]) -> [Range<Int>] {
    if let colon = line.firstIndex(of: ":"),
      let key = nearestName(to: key(before: colon, of: line), among: declarationKeys)
    {
      guard key == "default",
        let start = line[(colon + 1)...].firstIndex(where: { $0 != " " })
      else { return [] }
      return isOpen(line[start...]) ? [] : [start..<line.count]
    }
    guard let start = line.firstIndex(where: { $0 != " " && $0 != "\t" }),
      !isOpen(line[start...])
    else { return [] }
    return [start..<line.count]
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
