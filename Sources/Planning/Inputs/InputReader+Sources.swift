import Diagnostics
import Expressions
import Files
import Operations

/// Secrets and files, which are only named where they are given.
extension InputReader {
  /// The secret that `text` names; relative paths begin in `folder`.
  ///
  /// It stays unknown where only its form is checked.
  mutating func secret(
    _ text: String, for what: Subject, folder: String, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    var reader = SecretReader(
      for: "\(what)", from: sources, advice: advice(on: what), rules: secretRules)
    let isLiteral = secretRules.literals == .allowed && !isReference(text)
    guard secretRules.reading == .resolved || isLiteral else {
      try reader.checkForm(text, at: location)
      return .unknown(Unknown(name))
    }
    let secret = try reader.read(text, folder: folder, at: location)
    warnings += reader.warnings
    return .secret(text: secret)
  }

  private func isReference(_ text: String) -> Bool {
    SecretReader.isReference(text)
      || (secretRules.commands != nil && text.hasPrefix("command:"))
  }

  /// What to write in place of a secret in plain text.
  private func advice(on what: Subject) -> String {
    guard secretRules.name != nil else {
      return "give `env:VARIABLE` or `file:PATH`\(what.isPart ? "" : ", or omit it to be prompted")"
    }
    return
      "give `env:VARIABLE`, `file:PATH` with `{name}` for the tenant's name, or `command:NAME`"
  }

  /// What expressions see of the file at `path`, which begins in `folder` when it is relative.
  func file(
    _ path: String, for what: Subject, folder: String, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    guard !path.isEmpty else {
      throw flaw(.wrongType, "\(what) needs the path of a file", at: location)
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
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation?, hint: String? = nil
  ) -> InvalidInput {
    InvalidInput([Diagnostic(code, message, at: location, hint: hint)])
  }
}
