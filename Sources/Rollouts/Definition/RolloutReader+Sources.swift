import Diagnostics
import Expressions
import OrderedCollections
import Planning
import Playbooks
import Tenants

/// Where tenants and values come from, and where outputs go.
extension RolloutReader {
  // MARK: Tenants

  mutating func readTenants(_ node: YAMLNode) -> TenantsFile? {
    guard let written = node.entries else {
      guard let path = readPath(node, "`tenants`") else { return nil }
      return checked(TenantsFile(path: path))
    }
    let entries = nodes.checkKeys(
      of: written, of: "`tenants`", known: ["file", "format", "separator"])
    let path = nodes.required("file", in: entries, of: "`tenants`", at: node.headLocation)
      .flatMap { readPath($0, "`file`") }
    let format: Located<TenantsFormat>? = entries.value(of: "format").flatMap {
      nodes.choice(of: $0, "`format`", hint: "`jsonl` has one JSON object per line")
    }
    let separator = entries.value(of: "separator").flatMap { readSeparator($0) }
    guard let path, format != nil || entries.entry(of: "format") == nil else { return nil }
    let source = TenantsFile(path: path, format: format?.value, separator: separator)
    if let entry = entries.entry(of: "separator"), source.effectiveFormat != .csv {
      nodes.report(
        .misplacedKey, "`separator` goes with CSV files only", at: entry.keyLocation,
        hint: "leave it out, or write `format: csv`")
    }
    return checked(source)
  }

  /// The source, whose format must be known.
  private mutating func checked(_ source: TenantsFile) -> TenantsFile {
    guard source.effectiveFormat == nil else { return source }
    nodes.report(
      .unknownFormat, "the format of `\(source.path.value)` is not known by its name",
      at: source.path.location,
      hint: "name it: `tenants: { file: \(source.path.value), format: csv }`")
    return source
  }

  private mutating func readSeparator(_ node: YAMLNode) -> CSVSeparator? {
    guard let text = node.text, node.scalarKind != .null else {
      nodes.reportShape(of: node, "`separator`", expected: "a character")
      return nil
    }
    if let separator = CSVSeparator(named: text) { return separator }
    nodes.report(
      .wrongValue,
      "`separator` must be one ASCII character that is no letter, digit or quotation mark",
      at: node.location, hint: "for example `separator: \";\"`, or `tab`")
    return nil
  }

  // MARK: Inputs

  mutating func readInputs(_ node: YAMLNode) -> [ProvidedInput] {
    let hint = "write one line per input, `name: value`"
    var inputs: [ProvidedInput] = []
    for entry in nodes.entries(of: node, "`inputs`", hint: hint) ?? [] {
      if let place = entry.value.firstExpression {
        nodes.report(
          .expressionNotAllowed, "the shared input `\(entry.key)` cannot hold an expression",
          at: place, hint: "write the value; what differs by tenant goes into the tenants file")
      } else if let flaw = entry.value.tooLargeNumber {
        nodes.diagnostics.add(flaw)
      } else {
        inputs.append(
          ProvidedInput(
            name: entry.key, source: .file(entry.value.unescaped), location: entry.keyLocation))
      }
    }
    return inputs
  }

  // MARK: Commands

  private static let longestCommand = 100

  mutating func readCommands(_ node: YAMLNode) -> OrderedDictionary<String, [String]> {
    let hint = "write `allow-commands: { vault: [vault, read, \"{name}\"] }`"
    var commands: OrderedDictionary<String, [String]> = [:]
    for entry in nodes.entries(of: node, "`allow-commands`", hint: hint) ?? [] {
      let isNamed = SecretRules.canNameCommand(entry.key)
      if !isNamed {
        nodes.report(
          .invalidName, "`\(entry.key)` cannot name a command", at: entry.keyLocation,
          hint: "a name has letters, digits, `_`, `-` and `.`, and at most 63 characters")
      }
      if let command = readCommand(entry), isNamed { commands[entry.key] = command }
    }
    return commands
  }

  private mutating func readCommand(_ entry: YAMLNode.Entry) -> [String]? {
    let subject = "the command `\(entry.key)`"
    let hint = "list the program and its arguments: `[vault, read, \"{name}\"]`; there is no shell"
    guard let elements = nodes.elements(of: entry.value, subject, hint: hint) else { return nil }
    guard elements.count <= Self.longestCommand else {
      nodes.report(
        .outOfRange, "\(subject) has more than \(Self.longestCommand) parts",
        at: entry.keyLocation)
      return nil
    }
    let parts = elements.compactMap { scalarText(of: $0, "a part of \(subject)") }
    guard parts.count == elements.count else { return nil }
    guard let program = parts.first, !program.isEmpty, !parts.contains(where: \.hasNUL) else {
      nodes.report(
        .wrongValue, "\(subject) has an empty program, or a NUL character",
        at: entry.value.headLocation, hint: hint)
      return nil
    }
    return parts
  }

  // MARK: Outputs

  mutating func readOutputs(_ node: YAMLNode) -> Located<String>? {
    guard let path = readPath(node, "`outputs`") else { return nil }
    switch TenantsFormat(ofFile: path.value) {
    case .csv, .jsonLines: return path
    case .json, .yaml, nil:
      nodes.report(
        .unknownFormat, "`outputs` must be a file that ends in `.csv` or `.jsonl`",
        at: path.location, hint: "the extension decides how the outputs are written")
      return nil
    }
  }
}

extension String {
  fileprivate var hasNUL: Bool { utf8.contains(0) }
}

extension YAMLNode {
  /// The node with each `$${{` of its strings as `${{`; it holds no expressions.
  fileprivate var unescaped: YAMLNode {
    var node = self
    switch content {
    case .scalar(let text, let style):
      node.content = .scalar(Template.literalString(of: text) ?? text, style)
    case .sequence(let elements): node.content = .sequence(elements.map(\.unescaped))
    case .mapping(let entries):
      node.content = .mapping(
        entries.map { entry in
          Entry(
            key: Template.literalString(of: entry.key) ?? entry.key,
            keyLocation: entry.keyLocation, value: entry.value.unescaped)
        })
    case .unreadable: break
    }
    return node
  }
}
