import Expressions
import Operations

/// Writes the fields of an event as the members of a JSON object, secrets masked.
struct JSONEventWriter: EventCoder {
  typealias CodingError = Never

  static let isOutside = true

  private(set) var members: [EncodedJSON.Member] = []

  private mutating func add(_ key: FieldKey, _ value: EncodedJSON?) {
    if let value { members.append(.init(name: key.name, value: value)) }
  }

  /// The members of `part`.
  static func json(of part: some EventPart) -> EncodedJSON {
    var (part, writer) = (part, JSONEventWriter())
    part.code(&writer)
    return .object(writer.members)
  }

  mutating func text(_ key: FieldKey, _ value: inout String) { add(key, .text(value)) }
  mutating func text(_ key: FieldKey, _ value: inout String?) {
    add(key, value.map(EncodedJSON.text))
  }
  mutating func count(_ key: FieldKey, _ value: inout Int) { add(key, .count(value)) }
  mutating func count(_ key: FieldKey, _ value: inout Int?) {
    add(key, value.map(EncodedJSON.count))
  }
  /// A text, because readers in other languages round integers beyond 2^53.
  mutating func seed(_ key: FieldKey, _ value: inout UInt64) { add(key, .text(String(value))) }
  mutating func flag(_ key: FieldKey, _ value: inout Bool) { add(key, value ? .bool(true) : nil) }
  mutating func moment(_ key: FieldKey, _ value: inout Moment) { add(key, .instant(value)) }
  mutating func moment(_ key: FieldKey, _ value: inout Moment?) {
    add(key, value.map(EncodedJSON.instant))
  }
  mutating func duration(_ key: FieldKey, _ value: inout Duration) {
    members.append(.init(name: "\(key.name)Milliseconds", value: .milliseconds(value)))
  }
  mutating func duration(_ key: FieldKey, _ value: inout Duration?) {
    if var duration = value { self.duration(key, &duration) }
  }
  mutating func path(_ key: FieldKey, _ value: inout StepPath) {
    add(key, .text(value.description))
  }
  mutating func path(_ key: FieldKey, _ value: inout StepPath?) {
    add(key, value.map { .text($0.description) })
  }
  mutating func paths(_ key: FieldKey, _ value: inout [StepPath]) {
    add(key, value.isEmpty ? nil : .list(value.map { .text($0.description) }))
  }
  mutating func texts(_ key: FieldKey, _ value: inout [String]) {
    add(key, value.isEmpty ? nil : .list(value.map { .text($0) }))
  }
  mutating func counts(_ key: FieldKey, _ value: inout [Int]) {
    add(key, value.isEmpty ? nil : .list(value.map(EncodedJSON.count)))
  }
  mutating func value(_ key: FieldKey, _ value: inout Value) { add(key, EncodedValue.json(value)) }
  mutating func optionalValue(_ key: FieldKey, _ value: inout Value) {
    add(key, value == .null ? nil : EncodedValue.json(value))
  }
  mutating func map(_ key: FieldKey, _ value: inout ValueMap) { add(key, EncodedValue.json(value)) }
  mutating func labels(_ key: FieldKey, _ value: inout [RunLabel]) {
    add(key, EncodedEvent.json(of: value))
  }
  mutating func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part) {
    add(key, Self.json(of: value))
  }
  mutating func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part?) {
    add(key, value.map(Self.json(of:)))
  }
  mutating func parts<Part: EventPart>(_ key: FieldKey, _ value: inout [Part]) {
    add(key, value.isEmpty ? nil : .list(value.map(Self.json(of:))))
  }
  func refuse(_ key: FieldKey) {}
}
