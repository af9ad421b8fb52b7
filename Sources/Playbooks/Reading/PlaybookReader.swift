package import Diagnostics
import Expressions

/// Turns the nodes of one file into a playbook, noting everything that is wrong on the way.
///
/// Readers of other files hold one, and use its parts that know nothing of playbooks: shapes, keys,
/// durations, conditions and templates.
///
/// A part that cannot be read is nil and has its diagnostic noted, so reading always continues; the words
/// in it are kept, so that nothing is said of names that may be declared or used there.
/// Recursion is bounded by the depth limit of `YAMLLimits`.
package struct PlaybookReader {
  let file: String
  /// Everything that is wrong with what was read.
  package var diagnostics = DiagnosticList()
  /// Every step id of the file, in the order of reading.
  var stepIDs: [Located<String>] = []
  /// The names of the inputs that the playbook declares, right or wrong.
  var inputNames: [String] = []
  /// The names that `for-each` and `let` bind around what is being read.
  var boundNames: [String] = []
  /// What could not be read.
  var unread = UnreadParts()
  /// The readable parts of values that could not be read whole, of the step being read.
  var remains: [Template] = []

  /// A reader of `file` that has read nothing yet.
  package init(file: String) {
    self.file = file
  }

  /// Notes an error.
  package mutating func report(
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation,
    hint: @autoclosure () -> String? = nil, related: [RelatedLocation] = [], fix: Fix? = nil
  ) {
    diagnostics.add(
      Diagnostic(code, message, at: location, related: related, fix: fix), hint: hint())
  }

  /// Notes that `node` stays unread.
  package mutating func skip(_ node: YAMLNode) {
    for text in node.texts { unread.add(text) }
  }

  // MARK: Shapes

  /// The entries of a map, or nil.
  package mutating func entries(
    of node: YAMLNode, _ subject: String, hint: String? = nil
  ) -> [YAMLNode.Entry]? {
    if let entries = node.entries { return entries }
    reportShape(of: node, subject, expected: "a map", hint: hint)
    return nil
  }

  /// The elements of a list that must not be empty, or nil.
  package mutating func elements(
    of node: YAMLNode, _ subject: String, hint: String? = nil
  ) -> [YAMLNode]? {
    guard let elements = node.elements else {
      reportShape(of: node, subject, expected: "a list", hint: hint)
      return nil
    }
    guard !elements.isEmpty else {
      report(.emptyCollection, "\(subject) must not be empty", at: node.location, hint: hint)
      return nil
    }
    return elements
  }

  /// A text that stands for itself, not empty and on one line, or nil.
  ///
  /// Line breaks at its end, as `>` and `|` leave them, are taken away.
  package mutating func plainText(of node: YAMLNode, _ subject: String) -> Located<String>? {
    guard var text = node.text, node.scalarKind == .text else {
      let isNumber = node.scalarKind != .null && node.text != nil
      reportShape(of: node, subject, expected: "a string", hint: isNumber ? "quote it" : nil)
      return nil
    }
    guard let literal = Template.literalString(of: text) else {
      skip(node)
      reportExpression(in: node, subject)
      return nil
    }
    text = literal
    if text.isPlainLine { return Located(text, at: node.location) }
    guard !text.allSatisfy(\.isWhitespace) else {
      report(.wrongType, "\(subject) must not be empty", at: node.location)
      return nil
    }
    while text.last?.isNewline == true { text.removeLast() }
    guard !text.contains(where: \.isNewline) else {
      report(.wrongType, "\(subject) must be on one line", at: node.location)
      return nil
    }
    guard text.unicodeScalars.count <= 1000 else {
      report(.outOfRange, "\(subject) is longer than 1000 characters", at: node.location)
      return nil
    }
    return Located(text, at: node.location)
  }

  /// An integer within `range`, or nil.
  package mutating func integer(
    of node: YAMLNode, _ subject: String, in range: ClosedRange<Int>
  ) -> Int? {
    guard case .int(let number) = node.scalarValue else {
      reportShape(of: node, subject, expected: "an integer")
      return nil
    }
    guard let number = Int(exactly: number), range.contains(number) else {
      report(
        .outOfRange,
        "\(subject) must be from \(range.lowerBound) to \(range.upperBound), not \(number)",
        at: node.location)
      return nil
    }
    return number
  }

  /// Notes that `node` is not what is expected there, unless that is said already.
  package mutating func reportShape(
    of node: YAMLNode, _ subject: String, expected: String, hint: String? = nil
  ) {
    skip(node)
    guard !node.isUnreadable else { return }
    if let text = node.text, Template.literalString(of: text) == nil {
      return reportExpression(in: node, subject)
    }
    report(
      .wrongType, "\(subject) must be \(expected), not \(node.kindName)", at: node.headLocation,
      hint: hint)
  }

  private mutating func reportExpression(in node: YAMLNode, _ subject: String) {
    report(
      .expressionNotAllowed, "\(subject) cannot be an expression", at: node.location,
      hint: "it must be known before the playbook runs: write it out")
  }

  /// Names in code marks, as a person lists them: `a`, `b` and `c`.
  package static func enumeration(of names: [String]) -> String {
    let marked = names.map { "`\($0)`" }
    guard let last = marked.last, marked.count > 1 else { return marked.first ?? "none" }
    return marked.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension YAMLNode {
  /// What a caret underlines for this node: a scalar, or the first key of a map.
  package var headLocation: SourceLocation {
    if let first = entries?.first, first.keyLocation.line == location.line,
      first.keyLocation.column == location.column
    {
      return first.keyLocation
    }
    return location
  }
}

extension String {
  /// Whether it is a line of few ASCII characters, not all of which are blanks: most texts are.
  fileprivate var isPlainLine: Bool {
    utf8.count <= 1000 && utf8.allSatisfy { (0x20...0x7E).contains($0) }
      && utf8.contains { $0 != 0x20 }
  }
}
