import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Reads the value of one declared input.
struct InputReader {
  let name: String
  let declaration: InputDeclaration
  let sources: InputSources

  private var what: Subject { Subject("the input", name) }

  /// The value that the user gave, of the declared kind.
  func read(_ input: ProvidedInput) throws(InvalidInput) -> Value {
    switch input.source {
    case .commandLine(let text):
      return try value(of: text, declaration.kind, at: nil, folder: "")
    case .file(let node):
      let folder = FilePath.folder(of: node.location.file)
      return try checked(try value(of: node, declaration.kind, folder: folder), at: node.location)
    }
  }

  /// The default, of the declared kind; a file's path is relative to the playbook.
  func settle(default value: Value) throws(InvalidInput) -> Value {
    let folder = FilePath.folder(of: declaration.location.file)
    return try settle(value, declaration.kind, folder: folder)
  }

  /// The value if it keeps to the declaration's type, pattern and enum.
  func checked(_ value: Value, at location: SourceLocation?) throws(InvalidInput) -> Value {
    let demand = ValueDemand(declaration)
    let findings = demand.findings(in: value, at: location, for: what)
    guard findings.isEmpty else { throw InvalidInput(findings) }
    return declaration.kind.value(from: value) ?? value
  }
}

/// Text of the command line.
extension InputReader {
  private func value(
    of text: String, _ kind: InputDeclaration.Kind, at location: SourceLocation?, folder: String
  ) throws(InvalidInput) -> Value {
    switch kind {
    case .string: return try checked(.string(text), at: location)
    case .integer:
      guard let int = Int64(text) else { throw malformed(text, at: location) }
      return try checked(.int(int), at: location)
    case .number:
      guard let double = Double(text), double.isFinite else { throw malformed(text, at: location) }
      return try checked(.double(double), at: location)
    case .boolean:
      guard let bool = Bool(text) else { throw malformed(text, at: location) }
      return try checked(.bool(bool), at: location)
    case .secret: return try checked(try secret(text, at: location), at: location)
    case .file: return try file(text, folder: folder, at: location)
    case .list, .map:
      let node = try YAMLNode(parsing: Array(text.utf8), file: "--input \(name)")
      return try checked(try value(of: node, kind, folder: folder), at: node.location)
    }
  }

  private func malformed(_ text: String, at location: SourceLocation?) -> InvalidInput {
    InvalidInput([
      Diagnostic(
        "wrong-type", "\(what) must be \(ValueDemand(declaration).kind.phrase), not `\(text)`",
        at: location)
    ])
  }
}

/// Nodes of a YAML or JSON file.
extension InputReader {
  /// The node's value with its secrets and files resolved; the rest is as written.
  private func value(
    of node: YAMLNode, _ kind: InputDeclaration.Kind, folder: String
  ) throws(InvalidInput) -> Value {
    switch (kind, node.content) {
    case (.secret, .scalar(let text, _)): return try secret(text, at: node.location)
    case (.file, .scalar(let text, _)): return try file(text, folder: folder, at: node.location)
    case (.list(let element?), .sequence(let nodes)):
      return .list(
        try nodes.map { node throws(InvalidInput) in
          try value(of: node, element, folder: folder)
        })
    case (.map(let element?), .mapping(let entries)):
      var map = ValueMap()
      for entry in entries {
        map[entry.key] = try value(of: entry.value, element, folder: folder)
      }
      return .map(map)
    case (_, .scalar), (_, .sequence), (_, .mapping): return node.value
    }
  }

  private func settle(
    _ value: Value, _ kind: InputDeclaration.Kind, folder: String
  ) throws(InvalidInput) -> Value {
    switch (kind, value) {
    case (.file, .string(let path)):
      return try file(path, folder: folder, at: declaration.location)
    case (.secret, let value): return value.hidden
    case (.list(let element?), .list(let elements)):
      return .list(
        try elements.map { value throws(InvalidInput) in
          try settle(value, element, folder: folder)
        })
    case (.map(let element?), .map(let map)):
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

/// Secrets and files.
extension InputReader {
  private func secret(_ text: String, at location: SourceLocation?) throws(InvalidInput) -> Value {
    let value: String
    if text.hasPrefix("env:") {
      value = try variable(String(text.dropFirst("env:".count)), at: location)
    } else if text.hasPrefix("file:") {
      value = try secretFile(String(text.dropFirst("file:".count)), at: location)
    } else {
      throw flaw(
        "secret-in-clear", "\(what) is secret and must not be given in clear", at: location,
        hint: "give `env:VARIABLE` or `file:PATH`, or leave it out to be asked")
    }
    guard !value.isEmpty else { throw flaw("empty-secret", "\(what) is empty", at: location) }
    return .secret(text: value)
  }

  private func variable(
    _ variable: String, at location: SourceLocation?
  ) throws(InvalidInput) -> String {
    guard let value = sources.environment(variable) else {
      throw flaw(
        "unset-variable", "\(what) names the environment variable `\(variable)`, which is not set",
        at: location, hint: "set it, for example with `read -rs \(variable); export \(variable)`")
    }
    return value
  }

  /// The text of a file without the line break at its end.
  private func secretFile(
    _ path: String, at location: SourceLocation?
  ) throws(InvalidInput) -> String {
    let bytes: [UInt8]
    do throws(InputSources.FileFlaw) {
      bytes = try sources.read(path, InputBinder.secretLimit)
    } catch {
      throw flaw(error.code, "the file `\(path)` of \(what) \(error.phrase)", at: location)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw flaw("unreadable-file", "the file `\(path)` of \(what) is not UTF-8", at: location)
    }
    return text.last?.isNewline == true ? String(text.dropLast()) : text
  }

  private func file(
    _ path: String, folder: String, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    do throws(InputSources.FileFlaw) {
      return try FilePath.value(of: FilePath.resolve(path, in: folder), from: sources)
    } catch {
      throw flaw(
        error.code, "the file `\(path)` of \(what) \(error.phrase)", at: location,
        hint: folder.isEmpty ? nil : "it is looked for in `\(folder)`")
    }
  }

  private func flaw(
    _ code: String, _ message: String, at location: SourceLocation?, hint: String? = nil
  ) -> InvalidInput {
    InvalidInput([Diagnostic(code, message, at: location, hint: hint)])
  }
}
