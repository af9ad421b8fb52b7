/// Why an operation has no result, before it is known where it stands.
///
/// A class so that it takes one word in every frame of the evaluator, which nests deeply.
final class EvaluationFailure: Error {
  /// One sentence about the operation that holds no value.
  let message: String
  /// What the values were; left out when one of them is secret.
  let detail: String?
  let hint: String?
  /// What the operation waits for, where that is the only reason.
  let unknown: Unknown?

  init(_ message: String, detail: String? = nil, hint: String? = nil, unknown: Unknown? = nil) {
    self.message = message
    self.detail = detail
    self.hint = hint
    self.unknown = unknown
  }

  /// The failure of an operation on what is unknown.
  convenience init(waitingFor unknown: Unknown) {
    self.init("known only after apply: it depends on \(unknown.phrase)", unknown: unknown)
  }

  /// Stands for "these operands do not fit"; the caller, which knows them, says it in words.
  static let noOverload = EvaluationFailure("the operands do not fit")

  /// A failure of one value, which is quoted, but not at length.
  static func about(_ value: Value, _ message: String, hint: String? = nil) -> EvaluationFailure {
    let text = JSON.text(value)
    let isLong = text.unicodeScalars.count > 60
    let start = String(scalars: text.unicodeScalars.prefix(60))
    return EvaluationFailure(message, detail: isLong ? start + "…" : text, hint: hint)
  }

  static let divisionByZero = EvaluationFailure("division by zero")

  static func outOfRange(_ type: String) -> EvaluationFailure {
    EvaluationFailure("the result does not fit \(type)")
  }

  /// The same without anything that could reveal a value.
  var withheld: EvaluationFailure {
    EvaluationFailure(message, hint: hint, unknown: unknown)
  }
}
