import Expressions
package import Operations
import OrderedCollections

/// What a person or a program is told about the operations and local actions.
package struct OperationManual: Sendable {
  private let entries: OrderedDictionary<String, ManualEntry>

  package init(api: APIDescription) {
    let operations = api.operations.values.map(ManualEntry.init)
    let actions = LocalAction.allCases.map(ManualEntry.init)
    entries = OrderedDictionary((operations + actions).map { ($0.id, $0) }) { first, _ in first }
  }

  /// Every id.
  package var ids: [String] { Array(entries.keys) }

  /// All of them, by section, a line each.
  package var list: String {
    let sections = OrderedDictionary(grouping: entries.values, by: \.section)
    let width = entries.keys.map(\.count).max() ?? 0
    return sections.map { section, entries in
      let lines = entries.map { entry in
        "  \(entry.id)\(String(repeating: " ", count: width - entry.id.count))  \(entry.title)\n"
      }
      return "\(section)\n\(lines.joined())"
    }.joined(separator: "\n")
  }

  /// The manual page of one, or nil when there is none of that id.
  package func page(of id: String) -> String? { entries[id].map { ManualPage(entry: $0).text } }

  /// All of them as one JSON list.
  package var listJSON: String {
    JSON.text(.list(entries.values.map(\.value)), secrets: .masked, style: .pretty) + "\n"
  }

  /// One as a JSON object, or nil when there is none of that id.
  package func json(of id: String) -> String? {
    entries[id].map { JSON.text($0.value, secrets: .masked, style: .pretty) + "\n" }
  }
}

/// One operation or local action, as the manual tells it.
struct ManualEntry: Sendable {
  let id: String
  let title: String
  let summary: String
  let section: String
  let routes: [String]
  let authorization: String
  let completion: String
  let repetition: String
  let fields: OrderedDictionary<String, Field>
  let answer: OrderedDictionary<String, AnswerField>
  let confidence: String
  let sources: [String]

  init(_ operation: Operation) {
    id = operation.id
    title = operation.title
    summary = operation.summary
    section = operation.section
    routes = operation.routes.map { "\($0.method) \($0.path)" }
    authorization = operation.authorization.rawValue
    completion = operation.completion.rawValue
    repetition = operation.repetition.rawValue
    fields = operation.fields
    answer = operation.answer
    confidence = operation.confidence
    sources = operation.sources
  }

  init(_ action: LocalAction) {
    id = action.rawValue
    title = action.summary
    summary = action.summary
    section = "Local actions"
    routes = []
    authorization = "none"
    completion = "local"
    repetition = "harmless"
    fields = action.fields
    answer = action.answer
    confidence = ""
    sources = []
  }

  /// A step that `privirun check` accepts; required fields only, or the first when none is.
  var example: String {
    let required = fields.filter(\.value.isRequired)
    var shown =
      required.isEmpty ? OrderedDictionary(uniqueKeysWithValues: fields.prefix(1)) : required
    if id == LocalAction.encryptData.rawValue { shown["data"] = fields["data"] }
    var lines = ["- call: \(id)"]
    if !shown.isEmpty {
      lines.append("  with:")
      lines += shown.map { "    \($0.key): \($0.value.example)" }
    }
    return lines.joined(separator: "\n")
  }

  var value: Value {
    [
      "id": .string(id), "title": .string(title), "summary": .string(summary),
      "section": .string(section), "routes": .list(routes.map { .string($0) }),
      "authorization": .string(authorization), "completion": .string(completion),
      "repetition": .string(repetition),
      "fields": .list(fields.map { $0.value.value(named: $0.key) }),
      "answer": .list(answer.map { $0.value.value(named: $0.key) }),
      "confidence": .string(confidence), "sources": .list(sources.map { .string($0) }),
      "example": .string(example),
    ]
  }
}

extension Field {
  fileprivate func value(named name: String) -> Value {
    [
      "name": .string(name), "type": .string(kind.name), "in": .string(place.rawValue),
      "required": .bool(isRequired), "sensitive": .bool(isSensitive),
      "allowed": .list(allowed.map { .string($0) }), "summary": .string(summary),
      "minimum": minimum.map { .int(Int64($0)) } ?? .null,
      "maximum": maximum.map { .int(Int64($0)) } ?? .null,
    ]
  }

  fileprivate var example: String {
    if let first = allowed.first { return first }
    switch kind {
    case .string: return "\"\(String(repeating: "…", count: max(1, minimum ?? 1)))\""
    case .integer: return String(minimum ?? 1)
    case .number: return "1.0"
    case .boolean: return "true"
    case .bytes, .any: return "\"…\""
    case .list: return "[]"
    case .map: return "{}"
    }
  }
}

extension AnswerField {
  fileprivate func value(named name: String) -> Value {
    [
      "name": .string(name), "type": .string(kind.name), "sensitive": .bool(isSensitive),
      "summary": .string(summary),
    ]
  }
}

extension Field.Kind {
  var name: String {
    switch self {
    case .string: "string"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .bytes: "bytes"
    case .list(let kind): "list of \(kind.name)"
    case .map: "map"
    case .any: "any"
    }
  }
}
