import Events
import Expressions
import Playbooks

/// Reads what is filled in for the fields of a step.
struct FieldReading {
  private let fields: [ApprovalField]

  init(_ fields: [ApprovalField]) {
    self.fields = fields
  }

  /// The values of `arguments`, each `name=value`; throws when one does not fit, or is missing.
  func values(of arguments: [String]) throws -> ValueMap {
    var values = ValueMap()
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw CommandFailure(.invalid, "`--field` needs the form name=value")
      }
      let name = String(parts[0])
      guard let field = fields.first(where: { $0.name == name }) else {
        throw CommandFailure(.invalid, "the step has no field `\(name)`", hint: known)
      }
      guard values[name] == nil else {
        throw CommandFailure(.invalid, "the field `\(name)` is given twice")
      }
      values[name] = try value(of: String(parts[1]), for: field)
    }
    let missing = fields.filter { values[$0.name] == nil }.map { "`\($0.name)`" }
    guard missing.isEmpty else {
      throw CommandFailure(
        .invalid, "the step needs \(missing.joined(separator: ", "))", hint: known)
    }
    return values
  }

  private var known: String {
    fields.isEmpty
      ? "it has no fields"
      : "its fields are " + fields.map { "\($0.name) (\($0.type.word))" }.joined(separator: ", ")
  }

  func value(of text: String, for field: ApprovalField) throws -> Value {
    let value: Value?
    switch field.type {
    case .secret: return try secret(text, field.name)
    case .integer: value = Int64(text).map { .int($0) }
    case .number: value = Double(text).flatMap { $0.isFinite ? .double($0) : nil }
    case .boolean: value = Self.answers[text].map { .bool($0) }
    case .string, .bytes, .file, .any, .list, .map, .record: value = .string(text)
    }
    if let value { return value }
    throw CommandFailure(.invalid, "the field `\(field.name)` must be \(field.type.phrase)")
  }

  /// What people answer.
  private static let answers = ["true": true, "yes": true, "false": false, "no": false]

  /// A secret never stands on the command line.
  private func secret(_ reference: String, _ name: String) throws -> Value {
    .secret(
      text: try NamedText.read(
        reference, for: "the field `\(name)`",
        advice: "write `--field \(name)=env:VARIABLE` or `--field \(name)=file:PATH`"))
  }
}
