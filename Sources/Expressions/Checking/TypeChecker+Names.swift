import Diagnostics
import OrderedCollections

extension TypeChecker {
  mutating func type(of name: SyntaxNode.Name, at node: SyntaxNode) -> StaticType {
    if !name.isAbsolute, let local = locals.last(where: { $0.name == name.text }) {
      return local.type
    }
    if let type = environment[name.text] { return available(type, at: node.focus) }
    if Value.typeNames.contains(name.text) { return .type }
    let names = environment.names + locals.map(\.name)
    return report(
      .unknownName, "unknown name `\(name.text)`", at: node.focus,
      hint: Self.foreignWords[name.text].map { "write `\($0)`" }
        ?? didYouMean(name.text, among: names),
      replacement: Self.foreignWords[name.text] ?? nearestName(to: name.text, among: names))
  }

  /// Values of other languages, and what they are called here.
  private static let foreignWords = [
    "None": "null", "nil": "null", "undefined": "null", "True": "true", "False": "false",
  ]

  mutating func select(
    _ field: String, of operand: SyntaxNode, at node: SyntaxNode
  ) -> StaticType {
    if let type = qualifiedType(of: node) { return available(type, at: node.focus) }
    let (container, isOptional) = type(of: operand).unwrapped
    let type = fieldType(field, in: container, at: node.focus)
    return isOptional ? .optional(type) : type
  }

  /// `operand.?field`.
  mutating func optionalSelect(
    _ field: String, of operand: SyntaxNode, at node: SyntaxNode
  ) -> StaticType {
    .optional(fieldType(field, in: type(of: operand).unwrapped.type, at: node.focus))
  }

  /// The type of what `?node` adds to a list or map.
  mutating func optionalMember(_ node: SyntaxNode) -> StaticType {
    let optional = type(of: node)
    guard optional != .dyn else { return .dyn }
    return optional.optionalContent
      ?? report(
        .wrongType, "`?` needs an optional, not \(optional)", at: node.span,
        hint: "leave out the `?`")
  }

  mutating func has(_ field: String, in operand: SyntaxNode, at node: SyntaxNode) -> StaticType {
    _ = fieldType(field, in: type(of: operand).unwrapped.type, at: node.focus)
    return .bool
  }

  mutating func element(
    of operand: SyntaxNode, at index: SyntaxNode, node: SyntaxNode
  ) -> StaticType {
    let (container, isOptional) = type(of: operand).unwrapped
    let type = elementType(of: container, at: index, node: node)
    return isOptional ? .optional(type) : type
  }

  /// `operand[?index]`.
  mutating func optionalElement(
    of operand: SyntaxNode, at index: SyntaxNode, node: SyntaxNode
  ) -> StaticType {
    .optional(elementType(of: type(of: operand).unwrapped.type, at: index, node: node))
  }

  private mutating func elementType(
    of container: StaticType, at index: SyntaxNode, node: SyntaxNode
  ) -> StaticType {
    if case .object = container, case .literal(.string(let field)) = index.kind {
      return fieldType(field, in: container, at: index.span, quote: "'")
    }
    let key = type(of: index)
    let wanted: StaticType
    let element: StaticType
    switch container {
    case .dyn: return .dyn
    case .list(let type): (wanted, element) = (.int, type)
    case .map(let keyType, let type): (wanted, element) = (keyType, type)
    case .object(let fields):
      (wanted, element) = (.string, StaticType(joiningEntriesOf: fields))
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .attribute, .unavailable:
      return report(.wrongType, "\(container) has no elements", at: node.focus)
    }
    guard wanted.accepts(key) else {
      return report(
        .wrongType, "an element of \(container) is found by \(wanted), not \(key)",
        at: index.span)
    }
    return available(element, at: index.span)
  }

  private mutating func fieldType(
    _ field: String, in container: StaticType, at span: SourceSpan, quote: String = ""
  ) -> StaticType {
    switch container {
    case .dyn: return .dyn
    case .object(let fields):
      guard let type = fields[field] else {
        return report(
          .unknownField, "unknown field `\(field)`", at: span,
          hint: didYouMean(field, among: fields.keys) ?? Self.list(fields.keys.elements),
          replacement: nearestName(to: field, among: fields.keys).map { quote + $0 + quote })
      }
      return available(type, at: span)
    case .map(let key, let value) where key.accepts(.string): return value
    case .map(let key, _):
      return report(.wrongType, "the keys of the map are \(key), not string", at: span)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .list,
      .attribute, .unavailable:
      return report(
        .wrongType, "\(container) has no fields", at: span,
        hint: OtherFunctions.hint(forField: field, of: container.description))
    }
  }

  /// The type of a variable whose name has dots in it, the longest such name first.
  private func qualifiedType(of node: SyntaxNode) -> StaticType? {
    guard let path = node.qualifiedName, let root = node.rootName,
      root.isAbsolute || !locals.contains(where: { $0.name == root.text })
    else { return nil }
    if environment.hasQualifiedNames, let type = environment[path] { return type }
    return Value.typeNames.contains(path) ? .type : nil
  }

  /// A hint naming the fields there are, when they are few.
  private static func list(_ names: [String]) -> String? {
    guard !names.isEmpty, names.count <= 8 else { return nil }
    return "there " + (names.count == 1 ? "is " : "are ")
      + names.map { "`\($0)`" }.joined(separator: ", ")
  }
}
