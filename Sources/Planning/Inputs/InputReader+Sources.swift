import Diagnostics
import Expressions

/// Secrets and files, which are only named where they are given.
extension InputReader {
  /// The secret that `text` names; relative paths begin in `folder`.
  func secret(
    _ text: String, folder: String, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    let value: String
    if text.hasPrefix("env:") {
      value = try variable(text.dropFirst("env:".count), at: location)
    } else if text.hasPrefix("file:") {
      let path = FilePath.resolve(String(text.dropFirst("file:".count)), in: folder)
      value = try secretFile(path, at: location)
    } else {
      throw InvalidInput([
        Diagnostic(
          "secret-in-clear", "\(what) is secret and must not be given in clear", at: location,
          hint: "give `env:VARIABLE` or `file:PATH`, or leave it out to be asked",
          quotation: .none)
      ])
    }
    guard !value.isEmpty else { throw flaw("empty-secret", "\(what) is empty", at: location) }
    return .secret(text: value)
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

  /// What expressions see of the file at `path`, which begins in `folder` when it is relative.
  func file(
    _ path: String, folder: String, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    guard !path.isEmpty else {
      throw flaw("wrong-type", "\(what) needs the path of a file", at: location)
    }
    do throws(InputSources.FileFlaw) {
      return try FilePath.value(of: FilePath.resolve(path, in: folder), from: sources)
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
