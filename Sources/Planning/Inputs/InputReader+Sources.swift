import Diagnostics
import Expressions
import Files
import Operations

/// Secrets and files, which are only named where they are given.
extension InputReader {
  /// The secret that `text` names; relative paths begin in `folder`.
  mutating func secret(
    _ text: String, folder: String, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    let edges: SecretEdges
    let source: String
    if text.hasPrefix("env:") {
      let name = text.dropFirst("env:".count)
      edges = SecretEdges(ofVariable: try variable(name, at: location))
      source = "the environment variable `\(name)`"
    } else if text.hasPrefix("file:") {
      let path = UserPath.resolve(String(text.dropFirst("file:".count)), in: folder)
      edges = SecretEdges(ofFile: try secretFile(path, at: location))
      source = "the file `\(path)`"
    } else {
      throw InvalidInput([
        Diagnostic(
          "secret-in-clear", "\(what) is secret and must not be given in plain text", at: location,
          hint: "give `env:VARIABLE` or `file:PATH`, or omit it to be prompted",
          quotation: .none)
      ])
    }
    guard !edges.secret.isEmpty else {
      throw flaw("empty-secret", "\(source), given for \(what), is empty", at: location)
    }
    warn(of: edges, from: source, at: location)
    return .secret(text: edges.secret)
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
    return text
  }

  /// What expressions see of the file at `path`, which begins in `folder` when it is relative.
  func file(
    _ path: String, folder: String, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    guard !path.isEmpty else {
      throw flaw("wrong-type", "\(what) needs the path of a file", at: location)
    }
    do throws(InputSources.FileFlaw) {
      let path = UserPath.resolve(path, in: folder)
      return LocalFile(path: path, size: try sources.size(path)).value
    } catch {
      throw flaw(
        error.code, "the file `\(path)` of \(what) \(error.phrase)", at: location,
        hint: folder.isEmpty ? nil : "it is looked for in `\(folder)`")
    }
  }

  func flaw(
    _ code: String, _ message: String, at location: SourceLocation?, hint: String? = nil
  ) -> InvalidInput {
    InvalidInput([Diagnostic(code, message, at: location, hint: hint)])
  }
}
