import Events
import Expressions
import Operations

/// Writes the fields of an event as numbered items, secrets sealed.
struct StoredEventWriter: EventCoder {
  typealias CodingError = StoredFormError

  static let isOutside = false

  private let sealer: Sealer
  private(set) var pairs: [CBOR.Pair] = []

  init(sealing sealer: Sealer) {
    self.sealer = sealer
  }

  private mutating func add(_ key: FieldKey, _ item: CBOR?) {
    if let item { pairs.append(.init(key: .unsigned(key.number), value: item)) }
  }

  mutating func text(_ key: FieldKey, _ value: inout String) { add(key, .text(value)) }
  mutating func text(_ key: FieldKey, _ value: inout String?) { add(key, value.map(CBOR.text)) }
  mutating func count(_ key: FieldKey, _ value: inout Int) { add(key, .integer(Int64(value))) }
  mutating func count(_ key: FieldKey, _ value: inout Int?) {
    add(key, value.map { .integer(Int64($0)) })
  }
  mutating func seed(_ key: FieldKey, _ value: inout UInt64) { add(key, .unsigned(value)) }
  mutating func flag(_ key: FieldKey, _ value: inout Bool) { add(key, value ? .bool(true) : nil) }
  mutating func moment(_ key: FieldKey, _ value: inout Moment) {
    add(key, .integer(value.nanoseconds))
  }
  mutating func moment(_ key: FieldKey, _ value: inout Moment?) {
    add(key, value.map { .integer($0.nanoseconds) })
  }
  mutating func duration(_ key: FieldKey, _ value: inout Duration) {
    add(key, StoredValue.encode(value))
  }
  mutating func duration(_ key: FieldKey, _ value: inout Duration?) {
    add(key, value.map(StoredValue.encode))
  }
  mutating func path(_ key: FieldKey, _ value: inout StepPath) {
    add(key, StoredPath.encode(value))
  }
  mutating func path(_ key: FieldKey, _ value: inout StepPath?) {
    add(key, value.map(StoredPath.encode))
  }
  mutating func paths(_ key: FieldKey, _ value: inout [StepPath]) {
    add(key, value.isEmpty ? nil : .list(value.map(StoredPath.encode)))
  }
  mutating func texts(_ key: FieldKey, _ value: inout [String]) {
    add(key, value.isEmpty ? nil : .list(value.map { .text($0) }))
  }
  mutating func counts(_ key: FieldKey, _ value: inout [Int]) {
    add(key, value.isEmpty ? nil : .list(value.map { .integer(Int64($0)) }))
  }
  mutating func value(_ key: FieldKey, _ value: inout Value) throws(StoredFormError) {
    add(key, value == .null ? nil : try StoredValue.encode(value, sealing: sealer))
  }
  mutating func optionalValue(_ key: FieldKey, _ value: inout Value) throws(StoredFormError) {
    try self.value(key, &value)
  }
  mutating func map(_ key: FieldKey, _ value: inout ValueMap) throws(StoredFormError) {
    add(key, value.isEmpty ? nil : try StoredValue.encode(value, sealing: sealer))
  }
  mutating func labels(_ key: FieldKey, _ value: inout [RunLabel]) {
    guard !value.isEmpty else { return }
    add(key, .map(value.map { CBOR.Pair(key: .text($0.name), value: .text($0.value)) }))
  }
  mutating func part<Part: EventPart>(
    _ key: FieldKey, _ value: inout Part
  ) throws(StoredFormError) {
    add(key, try item(of: value))
  }
  mutating func part<Part: EventPart>(
    _ key: FieldKey, _ value: inout Part?
  ) throws(StoredFormError) {
    guard let part = value else { return }
    add(key, try item(of: part))
  }
  mutating func parts<Part: EventPart>(
    _ key: FieldKey, _ value: inout [Part]
  ) throws(StoredFormError) {
    guard !value.isEmpty else { return }
    var items: [CBOR] = []
    for part in value { items.append(try item(of: part)) }
    add(key, .list(items))
  }
  func refuse(_ key: FieldKey) throws(StoredFormError) {
    throw .malformed("the field `\(key.name)`")
  }

  private func item(of part: some EventPart) throws(StoredFormError) -> CBOR {
    var (part, writer) = (part, StoredEventWriter(sealing: sealer))
    try part.code(&writer)
    return .map(writer.pairs)
  }
}
