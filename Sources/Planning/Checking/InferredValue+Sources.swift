import Expressions
import Operations
import OrderedCollections
import Playbooks

extension InferredValue {
  /// The input `name` as expressions see it.
  init(_ declaration: InputDeclaration, named name: String) {
    let source = ValueSource.input(InputPath(name: name))
    self.init(declaration.type.staticType, declaration.type.taint(from: source))
  }

  /// What a finished call of `operation` offers.
  ///
  /// A field that the service may leave out is typed all the same: null may be compared with
  /// anything.
  init(_ operation: Operation) {
    self.init(fields: Self.fields(of: operation))
  }

  /// What an ensured call of `operation` offers: also what `lookup` gives from the answer of `read`.
  ///
  /// Any of it may be null: the command's id where nothing was sent, what was found where nothing is
  /// to be there.
  init(_ operation: Operation, foundBy lookup: Lookup, of read: Operation) {
    var fields = Self.fields(of: operation)
    for (name, theirs) in lookup.evidence.gives {
      let field = lookup.list == nil ? read.answer[theirs] : nil
      fields[name] = fields[name] ?? field.map { InferredValue($0) } ?? InferredValue(.dyn)
    }
    self.init(fields: fields)
  }

  private static func fields(
    of operation: Operation
  ) -> OrderedDictionary<String, InferredValue> {
    var fields = operation.answer.mapValues { InferredValue($0) }
    switch operation.completion {
    case .commandStatus: fields["commandId"] = InferredValue(.string)
    case .requestID:
      fields["requestId"] = InferredValue(.string)
      fields["data"] = fields["data"] ?? InferredValue(.bytes)
      fields["context"] = InferredValue(.dyn)
    case .http, .stream: break
    }
    return fields
  }

  /// What a finished local action offers.
  init(_ action: LocalAction) {
    self.init(fields: action.answer.mapValues { InferredValue($0) })
  }

  private init(_ field: AnswerField) {
    self.init(field.type.answeredType, field.isSensitive ? .secret : .open)
  }

  /// What every step knows as `run`.
  static let run = InferredValue(
    .object(["id": .string, "name": .string, "startedAt": .timestamp]))

  /// What the steps of `rescue` know as `error`; `status`, `step` and `answer` may be null, and `reason` is
  /// empty where there is none.
  static let error = InferredValue(
    .object([
      "class": .string, "reason": .string, "message": .string, "status": .int, "step": .string,
      "answer": .dyn,
    ]))
}

extension ValueType {
  /// The taint of a value of this type from `source`; of a record, that of each field.
  fileprivate func taint(from source: ValueSource) -> Taint {
    switch self {
    case .record(let fields):
      .fields(
        Dictionary(
          uniqueKeysWithValues: fields.map { name, field in
            (name, field.type.taint(from: source.following(.field(name))))
          }))
    case .list(let element) where element.holdsRecord,
      .map(let element) where element.holdsRecord:
      .elements(element.taint(from: source.following(.element)))
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any, .list, .map:
      holdsSecret ? .secret : holdsFile ? .open : .from([source])
    }
  }

  /// The type of an answered value: numbers come as they were sent, whole or not.
  fileprivate var answeredType: StaticType {
    switch self {
    case .string, .secret: .string
    case .integer: .int
    case .boolean: .bool
    case .bytes: .bytes
    case .number, .any: .dyn
    case .list(let element): .list(element.answeredType)
    case .map, .file, .record: .map(key: .string, value: .dyn)
    }
  }
}
