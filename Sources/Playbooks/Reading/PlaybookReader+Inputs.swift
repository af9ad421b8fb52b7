package import Diagnostics
import Expressions
import OrderedCollections

extension PlaybookReader {
  mutating func readInputs(_ node: YAMLNode) -> OrderedDictionary<String, InputDeclaration> {
    declarations(in: entries(of: node, "`inputs`") ?? [], .input)
  }

  mutating func declarations(
    in entries: [YAMLNode.Entry], _ kind: DeclarationKind
  ) -> OrderedDictionary<String, InputDeclaration> {
    var declarations: OrderedDictionary<String, InputDeclaration> = [:]
    for entry in entries {
      let isNamed = checkName(entry.key, kind.phrase, at: entry.keyLocation)
      if let declaration = readDeclaration(entry, kind), isNamed {
        declarations[entry.key] = declaration
      } else {
        unread.words.insert(entry.key)
      }
    }
    return declarations
  }

  private mutating func readDeclaration(
    _ entry: YAMLNode.Entry, _ kind: DeclarationKind
  ) -> InputDeclaration? {
    let subject = "the \(kind.noun) `\(entry.key)`"
    let word = entry.value.text.flatMap { ValueType(declaredAs: $0) }?.word ?? "string"
    let hint = "write `\(entry.key): { type: \(word) }`"
    guard
      let written = typeAlone(entry.value, kind) ?? entries(of: entry.value, subject, hint: hint)
    else { return nil }
    let entries = checkKeys(of: written, of: kind.phrase, known: kind.mapping.keys)
    let typeNode = required("type", in: entries, of: subject, at: entry.keyLocation, hint: hint)
    let summary = entries.value(of: "summary").flatMap { plainText(of: $0, "`summary`") }
    guard let typeNode, let type = readType(typeNode, entries, of: subject) else { return nil }
    var input = InputDeclaration(
      ValueSchema(type), summary: summary?.value, location: entry.keyLocation)
    var isWhole = true
    if let pattern = entries.entry(of: "pattern") {
      input.schema.pattern = readPattern(pattern, type)
      isWhole = input.schema.pattern != nil
    }
    if let allowed = entries.entry(of: "enum") {
      let values = readAllowed(allowed, type)
      input.schema.allowed = values ?? []
      isWhole = isWhole && values != nil
    }
    if let value = entries.value(of: "default") {
      input.defaultValue = readDefault(value, input)
      isWhole = isWhole && input.defaultValue != nil
    }
    if let new = entries.entry(of: "new") { input.isNew = readNew(new, type) }
    return isWhole ? input : nil
  }

  /// The short form of a field, which is its type: `name: string`.
  private func typeAlone(_ node: YAMLNode, _ kind: DeclarationKind) -> [YAMLNode.Entry]? {
    switch kind {
    case .input: return nil
    case .field:
      guard node.text != nil, node.scalarKind != .null else { return nil }
      return [YAMLNode.Entry(key: "type", keyLocation: node.location, value: node)]
    }
  }

  private mutating func readNew(_ entry: YAMLNode.Entry, _ type: ValueType) -> Bool {
    guard case .secret = type else {
      report(
        .misplacedKey, "`new` does not go with the type `\(type.word)`", at: entry.keyLocation,
        hint: "it goes with `secret`: a new secret is typed twice")
      return false
    }
    return readFlag(entry.value, "`new`")
  }

  // MARK: What restricts a value

  private mutating func readPattern(
    _ entry: YAMLNode.Entry, _ type: ValueType
  ) -> String? {
    switch type {
    case .string, .secret: break
    case .integer, .number, .boolean, .bytes, .file, .any, .list, .map, .record:
      report(
        .misplacedKey, "`pattern` does not go with the type `\(type.word)`",
        at: entry.keyLocation,
        hint: "it goes with `string` and `secret`")
      return nil
    }
    guard let text = plainText(of: entry.value, "`pattern`") else { return nil }
    if let problem = ValuePattern.problem(in: text.value) {
      report(
        .invalidPattern, problem, at: text.location,
        hint: "patterns have the syntax of RE2, and match the whole string")
      return nil
    }
    return text.value
  }

  private mutating func readAllowed(
    _ entry: YAMLNode.Entry, _ type: ValueType
  ) -> [Value]? {
    switch type {
    case .string, .integer, .number: break
    case .boolean, .bytes, .secret, .file, .any, .list, .map, .record:
      report(
        .misplacedKey, "`enum` does not go with the type `\(type.word)`",
        at: entry.keyLocation,
        hint: "it goes with `string`, `integer` and `number`")
      return nil
    }
    guard let elements = elements(of: entry.value, "`enum`") else { return nil }
    var allowed: [Value] = []
    for element in elements {
      guard let value = readValue(element, type, "a value of `enum`") else { continue }
      if allowed.contains(value) {
        report(.duplicateValue, "this value of `enum` is given twice", at: element.location)
      } else {
        allowed.append(value)
      }
    }
    return allowed.count == elements.count ? allowed : nil
  }

  private mutating func readDefault(_ node: YAMLNode, _ input: InputDeclaration) -> Value? {
    guard !input.type.holdsSecret || node.isEmptyCollection else {
      diagnostics.add(
        Diagnostic(
          .secretInClear, "a secret has no default", at: input.location,
          hint: "pass it to the run: `--input name=env:VARIABLE`", quotation: .none))
      return nil
    }
    guard let value = readValue(node, input.type, "`default`") else { return nil }
    for flaw in input.schema.partObjections(to: value, .written) {
      report(
        .invalidDefault, "`default\(flaw.path)` \(flaw.objection.phrase)",
        at: node.headLocation)
    }
    return value
  }

  /// Plain data of `type`, or nil.
  private mutating func readValue(
    _ node: YAMLNode, _ type: ValueType, _ subject: String
  ) -> Value? {
    if let place = node.firstExpression {
      skip(node)
      report(
        .expressionNotAllowed, "\(subject) cannot hold an expression", at: place,
        hint: "it must be known before the playbook runs: write it out")
      return nil
    }
    if let flaw = node.tooLargeNumber {
      diagnostics.add(flaw)
      return nil
    }
    if let value = type.value(from: node.value.unescaped, .written) { return value }
    reportMismatch(of: node, with: type, subject)
    return nil
  }

  /// Points at the innermost part of `node` that is not what `type` asks for.
  private mutating func reportMismatch(
    of node: YAMLNode, with type: ValueType, _ subject: String
  ) {
    if case .record(let fields) = type, let entries = node.entries {
      reportMismatches(of: entries, with: fields, at: node.headLocation)
    } else if let element = type.element, let parts = type.parts(of: node) {
      for part in parts where element.value(from: part.value, .written) == nil {
        reportMismatch(of: part, with: element, "an element of `default`")
      }
    } else {
      let isQuotable = type == .string && node.text != nil && node.scalarKind != .null
      reportShape(
        of: node, subject, expected: type.writtenPhrase,
        hint: type == .boolean ? Self.boolean(for: node.text) : isQuotable ? "quote it" : nil)
    }
  }

  private mutating func reportMismatches(
    of entries: [YAMLNode.Entry], with fields: OrderedDictionary<String, InputDeclaration>,
    at location: SourceLocation
  ) {
    for entry in entries {
      guard let field = fields[entry.key] else {
        report(
          .unknownField, "`default` has no field `\(entry.key)`", at: entry.keyLocation,
          hint: didYouMean(entry.key, among: fields.keys)
            ?? "the fields are \(Self.enumeration(of: Array(fields.keys)))")
        continue
      }
      guard field.type.value(from: entry.value.value, .written) == nil else { continue }
      reportMismatch(of: entry.value, with: field.type, "the field `\(entry.key)` of `default`")
    }
    let misspelt = entries.filter { fields[$0.key] == nil }
      .compactMap { nearestName(to: $0.key, among: fields.keys) }
    for (name, field) in fields where field.defaultValue == nil {
      guard entries.entry(of: name) == nil, !misspelt.contains(name) else { continue }
      report(
        .missingField, "`default` needs the field `\(name)` (\(field.phrase))", at: location)
    }
  }

  /// The hint for what YAML 1.1 takes for a boolean.
  private static func boolean(for text: String?) -> String? {
    switch text?.lowercased() {
    case "yes", "on", "y", "1", "true": "write `true`"
    case "no", "off", "n", "0", "false": "write `false`"
    default: nil
    }
  }
}

extension ValueType {
  /// The elements of `node` when it is a list or map as this type asks for, else nil.
  fileprivate func parts(of node: YAMLNode) -> [YAMLNode]? {
    switch self {
    case .list: node.elements
    case .map: node.entries?.map(\.value)
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any, .record: nil
    }
  }
}

extension Value {
  /// The value with each `$${{` of its strings as `${{`; it holds no expressions.
  fileprivate var unescaped: Value {
    switch self {
    case .string(let text): return .string(Template.literalString(of: text) ?? text)
    case .list(let elements): return .list(elements.map(\.unescaped))
    case .map(let map):
      var result = ValueMap()
      for (key, value) in map.entries {
        result[key.unescaped.text ?? ""] = value.unescaped
      }
      return .map(result)
    case .null, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .type, .secret,
      .unknown:
      return self
    }
  }
}

extension YAMLNode {
  fileprivate var isEmptyCollection: Bool { entries?.isEmpty ?? elements?.isEmpty ?? false }

  /// Where the first scalar with an expression in it stands, or nil.
  package var firstExpression: SourceLocation? {
    switch content {
    case .scalar(let text, _): Template.literalString(of: text) == nil ? location : nil
    case .sequence(let elements): elements.lazy.compactMap(\.firstExpression).first
    case .mapping(let entries):
      entries.lazy.compactMap { entry in
        Template.literalString(of: entry.key) == nil
          ? entry.keyLocation : entry.value.firstExpression
      }.first
    case .unreadable: nil
    }
  }
}
