import Diagnostics
package import Expressions

extension PlaybookReader {
  /// A condition: `true`, `false`, or one expression, bare or in `${{ }}`; nil when it is none.
  package mutating func condition(of node: YAMLNode, _ subject: String) -> Template? {
    guard let text = node.text, node.scalarKind != .null else {
      reportShape(of: node, subject, expected: "a condition")
      return nil
    }
    if case .bool(let value) = node.scalarValue { return .literal(.bool(value), node.location) }
    do throws(InvalidInput) {
      let template =
        text.contains("${{") ? try marked(text, of: node) : try bare(text, of: node)
      if case .expression = template { return template }
    } catch {
      skip(node)
      diagnostics.add(error.diagnostics)
      return nil
    }
    skip(node)
    report(
      .notACondition, "\(subject) must be one expression", at: node.location,
      hint: "leave `${{` and `}}` away, or put the whole condition between them")
    return nil
  }

  private func marked(_ text: String, of node: YAMLNode) throws(InvalidInput) -> Template {
    try Template.parse(text, literal: .string(text)) { node.location(ofScalarOffset: $0) }
  }

  /// Reads a bare expression as if its marks were there.
  private func bare(_ text: String, of node: YAMLNode) throws(InvalidInput) -> Template {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw InvalidInput([
        Diagnostic(.expressionSyntax, "the expression is empty", at: node.location)
      ])
    }
    let opening = "${{ "
    // A line of its own keeps the closing mark out of a comment at the end.
    return try Template.parse(opening + text + "\n}}", literal: .string(text)) { offset in
      node.location(ofScalarOffset: max(0, offset - opening.unicodeScalars.count))
    }
  }

  /// One condition or a list of them, each bare or as `{ that, message }`.
  mutating func assertions(of node: YAMLNode, _ subject: String) -> [Assertion] {
    guard node.elements != nil else { return [assertion(of: node, subject)].compactMap(\.self) }
    return (elements(of: node, subject) ?? []).compactMap { assertion(of: $0, subject) }
  }

  private mutating func assertion(of node: YAMLNode, _ subject: String) -> Assertion? {
    let start = node.headLocation
    guard let written = node.entries else {
      let hint = "write a condition, or `{ that: condition, message: string }`"
      guard node.text != nil else {
        reportShape(of: node, "a condition", expected: "a string or a map", hint: hint)
        return nil
      }
      return condition(of: node, subject).map { Assertion(condition: $0, location: start) }
    }
    let entries = checkKeys(of: written, of: subject, known: PlaybookMapping.assertion.keys)
    let condition = required("that", in: entries, of: "a condition", at: start)
      .flatMap { self.condition(of: $0, "`that`") }
    let message = entries.value(of: "message").flatMap { textTemplate(of: $0, "`message`") }
    return condition.map { Assertion(condition: $0, message: message, location: start) }
  }
}
