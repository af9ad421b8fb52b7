import Expressions
import Operations
import OrderedCollections
import Playbooks

extension InferredValue {
  /// The input `name` as expressions see it.
  init(_ declaration: InputDeclaration, named name: String) {
    let source = ValueSource.input(InputPath(name: name))
    let taint: Taint =
      declaration.kind.isSecret ? .secret : declaration.kind.isFile ? .open : .from([source])
    self.init(ValueDemand.Kind(declaration.kind).staticType, taint)
  }

  /// What a finished call of `operation` offers.
  ///
  /// A field that the service may leave out is typed all the same: null may be compared with
  /// anything.
  init(_ operation: Operation) {
    var fields = operation.answer.mapValues { InferredValue($0) }
    switch operation.completion {
    case .commandStatus: fields["commandId"] = InferredValue(.string)
    case .requestID:
      fields["requestId"] = InferredValue(.string)
      fields["data"] = fields["data"] ?? InferredValue(.bytes)
      fields["context"] = InferredValue(.dyn)
    case .http, .stream: break
    }
    self.init(fields: fields)
  }

  /// What a finished local action offers.
  init(_ action: LocalAction) {
    self.init(fields: action.answer.mapValues { InferredValue($0) })
  }

  private init(_ field: AnswerField) {
    self.init(field.kind.answeredType, field.isSensitive ? .secret : .open)
  }

  /// What every step knows as `run`.
  static let run = InferredValue(
    .object(["id": .string, "name": .string, "startedAt": .timestamp]))

  /// What the steps of `rescue` know as `error`; `status`, `step` and `answer` may be null.
  static let error = InferredValue(
    .object([
      "class": .string, "message": .string, "status": .int, "step": .string, "answer": .dyn,
    ]))
}

extension InputDeclaration.Kind {
  /// Whether everything such an input holds is secret.
  fileprivate var isSecret: Bool {
    switch self {
    case .secret: true
    case .list(let element?), .map(let element?): element.isSecret
    case .string, .integer, .number, .boolean, .file, .list(of: nil), .map(of: nil): false
    }
  }

  /// Whether it is made of files, which are read and never sent as they are named.
  fileprivate var isFile: Bool {
    switch self {
    case .file: true
    case .list(let element?), .map(let element?): element.isFile
    case .string, .integer, .number, .boolean, .secret, .list(of: nil), .map(of: nil): false
    }
  }
}

extension Field.Kind {
  /// The type of an answered value: numbers come as they were sent, whole or not.
  fileprivate var answeredType: StaticType {
    switch self {
    case .string: .string
    case .integer: .int
    case .boolean: .bool
    case .bytes: .bytes
    case .number, .any: .dyn
    case .list(let element): .list(element.answeredType)
    case .map: .map(key: .string, value: .dyn)
    }
  }
}
