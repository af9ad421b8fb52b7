/// Why an operation has no result, before it is known where it stands.
struct Failure: Error, Hashable {
  /// One sentence about the operation that holds no value.
  var message: String
  /// What the values were; left out when one of them is secret.
  var detail: String?
  var hint: String?
  /// Whether no other operand can make the failure not matter.
  var isFinal = false

  init(_ message: String, detail: String? = nil, hint: String? = nil) {
    self.message = message
    self.detail = detail
    self.hint = hint
  }

  /// Stands for "these operands do not fit"; the caller, which knows them, says it in words.
  static let noOverload = Failure("the operands do not fit")

  static let divisionByZero = Failure("division by zero")

  static func outOfRange(_ type: String) -> Failure {
    Failure("the result does not fit \(type)")
  }

  static func exhausted(_ message: String) -> Failure {
    var failure = Failure(message)
    failure.isFinal = true
    return failure
  }

  /// The same without anything that could tell a value.
  var withheld: Failure {
    var copy = self
    copy.detail = nil
    return copy
  }
}
