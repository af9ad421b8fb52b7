package import Diagnostics
package import Playbooks

/// One value that the user gave for an input, as given.
package struct ProvidedInput: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// The text after `--input NAME=`.
    case commandLine(String)
    /// An entry of the file named by `--inputs`.
    case file(YAMLNode)
  }

  package var name: String
  package var source: Source
  /// Where the name stands, when it stands in a file.
  package var location: SourceLocation?

  package init(name: String, source: Source, location: SourceLocation? = nil) {
    self.name = name
    self.source = source
    self.location = location
  }
}

extension ProvidedInput {
  /// Reads the text of one `--input`: `NAME=VALUE`, where the value may be empty.
  package init(parsing text: String) throws(InvalidInput) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw InvalidInput([
        Diagnostic(
          "malformed-input", "an input is given as NAME=VALUE", at: nil,
          hint: "for example --input username=a@example.com")
      ])
    }
    self.init(
      name: String(text[..<equals]),
      source: .commandLine(String(text[text.index(after: equals)...])))
  }

  /// Reads the file named by `--inputs`: a map of names to values, in YAML or JSON.
  package static func read(
    _ bytes: [UInt8], file: String
  ) throws(InvalidInput) -> [ProvidedInput] {
    let node = try YAMLNode(parsing: bytes, file: file)
    guard let entries = node.entries else {
      throw InvalidInput([
        Diagnostic(
          "wrong-type", "a file of inputs must be a map, not \(node.kindName)", at: node.location,
          hint: "write one line per input: `name: value`")
      ])
    }
    return entries.map {
      ProvidedInput(name: $0.key, source: .file($0.value), location: $0.keyLocation)
    }
  }
}
