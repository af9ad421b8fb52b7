package import Diagnostics
import Files

/// Reads what is given as `env:VARIABLE`, `file:PATH` or `command:NAME`, so that it stands on no command
/// line.
package struct SecretReader: Sendable {
  private let what: String
  private let advice: String
  private let sources: InputSources
  private let rules: SecretRules
  /// What deserves a look in what was read.
  package private(set) var warnings: [Diagnostic] = []

  /// A reader for `what`, such as "the input `password`"; `advice` says what to write in place of a
  /// plain text.
  package init(
    for what: String, from sources: InputSources, advice: String, rules: SecretRules = .standard
  ) {
    self.what = what
    self.sources = sources
    self.advice = advice
    self.rules = rules
  }

  /// Whether `text` names a variable or a file.
  package static func isReference(_ text: String) -> Bool {
    text.hasPrefix("env:") || text.hasPrefix("file:")
  }

  /// The text that the reference `text` names; relative paths begin in `folder`.
  package mutating func read(
    _ text: String, folder: String = "", at location: SourceLocation? = nil
  ) throws(InvalidInput) -> String {
    let reference = try reference(text, folder: folder, at: location)
    let edges: SecretEdges
    switch reference {
    case .literal(let secret): return secret
    case .variable(let name): edges = SecretEdges(ofVariable: try variable(name, at: location))
    case .file(let path): edges = SecretEdges(ofFile: try file(path, at: location))
    case .command(let name, let words):
      edges = SecretEdges(ofOutput: try output(of: name, words, at: location))
    }
    guard !edges.secret.isEmpty else {
      throw flaw(
        .emptySecret, "\(reference.phrase), given for \(what), is empty", at: location)
    }
    warn(of: edges, from: reference.phrase, at: location)
    return edges.secret
  }

  /// Throws when `text` is no reference that may be given; reads nothing.
  package func checkForm(
    _ text: String, at location: SourceLocation? = nil
  ) throws(InvalidInput) {
    _ = try reference(text, folder: "", at: location)
  }

  /// What a secret is read from.
  private enum Reference {
    case variable(String)
    case file(String)
    case command(String, words: [String])
    case literal(String)

    var phrase: String {
      switch self {
      case .variable(let name): "the environment variable `\(name)`"
      case .file(let path): "the file `\(path)`"
      case .command(let name, _): "the output of the command `\(name)`"
      case .literal: "the secret"
      }
    }
  }

  private func reference(
    _ text: String, folder: String, at location: SourceLocation?
  ) throws(InvalidInput) -> Reference {
    if text.hasPrefix("env:") {
      let name = rules.filled(text.dropFirst("env:".count))
      guard Self.canBeVariable(name[...]) else {
        // What stands there may be the secret itself.
        throw flaw(
          .malformedInput, "`env:` of \(what) is not followed by the name of a variable",
          at: location, hint: variableHint(text))
      }
      return .variable(name)
    }
    if text.hasPrefix("file:") {
      return .file(UserPath.resolve(rules.filled(text.dropFirst("file:".count)), in: folder))
    }
    if let commands = rules.commands, text.hasPrefix("command:") {
      return try command(text.dropFirst("command:".count), among: commands, at: location)
    }
    guard rules.literals == .allowed, !text.isEmpty else {
      throw InvalidInput([
        Diagnostic(
          .secretInClear, "\(what) is secret and must not be given in plain text", at: location,
          hint: advice, quotation: .none)
      ])
    }
    return .literal(text)
  }

  private func variableHint(_ text: String) -> String {
    guard let name = rules.name, text.contains("{name}"), !Self.canBeVariable("_\(name)") else {
      return "write `env:VARIABLE`: letters, digits and `_`, no digit first"
    }
    return "a variable has letters, digits and `_`, and `\(name)` has other characters: give "
      + "`file:PATH`"
  }

  private func command(
    _ name: Substring, among commands: [String: [String]], at location: SourceLocation?
  ) throws(InvalidInput) -> Reference {
    guard SecretRules.canNameCommand(name) else {
      throw flaw(
        .malformedInput, "`command:` of \(what) is not followed by the name of a command",
        at: location, hint: "write `command:NAME`, and what NAME runs in the rollout file")
    }
    guard let words = commands[String(name)], !words.isEmpty else {
      throw flaw(
        .commandNotAllowed, "\(what) names the command `\(name)`, which is not allowed",
        at: location,
        hint: didYouMean(String(name), among: commands.keys.sorted())
          ?? "name it in the rollout file: `allow-commands: {\(name): [PROGRAM, ARGUMENT]}`")
    }
    return .command(String(name), words: words.map { rules.filled($0) })
  }

  /// Nobody sees what stands at the ends of a secret, and the service only says that it is wrong.
  private mutating func warn(
    of edges: SecretEdges, from source: String, at location: SourceLocation?
  ) {
    let oddities = edges.oddities
    guard !oddities.isEmpty else { return }
    warnings.append(
      Diagnostic(
        .oddSecret, "\(source), given for \(what), \(oddities.joined(separator: ", and "))",
        at: location, hint: "remove it if it is not meant; `printf %s` writes no line break",
        severity: .warning))
  }

  private func variable(
    _ variable: String, at location: SourceLocation?
  ) throws(InvalidInput) -> String {
    guard let value = sources.environment(variable) else {
      throw flaw(
        .unsetVariable, "\(what) names the environment variable `\(variable)`, which is not set",
        at: location, hint: "set it, for example with `read -rs \(variable); export \(variable)`")
    }
    return value
  }

  private static func canBeVariable(_ name: Substring) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = name.utf8.first, !digits.contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), digits,
        UInt8(ascii: "_"):
        true
      case _: false
      }
    }
  }

  /// The text of a file.
  private func file(
    _ path: String, at location: SourceLocation?
  ) throws(InvalidInput) -> String {
    let bytes: [UInt8]
    do throws(InputSources.FileFlaw) {
      bytes = try sources.read(path, InputBinder.secretLimit)
    } catch {
      throw flaw(error.code, "the file `\(path)` of \(what) \(error.phrase)", at: location)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw flaw(.notUTF8, "the file `\(path)` of \(what) is not UTF-8", at: location)
    }
    return text
  }

  /// What a command writes to standard output.
  private func output(
    of name: String, _ words: [String], at location: SourceLocation?
  ) throws(InvalidInput) -> String {
    let bytes: [UInt8]
    do throws(InputSources.CommandFlaw) {
      guard let run = sources.command else { throw .notStarted("no command can be run here") }
      bytes = try run(words)
    } catch {
      throw flaw(
        .commandFailed, "the command `\(name)` of \(what) \(error.phrase)", at: location,
        hint: "run it yourself to see why; what it prints is not shown, since it may be secret")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw flaw(
        .commandFailed, "the output of the command `\(name)` of \(what) is not UTF-8",
        at: location)
    }
    return text
  }

  private func flaw(
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation?, hint: String? = nil
  ) -> InvalidInput {
    InvalidInput([Diagnostic(code, message, at: location, hint: hint)])
  }
}
