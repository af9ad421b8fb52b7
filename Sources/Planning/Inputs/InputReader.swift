import Diagnostics
import Expressions
import Files
import OrderedCollections
import Playbooks

/// Reads the value of one declared input.
struct InputReader {
  let name: String
  let declaration: InputDeclaration
  let sources: InputSources
  var secretRules = SecretRules.standard
  /// Whether what is given is used as a secret although it is not declared as one.
  var isUsedAsSecret = false
  /// What deserves a look in what was read.
  var warnings: [Diagnostic] = []

  /// What kind of file the value stands in.
  private(set) var holder = "an inputs file"

  var what: Subject { Subject("the input", name) }

  /// The value that the user gave, of the declared type.
  mutating func read(_ input: ProvidedInput) throws(InvalidInput) -> Value {
    switch input.source {
    case .commandLine(let text):
      secretRules.literals = .refused
      return try value(
        of: text, folder: "", at: ProvidedInput.place(ofValue: text, for: name),
        secretAt: ProvidedInput.place(ofValue: "•••", for: name))
    case .file(let node):
      secretRules.literals = .refused
      return try checked(node, folder: UserPath.folder(of: node.location.file, current: ""))
    case .cell(let cell):
      holder = "a tenants file"
      return try value(
        of: cell, folder: UserPath.folder(of: cell.location.file, current: ""))
    }
  }

  /// The default, of the declared type; a file's path is relative to the playbook.
  func settle(default value: Value) throws(InvalidInput) -> Value {
    let folder = UserPath.folder(of: declaration.location.file, current: "")
    return try settle(value, declaration.type, folder: folder)
  }

  /// The value if it keeps to the declaration's type, pattern and enum.
  func checked(
    _ value: Value, written: String? = nil, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    var schema = declaration.schema
    schema.isSensitive = isUsedAsSecret
    let diagnostics = schema.diagnostics(
      in: isUsedAsSecret ? value.hidden : value, written: isUsedAsSecret ? nil : written,
      at: location, for: what)
    guard diagnostics.isEmpty else { throw InvalidInput(diagnostics.map(unquoted)) }
    return declaration.type.value(from: value, .computed) ?? value
  }
}

extension InputReader {
  /// The diagnostic without the line it points at, when that holds what is used as a secret.
  private func unquoted(_ diagnostic: Diagnostic) -> Diagnostic {
    var diagnostic = diagnostic
    if isUsedAsSecret { diagnostic.quotation = .none }
    return diagnostic
  }
}

/// Text without a type, of the command line or of a cell.
extension InputReader {
  /// A path in `text` begins in `folder`; `secretAt` is the place of a secret, of which not even the
  /// length is shown.
  mutating func value(
    of text: String, folder: String, at place: SourceLocation, secretAt hidden: SourceLocation
  ) throws(InvalidInput) -> Value {
    switch declaration.type {
    case .string: return try checked(.string(text), at: place)
    case .integer:
      guard let int = Int64(text) else { throw malformed(text, at: place) }
      return try checked(.int(int), at: place)
    case .number:
      guard let double = Double(text), double.isFinite else { throw malformed(text, at: place) }
      return try checked(.double(double), at: place)
    case .boolean:
      guard let bool = Bool(text) else { throw malformed(text, at: place) }
      return try checked(.bool(bool), at: place)
    case .secret: return try checked(try secret(text, folder: folder, at: hidden), at: hidden)
    case .file: return try file(text, folder: folder, at: place)
    case .list, .map, .bytes, .any:
      return try checked(try node(of: text, at: place), folder: folder)
    }
  }

  /// The value as JSON or YAML, each part of it with its position in the argument.
  private func node(
    of text: String, at place: SourceLocation
  ) throws(InvalidInput) -> YAMLNode {
    let isOneLine = !text.contains(where: \.isNewline)
    // Blanks in place of the name keep the columns of the argument.
    let lead = isOneLine ? String(repeating: " ", count: place.column - 1) : ""
    return try YAMLNode(parsingData: Array((lead + text).utf8), file: place.file)
  }

  private func malformed(_ text: String, at place: SourceLocation) -> InvalidInput {
    let wanted = declaration.type.phrase
    // What is used as a secret is not shown, whatever is wrong with it.
    guard !isUsedAsSecret else {
      return InvalidInput([
        Diagnostic(.wrongType, "\(what) must be \(wanted)", at: place, quotation: .none)
      ])
    }
    guard CoreSchema.holds(text) else {
      return flaw(
        .numberTooLarge, "\(what) must fit 64 bits, and \(text) does not", at: place)
    }
    let pointed = text.replacing(",", with: ".")
    let hasComma = declaration.type == .number && pointed != text && Double(pointed) != nil
    return flaw(
      .wrongType, "\(what) must be \(wanted), not `\(text)`", at: place,
      hint: hasComma ? "numbers have a decimal point and no commas" : nil)
  }
}

/// Nodes of a YAML or JSON file.
extension InputReader {
  mutating func checked(_ node: YAMLNode, folder: String) throws(InvalidInput) -> Value {
    if !declaration.type.holdsSecret, !declaration.type.holdsFile, let flaw = node.tooLargeNumber {
      throw InvalidInput([unquoted(flaw)])
    }
    if node.text == nil, !declaration.type.holdsFile {
      // Here each part still has its place.
      let shape = ValueSchema(declaration.type, isSensitive: isUsedAsSecret)
      let diagnostics = shape.diagnostics(in: node.template, for: what) { _ in .dyn }
      guard diagnostics.isEmpty else { throw InvalidInput(diagnostics.map(unquoted)) }
    }
    if !declaration.type.holdsSecret, !isUsedAsSecret { warnOfExpressions(in: node) }
    return try checked(
      try value(of: node, declaration.type, folder: folder),
      written: node.text.flatMap { node.scalarValue.spelling($0) }, at: node.location)
  }

  /// Warns of what is meant as an expression: an inputs file holds values only.
  private mutating func warnOfExpressions(in node: YAMLNode) {
    switch node.content {
    case .scalar(let text, _): warnOfExpression(in: text, at: node.location)
    case .sequence(let nodes): for node in nodes { warnOfExpressions(in: node) }
    case .mapping(let entries): for entry in entries { warnOfExpressions(in: entry.value) }
    case .unreadable: break
    }
  }

  mutating func warnOfExpression(in text: String, at location: SourceLocation) {
    guard text.contains("${{") || ExpressionLookalike.hint(for: text) != nil else { return }
    warnings.append(
      Diagnostic(
        .stringLikeExpression, "this is a string, although it looks like an expression",
        at: location, hint: "\(holder) has no expressions: write the value", severity: .warning))
  }

  /// The node's value with its secrets and files resolved; the rest is as written.
  private mutating func value(
    of node: YAMLNode, _ type: ValueType, folder: String
  ) throws(InvalidInput) -> Value {
    switch (type, node.content) {
    case (.secret, .scalar(let text, _)):
      return try secret(text, folder: folder, at: node.location)
    case (.file, .scalar(let text, _)): return try file(text, folder: folder, at: node.location)
    case (.list(let element), .sequence(let nodes)):
      var elements: [Value] = []
      for node in nodes { elements.append(try value(of: node, element, folder: folder)) }
      return .list(elements)
    case (.map(let element), .mapping(let entries)):
      var map = ValueMap()
      for entry in entries {
        map[entry.key] = try value(of: entry.value, element, folder: folder)
      }
      return .map(map)
    case (_, .scalar), (_, .sequence), (_, .mapping), (_, .unreadable): return node.value
    }
  }
}

/// Defaults, which the reader of playbooks has checked.
extension InputReader {
  private func settle(
    _ value: Value, _ type: ValueType, folder: String
  ) throws(InvalidInput) -> Value {
    switch (type, value) {
    case (.file, .string(let path)):
      return try file(path, folder: folder, at: declaration.location)
    case (.list(let element), .list(let elements)):
      return .list(
        try elements.map { value throws(InvalidInput) in
          try settle(value, element, folder: folder)
        })
    case (.map(let element), .map(let map)):
      var settled = ValueMap()
      for name in map.names {
        guard let value = map[name] else { continue }
        settled[name] = try settle(value, element, folder: folder)
      }
      return .map(settled)
    case (_, let value): return value
    }
  }
}

extension YAMLNode {
  /// The same as literal values, each with its place.
  fileprivate var template: Template {
    switch content {
    case .scalar, .unreadable:
      .literal(scalarValue, location, written: text.flatMap { scalarValue.spelling($0) })
    case .sequence(let nodes): .list(nodes.map(\.template), location)
    case .mapping(let entries):
      .map(
        OrderedDictionary(
          entries.map { ($0.key, $0.value.template) }, uniquingKeysWith: { $1 }), location)
    }
  }
}
