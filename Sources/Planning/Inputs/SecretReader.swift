package import Diagnostics
import Files

/// Reads what is given as `env:VARIABLE` or `file:PATH`, so that it stands on no command line.
package struct SecretReader: Sendable {
  private let what: String
  private let advice: String
  private let sources: InputSources
  /// What deserves a look in what was read.
  package private(set) var warnings: [Diagnostic] = []

  /// A reader for `what`, such as "the input `password`"; `advice` says what to write in place of a
  /// plain text.
  package init(for what: String, from sources: InputSources, advice: String) {
    self.what = what
    self.sources = sources
    self.advice = advice
  }

  /// Whether `text` names a variable or a file.
  package static func isReference(_ text: String) -> Bool {
    text.hasPrefix("env:") || text.hasPrefix("file:")
  }

  /// The text that the reference `text` names; relative paths begin in `folder`.
  package mutating func read(
    _ text: String, folder: String = "", at location: SourceLocation? = nil
  ) throws(InvalidInput) -> String {
    let edges: SecretEdges
    let source: String
    if text.hasPrefix("env:") {
      let name = text.dropFirst("env:".count)
      edges = SecretEdges(ofVariable: try variable(name, at: location))
      source = "the environment variable `\(name)`"
    } else if text.hasPrefix("file:") {
      let path = UserPath.resolve(String(text.dropFirst("file:".count)), in: folder)
      edges = SecretEdges(ofFile: try file(path, at: location))
      source = "the file `\(path)`"
    } else {
      throw InvalidInput([
        Diagnostic(
          "secret-in-clear", "\(what) is secret and must not be given in plain text", at: location,
          hint: advice, quotation: .none)
      ])
    }
    guard !edges.secret.isEmpty else {
      throw flaw("empty-secret", "\(source), given for \(what), is empty", at: location)
    }
    warn(of: edges, from: source, at: location)
    return edges.secret
  }

  /// Nobody sees what stands at the ends of a secret, and the service only says that it is wrong.
  private mutating func warn(
    of edges: SecretEdges, from source: String, at location: SourceLocation?
  ) {
    let oddities = edges.oddities
    guard !oddities.isEmpty else { return }
    warnings.append(
      Diagnostic(
        "odd-secret", "\(source), given for \(what), \(oddities.joined(separator: ", and "))",
        at: location, hint: "remove it if it is not meant; `printf %s` writes no line break",
        severity: .warning))
  }

  private func variable(
    _ name: Substring, at location: SourceLocation?
  ) throws(InvalidInput) -> String {
    let variable = String(name)
    guard Self.canBeVariable(name) else {
      // What stands there may be the secret itself.
      throw flaw(
        "malformed-input", "`env:` of \(what) is not followed by the name of a variable",
        at: location, hint: "write `env:VARIABLE`: letters, digits and `_`, no digit first")
    }
    guard let value = sources.environment(variable) else {
      throw flaw(
        "unset-variable", "\(what) names the environment variable `\(variable)`, which is not set",
        at: location, hint: "set it, for example with `read -rs \(variable); export \(variable)`")
    }
    return value
  }

  private static func canBeVariable(_ name: Substring) -> Bool {
    let isPlain = name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter)
        || (byte < 0x80 && Character(Unicode.Scalar(byte)).isNumber)
    }
    return isPlain && name.first?.isNumber == false
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
      throw flaw("unreadable-file", "the file `\(path)` of \(what) is not UTF-8", at: location)
    }
    return text
  }

  private func flaw(
    _ code: String, _ message: String, at location: SourceLocation?, hint: String? = nil
  ) -> InvalidInput {
    InvalidInput([Diagnostic(code, message, at: location, hint: hint)])
  }
}
