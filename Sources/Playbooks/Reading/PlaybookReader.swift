import Diagnostics
import Expressions

/// Turns the nodes of one file into a playbook, noting everything that is wrong on the way.
///
/// A part that cannot be read is nil and has its finding noted, so reading always goes on.
/// Recursion is bounded by the depth limit of `YAMLLimits`.
struct PlaybookReader {
  let file: String
  var findings = DiagnosticList()
  /// Every step id of the file, in the order of reading.
  var stepIDs: [Located<String>] = []
  /// The names of the loops around the step being read.
  var loopNames: [String] = []

  init(file: String) {
    self.file = file
  }

  mutating func report(
    _ code: String, _ message: String, at location: SourceLocation, hint: String? = nil
  ) {
    findings.add(Diagnostic(code, message, at: location, hint: hint))
  }

  // MARK: Shapes

  /// The entries of a map, or nil.
  mutating func entries(
    of node: YAMLNode, _ subject: String, hint: String? = nil
  ) -> [YAMLNode.Entry]? {
    if let entries = node.entries { return entries }
    reportShape(of: node, subject, expected: "a map", hint: hint)
    return nil
  }

  /// The elements of a list that must not be empty, or nil.
  mutating func elements(
    of node: YAMLNode, _ subject: String, hint: String? = nil
  ) -> [YAMLNode]? {
    guard let elements = node.elements else {
      reportShape(of: node, subject, expected: "a list", hint: hint)
      return nil
    }
    guard !elements.isEmpty else {
      report("empty-list", "\(subject) must not be empty", at: node.location, hint: hint)
      return nil
    }
    return elements
  }

  /// A text that stands for itself, not empty and on one line, or nil.
  ///
  /// Line breaks at its end, as `>` and `|` leave them, are taken away.
  mutating func plainText(of node: YAMLNode, _ subject: String) -> Located<String>? {
    guard var text = node.text, node.scalarKind == .text else {
      let isNumber = node.scalarKind != .null && node.text != nil
      reportShape(of: node, subject, expected: "text", hint: isNumber ? "quote it" : nil)
      return nil
    }
    guard !text.contains("${{") else {
      report(
        "expression-not-allowed", "\(subject) cannot be an expression", at: node.location,
        hint: "it must be known before the playbook runs: write it out")
      return nil
    }
    guard !text.allSatisfy(\.isWhitespace) else {
      report("wrong-type", "\(subject) must not be empty", at: node.location)
      return nil
    }
    while text.last?.isNewline == true { text.removeLast() }
    guard !text.contains(where: \.isNewline) else {
      report("wrong-type", "\(subject) must be on one line", at: node.location)
      return nil
    }
    guard text.unicodeScalars.count <= 1000 else {
      report("out-of-range", "\(subject) is longer than 1000 characters", at: node.location)
      return nil
    }
    return Located(text, at: node.location)
  }

  /// A whole number within `range`, or nil.
  mutating func integer(
    of node: YAMLNode, _ subject: String, in range: ClosedRange<Int>
  ) -> Int? {
    guard case .int(let number) = node.scalarValue else {
      reportShape(of: node, subject, expected: "a whole number")
      return nil
    }
    guard let number = Int(exactly: number), range.contains(number) else {
      report(
        "out-of-range",
        "\(subject) must be from \(range.lowerBound) to \(range.upperBound), not \(number)",
        at: node.location)
      return nil
    }
    return number
  }

  mutating func reportShape(
    of node: YAMLNode, _ subject: String, expected: String, hint: String? = nil
  ) {
    report(
      "wrong-type", "\(subject) must be \(expected), not \(node.kindName)", at: node.headLocation,
      hint: hint)
  }

  // MARK: Keys

  /// Notes every key that is not among `known`, with the nearest that is.
  mutating func checkKeys(of entries: [YAMLNode.Entry], of subject: String, known: [String]) {
    for entry in entries where !known.contains(entry.key) {
      reportUnknown(entry, of: subject, known: known)
    }
  }

  mutating func reportUnknown(_ entry: YAMLNode.Entry, of subject: String, known: [String]) {
    report(
      "unknown-key", "\(subject) has no key `\(entry.key)`", at: entry.keyLocation,
      hint: didYouMean(entry.key, among: known) ?? "the keys are \(Self.enumeration(of: known))")
  }

  /// The value of a key that must be there, or nil.
  mutating func required(
    _ key: String, in entries: [YAMLNode.Entry], of subject: String, at location: SourceLocation,
    hint: String? = nil
  ) -> YAMLNode? {
    if let node = entries.value(of: key) { return node }
    report("missing-key", "\(subject) needs the key `\(key)`", at: location, hint: hint)
    return nil
  }

  /// Names in code marks, as a person lists them: `a`, `b` and `c`.
  static func enumeration(of names: [String]) -> String {
    let marked = names.map { "`\($0)`" }
    guard let last = marked.last, marked.count > 1 else { return marked.first ?? "none" }
    return marked.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension [YAMLNode.Entry] {
  func entry(of key: String) -> YAMLNode.Entry? {
    first { $0.key == key }
  }

  func value(of key: String) -> YAMLNode? {
    entry(of: key)?.value
  }
}

extension YAMLNode {
  /// What a caret underlines for this node: a scalar, or the first key of a map.
  var headLocation: SourceLocation {
    if let first = entries?.first, first.keyLocation.line == location.line,
      first.keyLocation.column == location.column
    {
      return first.keyLocation
    }
    return location
  }
}
