import Diagnostics
package import Expressions
import OrderedCollections

extension PlaybookReader {
  /// A value with expressions in it, or nil; what is readable of one that is not remains.
  mutating func template(of node: YAMLNode) -> Template? {
    switch node.content {
    case .scalar(let text, _): return scalarTemplate(text, of: node)
    case .sequence(let elements):
      let templates = elements.map { template(of: $0) }
      guard !templates.contains(nil) else { return leave(templates) }
      return .list(templates.compactMap(\.self), node.location)
    case .mapping(let entries):
      var fields: OrderedDictionary<String, Template> = [:]
      var isWhole = true
      for entry in entries {
        let key = key(of: entry)
        isWhole = key != nil && isWhole
        fields[key ?? entry.key] = template(of: entry.value)
      }
      guard isWhole, fields.count == entries.count else { return leave(Array(fields.values)) }
      return .map(fields, node.headLocation)
    case .unreadable(let parts):
      skip(node)
      return leave(parts.map { template(of: $0) })
    }
  }

  /// Keeps the readable parts of a value that is not whole, to be checked.
  mutating func leave<Value>(_ parts: [Template?]) -> Value? {
    remains += parts.compactMap(\.self)
    return nil
  }

  /// A text with expressions in it, or nil; plain numbers and booleans are taken as written.
  package mutating func textTemplate(of node: YAMLNode, _ subject: String) -> Template? {
    guard let text = node.text, node.scalarKind != .null else {
      reportShape(of: node, subject, expected: "a string")
      return nil
    }
    return parse(text, literal: .string(text), of: node)
  }

  /// The entries under `with`, and whether they can be read as entries at all.
  mutating func readArguments(
    in entries: [YAMLNode.Entry]
  ) -> (OrderedDictionary<String, Argument>, areAll: Bool) {
    guard let node = entries.value(of: "with") else { return ([:], true) }
    guard let fields = self.entries(of: node, "`with`") else { return ([:], false) }
    var arguments: OrderedDictionary<String, Argument> = [:]
    for entry in fields {
      guard let key = key(of: entry) else { continue }
      arguments[key] = Argument(
        value: template(of: entry.value), location: entry.keyLocation)
    }
    return (arguments, arguments.count == fields.count)
  }

  /// The key with each `$${{` as `${{`, or nil when it holds an expression.
  private mutating func key(of entry: YAMLNode.Entry) -> String? {
    if let key = Template.literalString(of: entry.key) { return key }
    unread.add(entry.key)
    report(
      .expressionNotAllowed, "a key cannot be an expression", at: entry.keyLocation,
      hint: "make the whole map one expression: ${{ {inputs.key: inputs.value} }}")
    return nil
  }

  private mutating func scalarTemplate(_ text: String, of node: YAMLNode) -> Template? {
    if isTooLarge(node) { return nil }
    return parse(text, literal: node.scalarValue, of: node)
  }

  /// Whether a number does not fit 64 bits, reported when it does not.
  mutating func isTooLarge(_ node: YAMLNode) -> Bool {
    guard let diagnostic = node.tooLargeNumber else { return false }
    diagnostics.add(diagnostic)
    return true
  }

  private mutating func parse(_ text: String, literal: Value, of node: YAMLNode) -> Template? {
    do throws(InvalidInput) {
      let template = try Template.parse(text, literal: literal) { offset in
        node.location(ofScalarOffset: offset)
      }
      if !text.utf8.contains(UInt8(ascii: "$")) || !text.contains("$${{") {
        warnOfLookalike(in: template, at: node.location)
      }
      return template.placed(at: node.location)
    } catch {
      diagnostics.add(error.diagnostics)
      let readable = Template.readableExpressions(of: text) { node.location(ofScalarOffset: $0) }
      unread.add(readable.reduce(text) { $0.replacing($1.source, with: " ") })
      return leave(readable.map { .expression($0) })
    }
  }
}

extension PlaybookReader {
  /// Warns of a string that is written like an expression of another tool; it would be sent as it is.
  mutating func warnOfLookalike(in template: Template, at location: SourceLocation) {
    let names = ExpressionLookalike.Names(inputs: inputNames, bound: boundNames)
    guard case .literal(.string(let text), _, _) = template,
      let hint = ExpressionLookalike.hint(for: text, knowing: names)
    else { return }
    diagnostics.add(
      Diagnostic(
        .stringLikeExpression, "this is a string, although it looks like an expression",
        at: location, hint: hint,
        fix: ExpressionLookalike.meant(by: text, knowing: names).flatMap {
          Fix($0, insteadOf: text, at: location)
        }, severity: .warning))
  }
}

extension Template {
  /// A literal or text with the place of its whole scalar, quotes included.
  fileprivate func placed(at location: SourceLocation) -> Template {
    switch self {
    case .literal(let value, _, let written): .literal(value, location, written: written)
    case .text(let parts, _): .text(parts, location)
    case .expression, .list, .map: self
    }
  }
}
