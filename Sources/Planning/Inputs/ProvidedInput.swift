package import Diagnostics
package import Playbooks

/// One value that the user gave for an input, as given.
package struct ProvidedInput: Sendable, Hashable {
  /// Which way the value was given in, and the value itself.
  package enum Source: Sendable, Hashable {
    /// The text after `--input NAME=`.
    case commandLine(String)
    /// An entry of the file named by `--inputs`.
    case file(YAMLNode)
    /// A cell in the row of a tenant.
    case cell(InputCell)
  }

  /// The name as the user wrote it; whether the playbook has such an input is not known yet.
  package var name: String
  /// The value before it is read as the declared type.
  package var source: Source
  /// Where the name stands.
  package var location: SourceLocation?

  /// A value given for the input `name`; a nil `location` means that nothing can be quoted.
  package init(name: String, source: Source, location: SourceLocation? = nil) {
    self.name = name
    self.source = source
    self.location = location
  }
}

extension ProvidedInput {
  /// Reads the text of one `--input`, or answers nil when it is not `NAME=VALUE`.
  package init?(argument text: String) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
    let name = String(text[..<equals])
    self.init(
      name: name, source: .commandLine(String(text[text.index(after: equals)...])),
      location: SourceLocation(
        file: Self.file(of: name), line: 1, column: 1, length: name.unicodeScalars.count))
  }

  /// What diagnostics call the argument that gives `name`.
  static func file(of name: String) -> String { "--input \(name)" }

  /// Where the value begins in the argument that gives `name`.
  static func place(ofValue text: String, for name: String) -> SourceLocation {
    SourceLocation(
      file: file(of: name), line: 1, column: name.unicodeScalars.count + 2,
      length: text.prefix { !$0.isNewline }.unicodeScalars.count)
  }

  /// Reads the file named by `--inputs`: a map of names to values, in YAML or JSON.
  package static func read(
    _ bytes: [UInt8], file: String
  ) throws(InvalidInput) -> [ProvidedInput] {
    if let tenants = tenantsHint(file) {
      throw InvalidInput([
        Diagnostic(
          .malformedInput, "`\(file)` is not a file of inputs, which is YAML or JSON", at: nil,
          hint: tenants)
      ])
    }
    let node = try YAMLNode(parsingData: bytes, file: file)
    guard let entries = node.entries else {
      throw InvalidInput([
        Diagnostic(
          .wrongType, "an inputs file must be a map, not \(node.kindName)", at: node.location,
          hint: "inputs files are YAML or JSON: write one line per input, `name: value`")
      ])
    }
    return entries.map {
      ProvidedInput(name: $0.key, source: .file($0.value), location: $0.keyLocation)
    }
  }
  /// Tables have a row for each tenant, and inputs are those of one run.
  private static func tenantsHint(_ file: String) -> String? {
    let tables = [".csv", ".tsv", ".jsonl", ".ndjson"]
    guard tables.contains(where: { file.lowercased().hasSuffix($0) }) else { return nil }
    return "a table with a row for each tenant is given with `--tenants \(file)`"
  }
}
