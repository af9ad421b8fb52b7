import Diagnostics
import Expressions
import Playbooks

/// Asks a person for the value of an input until it is right.
struct InputPrompt {
  /// How often a person is asked for one input.
  private static let attempts = 3

  let reader: InputReader
  let ask: @Sendable (InputQuestion) -> String?

  private var declaration: InputDeclaration { reader.declaration }

  /// The value of the declared type, or nil when nobody answers.
  ///
  /// Throws what is wrong with the last answer when too many were wrong.
  func value() throws(InvalidInput) -> Value? {
    var question = InputQuestion(
      name: reader.name, expected: declaration.type.expectation, summary: declaration.summary,
      allowed: declaration.schema.allowed.map(\.displayText),
      isSecret: declaration.type.holdsSecret || reader.isUsedAsSecret,
      hasParts: declaration.type.hasParts)
    var attempt = 1
    while true {
      guard let text = ask(question), !text.isEmpty else { return nil }
      do throws(InvalidInput) {
        // What is wrong is said before it is typed a second time.
        let value = try value(of: text)
        if declaration.isNew { try repeatAnswer(text, to: question) }
        return value
      } catch {
        guard attempt < Self.attempts else { throw error.unplaced }
        attempt += 1
        question.complaint = error.diagnostics.first?.message
      }
    }
  }

  /// Throws unless the same is typed again.
  private func repeatAnswer(
    _ text: String, to question: InputQuestion
  ) throws(InvalidInput) {
    var again = question
    again.round = .repeated
    again.complaint = nil
    guard ask(again) != text else { return }
    throw InvalidInput([
      Diagnostic(.mistypedSecret, "the two values of \(reader.what) differ", at: nil)
    ])
  }

  private func value(of text: String) throws(InvalidInput) -> Value {
    if case .secret = declaration.type { return try reader.checked(.secret(text: text), at: nil) }
    var reader = reader
    return try reader.value(
      of: text, folder: "", at: reader.wording.place(ofValue: text, for: reader.name),
      secretAt: reader.wording.place(ofValue: "•••", for: reader.name))
  }
}

extension InvalidInput {
  /// The same without places: what was typed stands in no file.
  fileprivate var unplaced: InvalidInput {
    InvalidInput(
      diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        diagnostic.location = nil
        return diagnostic
      })
  }
}
