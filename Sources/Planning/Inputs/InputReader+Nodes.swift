import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Nodes of a YAML or JSON file: each part is checked at its own place.
extension InputReader {
  /// The value of `node`, of the declared type; paths in it begin in `folder`.
  ///
  /// Throws everything that is wrong with it at once.
  mutating func value(of node: YAMLNode, folder: String) throws(InvalidInput) -> Value {
    var schema = declaration.schema
    schema.isSensitive = schema.isSensitive || isUsedAsSecret
    var flaws: [Diagnostic] = []
    let value = read(node, as: schema, for: what, in: folder, noting: &flaws)
    guard let value, flaws.isEmpty else { throw InvalidInput(flaws.map(unquoted)) }
    return declaration.type.value(from: value, .computed) ?? value
  }

  /// The value of a part with its secrets and files resolved; nil when it is wrong, as `flaws` say.
  private mutating func read(
    _ node: YAMLNode, as schema: ValueSchema, for what: Subject, in folder: String,
    noting flaws: inout [Diagnostic]
  ) -> Value? {
    switch (schema.type, node.content) {
    case (.secret, .scalar) where node.scalarKind == .null:
      flaws.append(
        Diagnostic(
          .wrongType, "\(what) is a secret, and null is no value of one", at: node.location,
          hint: "write `env:VARIABLE` or `file:PATH`"))
      return nil
    case (.secret, .scalar(let text, _)):
      let value = noting(&flaws) { reader throws(InvalidInput) in
        try reader.secret(text, for: what, folder: folder, at: node.location)
      }
      return value.flatMap { checked($0, of: node, as: schema, for: what, noting: &flaws) }
    case (.file, .scalar(let text, _)):
      return noting(&flaws) { reader throws(InvalidInput) in
        try reader.file(text, for: what, folder: folder, at: node.location)
      }
    case (.list(let element), .sequence(let nodes)):
      let element = schema.schema(ofPart: ValueSchema(element))
      var values: [Value] = []
      for (index, node) in nodes.enumerated() {
        let value = read(node, as: element, for: what.element(index), in: folder, noting: &flaws)
        if let value { values.append(value) }
      }
      return .list(values)
    case (.map(let element), .mapping(let entries)):
      let element = schema.schema(ofPart: ValueSchema(element))
      var map = ValueMap()
      for entry in entries {
        map[entry.key] = read(
          entry.value, as: element, for: what.value(entry.key), in: folder, noting: &flaws)
      }
      return .map(map)
    case (.record(let fields), .mapping(let entries)):
      return record(
        of: entries, fields, at: node.headLocation, as: schema, for: what, in: folder,
        noting: &flaws)
    case (.any, .sequence), (.any, .mapping), (_, .scalar):
      warnOfExpressions(in: node, as: schema)
      return checked(node.value, of: node, as: schema, for: what, noting: &flaws)
    case (_, .sequence):
      flaws += schema.unquoted(
        schema.diagnostics(in: .list([], node.location), for: what) { _ in .dyn })
      return nil
    case (_, .mapping):
      flaws += schema.unquoted(
        schema.diagnostics(in: .map([:], node.location), for: what) { _ in .dyn })
      return nil
    case (_, .unreadable): return nil
    }
  }

  /// A record with all its fields, those that are left out with their defaults.
  private mutating func record(
    of entries: [YAMLNode.Entry], _ fields: OrderedDictionary<String, InputDeclaration>,
    at location: SourceLocation, as schema: ValueSchema, for what: Subject, in folder: String,
    noting flaws: inout [Diagnostic]
  ) -> Value? {
    var map = ValueMap()
    let given = entries.map(\.key)
    for entry in entries {
      guard let field = fields[entry.key] else {
        flaws.append(
          schema.unknownField(
            entry.key, what, at: entry.keyLocation, among: fields, besides: given))
        continue
      }
      map[entry.key] = read(
        entry.value, as: schema.schema(ofPart: field.schema), for: what.value(entry.key),
        in: folder, noting: &flaws)
    }
    flaws += schema.missingFields(what, at: location, among: fields, besides: given)
    for (name, field) in fields where !given.contains(name) {
      guard let value = field.defaultValue else { continue }
      map[name] = noting(&flaws) { reader throws(InvalidInput) in
        try reader.settle(value, of: field, for: what.value(name))
      }
    }
    return .map(map)
  }

  /// The value if it keeps to the schema.
  private func checked(
    _ value: Value, of node: YAMLNode, as schema: ValueSchema, for what: Subject,
    noting flaws: inout [Diagnostic]
  ) -> Value? {
    if !schema.type.holdsSecret, let flaw = node.tooLargeNumber {
      flaws.append(flaw)
      return nil
    }
    let spelling = node.text.flatMap { node.scalarValue.spelling($0) }
    let found = schema.diagnostics(
      in: isUsedAsSecret ? value.hidden : value, written: isUsedAsSecret ? nil : spelling,
      at: node.location, for: what)
    flaws += schema.type == .secret ? found : schema.unquoted(found)
    return found.isEmpty ? value : nil
  }

  private mutating func noting(
    _ flaws: inout [Diagnostic], _ body: (inout Self) throws(InvalidInput) -> Value
  ) -> Value? {
    do throws(InvalidInput) {
      return try body(&self)
    } catch {
      flaws += error.diagnostics
      return nil
    }
  }

  /// Warns of what is meant as an expression: an inputs file holds values only.
  private mutating func warnOfExpressions(in node: YAMLNode, as schema: ValueSchema) {
    guard !schema.holdsSecret else { return }
    warnOfExpressions(in: node)
  }

  private mutating func warnOfExpressions(in node: YAMLNode) {
    switch node.content {
    case .scalar(let text, _): warnOfExpression(in: text, at: node.location)
    case .sequence(let nodes): for node in nodes { warnOfExpressions(in: node) }
    case .mapping(let entries): for entry in entries { warnOfExpressions(in: entry.value) }
    case .unreadable: break
    }
  }

  mutating func warnOfExpression(in text: String, at location: SourceLocation) {
    let isExpression = text.utf8.contains(UInt8(ascii: "$")) && text.contains("${{")
    guard isExpression || ExpressionLookalike.hint(for: text) != nil else { return }
    warnings.append(
      Diagnostic(
        .stringLikeExpression, "this is a string, although it looks like an expression",
        at: location, hint: "\(holder) has no expressions: write the value", severity: .warning))
  }
}

extension ValueSchema {
  /// The diagnostics about a value of the wrong shape: without its line where it was to hold secrets, as
  /// nothing in it shows which part is one.
  fileprivate func unquoted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    guard holdsSecret else { return diagnostics }
    return diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.quotation = .none
      return diagnostic
    }
  }
}
