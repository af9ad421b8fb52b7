package import Diagnostics
import Expressions
package import Playbooks

/// One value that the user gave for an input, as given.
package struct ProvidedInput: Sendable, Hashable {
  /// Which way the value was given in, and the value itself.
  package enum Source: Sendable, Hashable {
    /// The text after `--input NAME=`.
    case commandLine(String)
    /// An entry of the file named by `--inputs`.
    case file(YAMLNode)
    /// A line of a file of `NAME=value` lines: the value as text without a type, and where it begins.
    case line(String, SourceLocation)
    /// A cell in the row of a tenant.
    case cell(InputCell)
  }

  /// The name as the user wrote it; whether the playbook has such an input is not known yet.
  package var name: String
  /// The value before it is read as the declared type.
  package var source: Source
  /// Where the name stands.
  package var location: SourceLocation?
  /// Whether it is left out when the playbook has no input of this name: the file is for several.
  package var isShared = false

  /// A value given for the input `name`; a nil `location` means that nothing can be quoted.
  package init(name: String, source: Source, location: SourceLocation? = nil) {
    self.name = name
    self.source = source
    self.location = location
  }
}

extension ProvidedInput {
  /// Reads the text of one `--input`, or answers nil when it is not `NAME=VALUE`.
  package init?(argument text: String, _ wording: InputWording = .playbook) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
    let name = String(text[..<equals])
    self.init(
      name: name, source: .commandLine(String(text[text.index(after: equals)...])),
      location: SourceLocation(
        file: wording.file(of: name), line: 1, column: 1, length: name.unicodeScalars.count))
  }

  /// Reads the file named by `--inputs`: a map of names to values, in YAML or JSON, or lines of the form
  /// `NAME=value` where its name ends in `.env`.
  ///
  /// A file that begins with `shared: true` is for several playbooks.
  package static func read(
    _ bytes: [UInt8], file: String
  ) throws(InvalidInput) -> (inputs: [ProvidedInput], flaws: [Diagnostic]) {
    if let tenants = tenantsHint(file) {
      throw InvalidInput([
        Diagnostic(
          .malformedInput, "`\(file)` is not a file of inputs, which is YAML or JSON", at: nil,
          hint: tenants)
      ])
    }
    let (entries, flaws) =
      DataForm(of: file) == .assignments
      ? try AssignmentLines.read(bytes, file: file)
      : (inputs: try self.entries(of: bytes, file: file), flaws: [])
    guard let first = entries.first, first.name == sharing, first.isTrue else {
      return (entries, flaws)
    }
    let shared = entries.map { input in
      var input = input
      input.isShared = true
      return input
    }
    return (shared, flaws)
  }

  private static func entries(
    of bytes: [UInt8], file: String
  ) throws(InvalidInput) -> [ProvidedInput] {
    let node = try YAMLNode(parsingData: bytes, file: file)
    guard let entries = node.entries else {
      throw InvalidInput([
        Diagnostic(
          .wrongType, "an inputs file must be a map, not \(node.kindName)", at: node.location,
          hint: node.text?.contains("=") == true
            ? "lines of the form `name=value` are read from a file whose name ends in `.env`"
            : "inputs files are YAML or JSON: write one line per input, `name: value`")
      ])
    }
    return entries.map {
      ProvidedInput(name: $0.key, source: .file($0.value), location: $0.keyLocation)
    }
  }

  /// The name that a file for several playbooks begins with.
  static let sharing = "shared"

  /// Whether this says that a file is for one playbook alone, as every file is that says nothing.
  var deniesSharing: Bool {
    guard name == Self.sharing else { return false }
    return switch source {
    case .file(let node): node.scalarValue == .bool(false)
    case .line(let text, _): text == "false"
    case .commandLine, .cell: false
    }
  }

  private var isTrue: Bool {
    switch source {
    case .file(let node): node.scalarValue == .bool(true)
    case .line(let text, _): text == "true"
    case .commandLine, .cell: false
    }
  }

  /// Tables have a row for each tenant, and inputs are those of one run.
  private static func tenantsHint(_ file: String) -> String? {
    guard DataForm(of: file) == .table else { return nil }
    return "a table with a row for each tenant is given with `--tenants \(file)`"
  }
}
