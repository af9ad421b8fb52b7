import Expressions
import OrderedCollections

/// Brings policy templates into one shape: `id`, `name`, `description`, `events`, and the rest as
/// it came; an event has `id`, `name` and `label` (protocol.md §10).
enum PolicyTemplates {
  private static let names: OrderedDictionary<String, [String]> = [
    "id": ["id", "template-identifier", "templateIdentifier", "policyTemplateId", "templateId"],
    "name": ["name", "title"],
    "description": ["description", "summary"],
  ]

  /// The list of templates, or nil when the body holds none in any shape.
  static func read(_ body: AnswerBody) -> Value? {
    guard case .json(let value, _) = body,
      let elements = RecordList.read(value, knownNames: Set(names.values.joined()))
    else { return nil }
    return .list(elements.compactMap(template))
  }

  private static func template(_ value: Value) -> Value? {
    guard case .map(var record) = RecordList.normalised(withIdentifier(value), names: names) else {
      return nil
    }
    for name in ["id", "name", "description"] {
      record[name] = record[name]?.plainText.map { .string($0) } ?? .null
    }
    record["events"] = .list(events(record["events"] ?? .null))
    return .map(record)
  }

  /// In an array the id stands under a longer name; in an object keyed by id under `id`.
  private static func withIdentifier(_ value: Value) -> Value {
    guard case .map(var record) = value else { return value }
    if record["template-identifier"] != nil, record["id"] == nil {
      record["id"] = record["template-identifier"]
    }
    return .map(record)
  }

  private static func events(_ value: Value) -> [Value] {
    switch value {
    case .map(let map): map.entries.flatMap { keyed($0.key.plainText ?? "", $0.value) }
    case .list(let elements): elements.flatMap(listed)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      []
    }
  }

  /// One entry of an object: event id with `{name: label}`, or event name with its id.
  private static func keyed(_ key: String, _ value: Value) -> [Value] {
    switch value {
    case .map(let map) where map["name"] != nil || map["event-name"] != nil:
      [event(id: key, name: text(map, ["name", "event-name"]), label: text(map, ["label"]))]
    case .map(let map):
      map.names.map { event(id: key, name: $0, label: map[$0]?.plainText) }
    case .int, .uint, .double: [event(id: value.plainText ?? "", name: key, label: nil)]
    case .string(let string):
      // Names of events have a dot; ids and labels stand on the other side of such a name.
      key.contains(".")
        ? [event(id: string, name: key, label: nil)] : [event(id: key, name: nil, label: string)]
    case .null, .bool: [event(id: key, name: nil, label: nil)]
    case .bytes, .list, .timestamp, .duration, .type, .secret, .unknown: []
    }
  }

  /// One element of an array: an object with an id, `{name: label}`, or a bare name.
  private static func listed(_ value: Value) -> [Value] {
    guard case .map(let map) = value else {
      return value.plainText.map { [event(id: $0, name: nil, label: nil)] } ?? []
    }
    guard let id = text(map, ["id", "event-identifier", "eventIdentifier", "eventId", "event-id"])
    else {
      return map.names.map { event(id: $0, name: nil, label: map[$0]?.plainText) }
    }
    let name = text(map, ["name", "event-name", "eventName", "event"])
    return [event(id: id, name: name, label: text(map, ["label", "title", "description"]))]
  }

  private static func event(id: String, name: String?, label: String?) -> Value {
    let name = name ?? label ?? id
    return .map(["id": .string(id), "name": .string(name), "label": .string(label ?? name)])
  }

  private static func text(_ map: ValueMap, _ names: [String]) -> String? {
    names.lazy.compactMap { map[$0]?.plainText }.first
  }
}
