import Diagnostics
import FoundationEssentials
import Planning

/// A text that is given as `env:VARIABLE` or `file:PATH`, as the secret inputs of a playbook are.
enum NamedText {
  /// The text that `reference` names, for `what`, such as "the field `pin`"; warnings about it are
  /// printed.
  ///
  /// Throws with status 2; `advice` says what to write in place of a plain text.
  static func read(_ reference: String, for what: String, advice: String) throws -> String {
    var reader = SecretReader(
      for: what, from: .live(environment: ProcessInfo.processInfo.environment), advice: advice)
    do throws(InvalidInput) {
      let text = try reader.read(reference)
      StandardStream.report(reader.warnings, quoting: SourceTexts())
      return text
    } catch {
      throw CommandFailure(invalid: error)
    }
  }
}

extension CommandFailure {
  /// Says everything that is wrong, a line each, with the first hint.
  init(invalid input: InvalidInput) {
    let messages = input.diagnostics.map(\.message)
    self.init(
      .invalid, messages.joined(separator: "\n  "),
      hint: input.diagnostics.lazy.compactMap(\.hint).first)
  }
}
