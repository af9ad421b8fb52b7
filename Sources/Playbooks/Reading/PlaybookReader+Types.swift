import Diagnostics
import OrderedCollections

/// What is declared: the inputs of a playbook and the fields of a record are written alike.
enum DeclarationKind {
  case input
  case field

  var noun: String {
    switch self {
    case .input: "input"
    case .field: "field"
    }
  }

  var phrase: String {
    switch self {
    case .input: "an input"
    case .field: "a field"
    }
  }

  var mapping: PlaybookMapping {
    switch self {
    case .input: .input
    case .field: .field
    }
  }
}

/// Types of inputs and of their parts.
extension PlaybookReader {
  /// The type that a declaration names, with what goes with it among `entries`.
  mutating func readType(
    _ node: YAMLNode, _ entries: [YAMLNode.Entry], of subject: String
  ) -> ValueType? {
    guard let type = readTypeName(node) else { return nil }
    if case .record = type { return readRecord(entries, of: subject, at: node.location) }
    if let fields = entries.entry(of: "fields") {
      skip(fields.value)
      report(
        .misplacedKey, "`fields` does not go with the type `\(type.word)`",
        at: fields.keyLocation,
        hint: type.word == "map" ? "write `type: record`" : "it goes with `record`")
      return nil
    }
    guard let element = entries.entry(of: "of") else { return type }
    switch type {
    case .list: return readElementType(element.value).map { .list(of: $0) }
    case .map: return readElementType(element.value).map { .map(of: $0) }
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any, .record:
      reportMisplacedElement(element, type)
      return nil
    }
  }

  private mutating func reportMisplacedElement(_ entry: YAMLNode.Entry, _ type: ValueType) {
    report(
      .misplacedKey, "`of` does not go with the type `\(type.word)`", at: entry.keyLocation,
      hint: "it goes with `list` and `map`")
  }

  private mutating func readElementType(_ node: YAMLNode) -> ValueType? {
    guard let written = node.entries else {
      guard let type = readTypeName(node) else { return nil }
      guard case .record = type else { return type }
      return readRecord([], of: "`of`", at: node.location)
    }
    let entries = checkKeys(of: written, of: "`of`", known: PlaybookMapping.element.keys)
    let type = required("type", in: entries, of: "`of`", at: node.headLocation)
    return type.flatMap { readType($0, entries, of: "`of`") }
  }

  private mutating func readRecord(
    _ entries: [YAMLNode.Entry], of subject: String, at location: SourceLocation
  ) -> ValueType? {
    if let element = entries.entry(of: "of") { reportMisplacedElement(element, .record([:])) }
    let hint = "write `{ type: record, fields: { name: { type: string } } }`"
    guard
      let node = required("fields", in: entries, of: subject, at: location, hint: hint),
      let written = self.entries(of: node, "`fields`", hint: hint)
    else { return nil }
    guard !written.isEmpty else {
      report(.emptyCollection, "`fields` must not be empty", at: node.location, hint: hint)
      return nil
    }
    let fields = declarations(in: written, .field)
    let isWhole = fields.count == written.count && entries.entry(of: "of") == nil
    return isWhole ? .record(fields) : nil
  }

  mutating func readTypeName(_ node: YAMLNode) -> ValueType? {
    guard let name = plainText(of: node, "a type") else { return nil }
    if let type = ValueType(declaredAs: name.value) { return type }
    let names = ValueType.declarable.map(\.word)
    report(
      .unknownType, "there is no type `\(name.value)`", at: name.location,
      hint: Self.otherTypes[name.value.lowercased()].map { "write `\($0)`" }
        ?? didYouMean(name.value, among: names) ?? "the types are \(Self.enumeration(of: names))",
      fix: (Self.otherTypes[name.value.lowercased()] ?? nearestName(to: name.value, among: names))
        .flatMap { Fix($0, insteadOf: name.value, at: name.location) })
    return nil
  }

  /// What other tools call the types.
  private static let otherTypes = [
    "int": "integer", "float": "number", "double": "number", "str": "string", "text": "string",
    "bool": "boolean", "array": "list", "set": "list", "object": "map", "dict": "map",
    "password": "secret", "sensitive": "secret", "path": "file", "struct": "record",
  ]
}
