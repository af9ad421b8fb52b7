import Operations
import OrderedCollections
import Playbooks

/// One operation, socket entry or local action, as the manual shows it.
struct ManualEntry: Sendable {
  enum Kind: String, Sendable {
    case operation
    case socket
    case local
  }

  let id: String
  let kind: Kind
  let title: String
  let summary: String
  let section: String
  /// How it is reached or which message reports it, with the label of that.
  let ways: [Way]
  let authorization: Operation.Authorization
  let encoding: Operation.Encoding
  /// How the caller learns that it is done, as the description writes it.
  let completion: String
  let repetition: Operation.Repetition
  let fields: OrderedDictionary<String, Field>
  let answer: OrderedDictionary<String, AnswerField>
  let errors: [StatusMeaning]
  let rejections: [String]
  let refusals: [String]
  /// Whether a policy can hold it until a vote is over.
  let isGated: Bool
  /// What it does at the service.
  let consequences: Operation.Consequences
  let lookup: Lookup?
  /// What it can be ensured to be.
  let ensures: [Ensurance.State]
  let notes: [String]
  let confidence: String
  let sources: [String]
  /// A step that `privirun check` accepts.
  let example: String

  /// One way to reach it.
  struct Way: Sendable {
    let endpoint: String
    let method: String
    let path: String
    /// Where it differs from the first way.
    let encoding: Operation.Encoding?
    let authorization: Operation.Authorization?
    /// The statuses of the way before that make it worth a try; none for the first.
    let triedOn: [Int]
  }

  /// `ensures` says what a call of it can be ensured to be.
  init(_ operation: Operation, ensures: [Ensurance.State]) {
    id = operation.id
    kind = .operation
    title = operation.title
    summary = operation.summary
    section = operation.section
    ways = operation.routes.enumerated().map { index, route in
      Way(route, isFirst: index == 0)
    }
    authorization = operation.authorization
    encoding = operation.encoding
    completion = operation.completion.rawValue
    repetition = operation.repetition
    fields = operation.fields
    answer = operation.answer
    errors = operation.errors
    rejections = operation.rejections
    refusals = operation.refusals
    isGated = operation.isGated
    consequences = operation.consequences
    lookup = operation.lookup
    self.ensures = ensures
    notes = operation.notes
    confidence = operation.confidence
    sources = operation.sources
    example = Self.example(
      of: operation.id, operation.fields, choices: operation.eitherOf)
  }

  /// A run does it automatically, so the example is a step of `operation`, which makes it do so.
  init(_ entry: SocketEntry, seenBy operation: Operation?) {
    id = entry.id
    kind = .socket
    title = entry.title
    summary = entry.summary
    section = "Websockets"
    ways =
      entry.url.map { url in
        [
          Way(
            endpoint: "websocket", method: "WS", path: url, encoding: nil, authorization: nil,
            triedOn: [])
        ]
      } ?? []
    authorization = entry.fields.values.contains(where: \.isSensitive) ? .token : .none
    encoding = entry.fields.isEmpty ? .none : .json
    completion = entry.kind.rawValue
    repetition = .harmless
    fields = entry.fields
    answer = entry.answer
    errors = entry.errors
    rejections = []
    refusals = []
    isGated = false
    consequences = Operation.Consequences(.none)
    lookup = nil
    ensures = []
    notes = entry.notes
    confidence = entry.confidence
    sources = entry.sources
    example = operation.map { Self.example(of: $0.id, $0.fields, choices: $0.eitherOf) } ?? ""
  }

  init(_ action: LocalAction) {
    id = action.rawValue
    kind = .local
    title = action.summary
    summary = action.summary
    section = "Local actions"
    ways = []
    authorization = .none
    encoding = .none
    completion = "local"
    repetition = .harmless
    fields = action.fields
    answer = action.answer
    errors = []
    rejections = []
    refusals = []
    isGated = false
    consequences = Operation.Consequences(.none)
    lookup = nil
    ensures = []
    notes = []
    confidence = ""
    sources = []
    example = Self.example(of: action.rawValue, action.fields, choices: action.eitherOf)
  }
}

extension ManualEntry.Way {
  fileprivate init(_ route: Operation.Route, isFirst: Bool) {
    endpoint =
      switch route.endpoint {
      case .api: "api"
      case .upstream: "upstream"
      case .downstream: "downstream"
      case .url(let url): url
      }
    method = route.method
    path = route.path
    encoding = route.encoding
    authorization = route.authorization
    triedOn = isFirst ? [] : route.triedOn.sorted()
  }
}
