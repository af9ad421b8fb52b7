import Expressions
import Operations
import OrderedCollections
import Playbooks

/// Calls: what stands beside `call` depends on the operation that it names.
extension PlaybookSchema {
  /// One thing that `call` can name.
  private struct Callable {
    let id: String
    let summary: String
    let definition: Value
    let isRead: Bool
    let hasEffect: Bool
  }

  var calls: [(String, Value)] {
    let callables = api.operations.values.map(callable) + LocalAction.allCases.map(callable)
    let reads = callables.filter(\.isRead)
    let pageReads = callables.filter { !$0.hasEffect }
    return [
      ("operationName", Self.names(of: callables)),
      ("readName", Self.names(of: reads)),
      ("callFields", Self.fields(of: callables)),
      ("readFields", Self.fields(of: reads)),
      ("pageName", Self.names(of: pageReads)),
      ("pageFields", Self.fields(of: pageReads)),
    ] + callables.map { ($0.id, $0.definition) }
  }

  private static func names(of callables: [Callable]) -> Value {
    SchemaParts.words(callables.map { ($0.id, $0.summary) })
  }

  private static func fields(of callables: [Callable]) -> Value {
    [
      "allOf": .list(
        callables.map {
          SchemaParts.conditional(
            SchemaParts.having("call", .string($0.id)), then: SchemaParts.reference($0.id))
        })
    ]
  }

  // MARK: One call

  private func callable(_ operation: Operation) -> Callable {
    var definition = Self.call(
      operation.summary, operation.fields, anyOf: nil, eitherOf: operation.eitherOf)
    var properties: [(String, Value)] = []
    if operation.lookup == nil || api.ensurableStates(of: operation).isEmpty {
      properties.append(("ensure", false))
    } else {
      properties += ensuring(operation)
      if let identity = identity(of: operation) {
        definition = SchemaParts.adding(identity, to: definition)
      }
    }
    if operation.authorization == .token {
      properties.append(("session", SchemaParts.reference("tokenSession")))
    }
    properties += Self.refusals(of: operation)
    return Callable(
      id: operation.id, summary: operation.title,
      definition: Self.adding(properties, to: definition),
      isRead: operation.repetition.isRepeatable, hasEffect: operation.hasEffect)
  }

  private func callable(_ action: LocalAction) -> Callable {
    let definition = Self.call(
      "\(action.summary); on this machine, nothing is sent.", action.fields,
      anyOf: action.anyOf, eitherOf: action.eitherOf)
    return Callable(
      id: action.rawValue, summary: action.summary,
      definition: Self.adding(
        [("session", ["enum": ["default"]]), ("ensure", false), ("tolerate", false)],
        to: definition),
      isRead: false, hasEffect: true)
  }

  private static func adding(_ properties: [(String, Value)], to definition: Value) -> Value {
    guard case .map(let map) = definition, let own = map["properties"] else { return definition }
    return SchemaParts.adding(
      ["properties": SchemaParts.adding(SchemaParts.members(properties), to: own)],
      to: definition)
  }

  /// A step, or a wait, that calls it.
  private static func call(
    _ summary: String, _ fields: OrderedDictionary<String, Field>, anyOf: [String]?,
    eitherOf: [String]?
  ) -> Value {
    let required = fields.filter { $0.value.isRequired && eitherOf?.contains($0.key) != true }
      .map(\.key)
    var with = SchemaParts.closed(
      fields.map { ($0.key, FieldSchema($0.value).value) }, required: required,
      description: fields.isEmpty ? "It takes no fields." : "The fields of the operation, by name.")
    if let eitherOf {
      with = SchemaParts.adding(["oneOf": Self.requiring(each: eitherOf)], to: with)
    }
    if let anyOf { with = SchemaParts.adding(["anyOf": Self.requiring(each: anyOf)], to: with) }
    let definition: Value = [
      "properties": ["call": ["description": .string(summary)], "with": with]
    ]
    guard !required.isEmpty || anyOf != nil || eitherOf != nil else { return definition }
    return SchemaParts.adding(["required": ["with"]], to: definition)
  }

  private static func requiring(each names: [String]) -> Value {
    .list(names.map { ["required": [.string($0)]] })
  }

  // MARK: Ensured calls

  private func ensuring(_ operation: Operation) -> [(String, Value)] {
    let states = api.ensurableStates(of: operation)
    let allowed: Value = ["enum": SchemaParts.strings(states.map(\.rawValue))]
    guard let lookup = operation.lookup, states == [.present], lookup.remedies.correction == nil,
      !lookup.comparison.fields.isEmpty || !lookup.comparison.holds.isEmpty
    else { return [("ensure", allowed)] }
    let drifts: Value = ["enum": SchemaParts.strings(lookup.possibleDrifts.map(\.rawValue))]
    return [("ensure", allowed), ("on-drift", drifts)]
  }

  /// What an ensured call must give beside the required fields: what the thing is found by.
  private func identity(of operation: Operation) -> Value? {
    let names = (operation.lookup?.identity ?? [:]).keys.elements.filter {
      operation.fields[$0].map { !$0.isRequired } ?? false
    }
    guard !names.isEmpty else { return nil }
    return SchemaParts.conditional(
      ["required": ["ensure"]],
      then: [
        "properties": ["with": ["required": SchemaParts.strings(names)]], "required": ["with"],
      ])
  }

  /// The documented reasons, for editors to offer.
  private static func refusals(of operation: Operation) -> [(String, Value)] {
    guard !operation.refusals.isEmpty else { return [] }
    let retried = operation.refusals.map { "rejected(\($0))" }
    return [
      ("tolerate", ["items": ["examples": SchemaParts.strings(operation.refusals)]]),
      (
        "retry",
        ["properties": ["on": ["items": ["examples": SchemaParts.strings(retried)]]]]
      ),
    ]
  }
}
