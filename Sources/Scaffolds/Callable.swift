package import Diagnostics
package import Operations
package import OrderedCollections
import Playbooks

/// What `call` in a playbook names: an operation of the API, or an action of this machine.
package struct Callable: Sendable, Hashable {
  /// Fields that stand in for each other.
  package enum Choice: Sendable, Hashable {
    /// A call gives exactly one of them.
    case exactlyOne([String])
    /// A call gives at least one of them.
    case atLeastOne([String])

    /// The names of the fields.
    package var names: [String] {
      switch self {
      case .exactlyOne(let names), .atLeastOne(let names): names
      }
    }
  }

  /// The id, such as `device.approve-device`.
  package let id: String
  /// What it does, in a few words or a sentence without a full stop.
  package let title: String
  /// What a call gives, by name.
  package let fields: OrderedDictionary<String, Field>
  /// What a finished call offers, by name.
  package let answer: OrderedDictionary<String, AnswerField>
  /// The operation, or nil for an action of this machine.
  package let operation: Operation?
  /// The fields of which some must be given although none is required by itself.
  package let choice: Choice?

  /// What `id` names in `api` or on this machine; nil where it names nothing.
  package init?(_ id: String, in api: APIDescription) {
    if let operation = api.operations[id] {
      self.init(operation)
    } else if let action = LocalAction(rawValue: id) {
      self.init(action)
    } else {
      return nil
    }
  }

  private init(_ operation: Operation) {
    id = operation.id
    title = operation.title
    fields = operation.fields
    answer = operation.answer
    self.operation = operation
    choice = operation.eitherOf.map { .exactlyOne($0) }
  }

  private init(_ action: LocalAction) {
    id = action.rawValue
    title = action.summary
    fields = action.fields
    answer = action.answer
    operation = nil
    choice = action.eitherOf.map { .exactlyOne($0) } ?? action.anyOf.map { .atLeastOne($0) }
  }

  /// Everything that can be called, in the order of the description.
  package static func names(in api: APIDescription) -> [String] {
    Array(api.operations.keys) + LocalAction.allCases.map(\.rawValue)
  }
}

extension Callable {
  /// Whether a session must be there for the call.
  package var needsSession: Bool { operation?.authorization == .token }

  /// Whether the call uses a session where there is one.
  package var usesSession: Bool { needsSession || operation?.authorization == .tokenIfAny }

  /// The part of the id before the dot, such as `device`.
  var section: String { String(id.prefix { $0 != "." }) }

  /// The fields by which what an ensured call is about is found.
  var identity: [String] { operation?.lookup.map { Array($0.identity.keys) } ?? [] }
}

extension Callable {
  /// Why `id`, which is a message over the WebSocket, cannot be called; nil where it is none.
  package static func objection(toMessage id: String, in api: APIDescription) -> Diagnostic? {
    guard api.socketEntries[id] != nil else { return nil }
    return Diagnostic(
      .unknownOperation, "`\(id)` goes over the WebSocket, and no call sends it", at: nil,
      hint: "a run handles it automatically; `privirun operations \(id)` explains it")
  }
}
