/// Why an operation has no result, before it is known where it stands.
///
/// A class so that it takes one word in every frame of the evaluator, which nests deeply.
final class Failure: Error {
  /// One sentence about the operation that holds no value.
  let message: String
  /// What the values were; left out when one of them is secret.
  let detail: String?
  let hint: String?
  init(_ message: String, detail: String? = nil, hint: String? = nil) {
    self.message = message
    self.detail = detail
    self.hint = hint
  }

  /// Stands for "these operands do not fit"; the caller, which knows them, says it in words.
  static let noOverload = Failure("the operands do not fit")

  /// A failure of one value, which is quoted, but not at length.
  static func about(_ value: Value, _ message: String, hint: String? = nil) -> Failure {
    let text = JSON.text(value)
    let isLong = text.unicodeScalars.count > 60
    let start = String(scalars: text.unicodeScalars.prefix(60))
    return Failure(message, detail: isLong ? start + "…" : text, hint: hint)
  }

  static let divisionByZero = Failure("division by zero")

  static func outOfRange(_ type: String) -> Failure {
    Failure("the result does not fit \(type)")
  }

  /// The same without anything that could reveal a value.
  var withheld: Failure {
    Failure(message, hint: hint)
  }
}
