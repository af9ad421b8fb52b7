package import Diagnostics
package import Expressions
import OrderedCollections
package import Playbooks

/// Turns what the user gave into the values a playbook asks for, or says everything that is wrong.
package struct InputBinder: Sendable {
  private let playbook: Playbook
  private let sources: InputSources
  private var diagnostics: [Diagnostic] = []

  package init(playbook: Playbook, sources: InputSources) {
    self.playbook = playbook
    self.sources = sources
  }

  /// The inputs of the playbook, bound; throws all findings at once.
  package func bind(_ provided: [ProvidedInput]) throws(InvalidInput) -> ValueMap {
    var binder = self
    return try binder.bindAll(provided)
  }

  private mutating func bindAll(_ provided: [ProvidedInput]) throws(InvalidInput) -> ValueMap {
    let given = single(provided)
    var values = ValueMap()
    for (name, declaration) in playbook.inputs {
      if let input = given[name] {
        values[name] = value(of: input, declaration)
      } else {
        values[name] = absent(name, declaration)
      }
    }
    guard diagnostics.isEmpty else { throw InvalidInput(diagnostics) }
    return values
  }

  /// The given inputs by name, those that are unknown or given twice reported.
  private mutating func single(_ provided: [ProvidedInput]) -> [String: ProvidedInput] {
    var given: [String: ProvidedInput] = [:]
    for input in provided {
      if playbook.inputs[input.name] == nil {
        let known = playbook.inputs.keys.map { "`\($0)`" }.joined(separator: ", ")
        let fallback = known.isEmpty ? "it takes no inputs" : "it takes \(known)"
        report(
          "unknown-input", "the playbook has no input `\(input.name)`", at: input.location,
          hint: didYouMean(input.name, among: playbook.inputs.keys) ?? fallback)
      } else if given.updateValue(input, forKey: input.name) != nil {
        report(
          "repeated-input", "the input `\(input.name)` is given twice", at: input.location,
          hint: "give it once, by `--input` or in the inputs file")
      }
    }
    return given
  }

  private mutating func absent(_ name: String, _ declaration: InputDeclaration) -> Value? {
    if let value = declaration.defaultValue {
      guard declaration.kind == .file, let path = value.text else { return value }
      return file(joined(path), name, declaration, at: declaration.location)
    }
    if declaration.kind == .secret, let text = sources.prompt(name, declaration.summary) {
      return constrained(.secret(text: text), name, declaration, at: nil)
    }
    let summary = declaration.summary.map { " (\($0))" } ?? ""
    let example = declaration.kind == .secret ? "env:NAME" : declaration.kind.example
    report(
      "missing-input", "the input `\(name)` is missing\(summary)", at: declaration.location,
      hint: "give it with `--input \(name)=\(example)`")
    return nil
  }

  private mutating func value(
    of input: ProvidedInput, _ declaration: InputDeclaration
  ) -> Value? {
    switch declaration.kind {
    case .secret: secret(input, declaration)
    case .file: file(input, declaration)
    case .string, .integer, .number, .boolean, .list, .map: plain(input, declaration)
    }
  }

  private mutating func plain(
    _ input: ProvidedInput, _ declaration: InputDeclaration
  ) -> Value? {
    let value: Value?
    switch input.source {
    case .text(let text): value = declaration.kind.read(text)
    case .value(let given, _): value = declaration.kind.adopt(given)
    }
    guard let value else {
      report(
        "malformed-input", "the input `\(input.name)` must be \(declaration.kind.phrase)",
        at: input.location, hint: "such as `\(declaration.kind.example)`")
      return nil
    }
    return constrained(value, input.name, declaration, at: input.location)
  }

  /// Checks `pattern` and `enum`.
  private mutating func constrained(
    _ value: Value, _ name: String, _ declaration: InputDeclaration, at location: SourceLocation?
  ) -> Value? {
    if let pattern = declaration.pattern, let text = value.text,
      let regex = try? Regex(pattern), (try? regex.wholeMatch(in: text)) == nil
    {
      report(
        "malformed-input", "the input `\(name)` does not match its pattern", at: location,
        hint: "the pattern is `\(pattern)`")
      return nil
    }
    if let allowed = declaration.allowed, !allowed.contains(value.revealed) {
      let names = allowed.map { "`\($0.displayText)`" }.joined(separator: ", ")
      report(
        "malformed-input", "the input `\(name)` is none of the values allowed", at: location,
        hint: "allowed: \(names)")
      return nil
    }
    return value
  }

  private mutating func report(
    _ code: String, _ message: String, at location: SourceLocation?, hint: String?
  ) {
    diagnostics.append(Diagnostic(code, message, at: location, hint: hint))
  }
}

/// Secrets.
extension InputBinder {
  private mutating func secret(
    _ input: ProvidedInput, _ declaration: InputDeclaration
  ) -> Value? {
    let text: String?
    switch input.source {
    case .text(let given): text = given
    case .value(let given, _): text = given.text
    }
    guard let text, let text = resolved(text, input) else { return nil }
    return constrained(.secret(text: text), input.name, declaration, at: input.location)
  }

  private mutating func resolved(_ text: String, _ input: ProvidedInput) -> String? {
    if text.hasPrefix("env:") {
      let name = String(text.dropFirst(4))
      if let value = sources.variable(name) { return value }
      report(
        "missing-secret", "the environment variable `\(name)` is not set", at: input.location,
        hint: "the input `\(input.name)` takes its value from it")
    } else if text.hasPrefix("file:") {
      let path = String(text.dropFirst(5))
      if let value = sources.text(path) {
        return String(value.reversed().drop(while: \.isNewline).reversed())
      }
      report(
        "missing-secret", "the file `\(path)` cannot be read", at: input.location,
        hint: "the input `\(input.name)` takes its value from it")
    } else {
      report(
        "secret-in-clear", "the secret input `\(input.name)` is given in clear",
        at: input.location,
        hint: "give it as `\(input.name)=env:NAME` or `\(input.name)=file:PATH`")
    }
    return nil
  }
}

/// Files.
extension InputBinder {
  private mutating func file(_ input: ProvidedInput, _ declaration: InputDeclaration) -> Value? {
    let path: String?
    switch input.source {
    case .text(let given): path = given
    case .value(let given, _): path = given.text
    }
    guard let path, !path.isEmpty else {
      report(
        "malformed-input", "the input `\(input.name)` must be the path of a file",
        at: input.location, hint: "such as `./contract.txt`")
      return nil
    }
    return file(path, input.name, declaration, at: input.location)
  }

  private mutating func file(
    _ path: String, _ name: String, _ declaration: InputDeclaration, at location: SourceLocation?
  ) -> Value? {
    switch sources.file(path) {
    case .file(let size): return .file(path: path, size: .int(Int64(size)))
    case .missing:
      report(
        "missing-file", "the input `\(name)`: there is no file `\(path)`", at: location,
        hint: "paths are relative to the current folder")
    case .folder:
      report(
        "not-a-file", "the input `\(name)`: `\(path)` is a folder", at: location,
        hint: "name a file in it")
    case .unreadable:
      report(
        "unreadable-file", "the input `\(name)`: `\(path)` cannot be read", at: location,
        hint: "may you read it?")
    }
    return nil
  }

  /// A default's path, relative to the playbook that declares it.
  private func joined(_ path: String) -> String {
    playbook.path(ofDefault: path)
  }
}

extension Playbook {
  /// Where a relative path in this file's defaults leads.
  func path(ofDefault path: String) -> String {
    guard !path.hasPrefix("/"), let slash = location.file.lastIndex(of: "/") else { return path }
    let plain = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return "\(location.file[...slash])\(plain)"
  }
}

extension Value {
  /// The value of a file input: `path`, `name`, `extension` (without dot) and `size` in bytes.
  static func file(path: String, size: Value) -> Value {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let fileExtension = parts.count > 1 ? String(parts[parts.count - 1]) : ""
    return [
      "path": .string(path), "name": .string(name), "extension": .string(fileExtension),
      "size": size,
    ]
  }
}
