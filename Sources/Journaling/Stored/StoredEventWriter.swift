import Events
import Expressions
import Operations

/// Writes the fields of events as numbered items, secrets sealed, one after another into one buffer.
struct StoredEventWriter: EventCoder {
  typealias CodingError = StoredFormError

  static let isOutside = false

  /// What was written.
  var items: CBORWriter
  /// Seals the secrets of what is written next.
  var sealer: Sealer
  /// How many fields the innermost map has that is being written.
  private var fieldCount = 0

  /// A writer of about `capacity` bytes.
  init(sealing sealer: Sealer, capacity: Int = 0) {
    self.sealer = sealer
    items = CBORWriter(capacity: capacity)
  }

  /// Writes a map of the fields that `code` goes through.
  mutating func fields(
    _ code: (inout Self) throws(StoredFormError) -> Void
  ) throws(StoredFormError) {
    let outerCount = fieldCount
    fieldCount = 0
    let fields = try items.openFields()
    try code(&self)
    try items.close(fields, count: fieldCount)
    fieldCount = outerCount
  }

  /// Begins a field, whose item follows.
  private mutating func begin(_ key: FieldKey) {
    items.unsigned(key.number)
    fieldCount += 1
  }

  mutating func text(_ key: FieldKey, _ value: inout String) {
    begin(key)
    items.text(value)
  }
  mutating func text(_ key: FieldKey, _ value: inout String?) {
    guard let value else { return }
    begin(key)
    items.text(value)
  }
  mutating func count(_ key: FieldKey, _ value: inout Int) {
    begin(key)
    items.integer(Int64(value))
  }
  mutating func count(_ key: FieldKey, _ value: inout Int?) {
    guard let value else { return }
    begin(key)
    items.integer(Int64(value))
  }
  mutating func seed(_ key: FieldKey, _ value: inout UInt64) {
    begin(key)
    items.unsigned(value)
  }
  mutating func flag(_ key: FieldKey, _ value: inout Bool) {
    guard value else { return }
    begin(key)
    items.bool(true)
  }
  mutating func moment(_ key: FieldKey, _ value: inout Moment) {
    begin(key)
    items.integer(value.nanoseconds)
  }
  mutating func moment(_ key: FieldKey, _ value: inout Moment?) {
    guard let value else { return }
    begin(key)
    items.integer(value.nanoseconds)
  }
  mutating func duration(_ key: FieldKey, _ value: inout Duration) throws(StoredFormError) {
    begin(key)
    try StoredValue.write(value, to: &items)
  }
  mutating func duration(_ key: FieldKey, _ value: inout Duration?) throws(StoredFormError) {
    guard let value else { return }
    begin(key)
    try StoredValue.write(value, to: &items)
  }
  mutating func path(_ key: FieldKey, _ value: inout StepPath) throws(StoredFormError) {
    begin(key)
    try StoredPath.write(value, to: &items)
  }
  mutating func path(_ key: FieldKey, _ value: inout StepPath?) throws(StoredFormError) {
    guard let value else { return }
    begin(key)
    try StoredPath.write(value, to: &items)
  }
  mutating func paths(_ key: FieldKey, _ value: inout [StepPath]) throws(StoredFormError) {
    guard !value.isEmpty else { return }
    try list(key, value.count)
    for path in value { try StoredPath.write(path, to: &items) }
    items.close()
  }
  mutating func texts(_ key: FieldKey, _ value: inout [String]) throws(StoredFormError) {
    guard !value.isEmpty else { return }
    try list(key, value.count)
    for text in value { items.text(text) }
    items.close()
  }
  mutating func counts(_ key: FieldKey, _ value: inout [Int]) throws(StoredFormError) {
    guard !value.isEmpty else { return }
    try list(key, value.count)
    for count in value { items.integer(Int64(count)) }
    items.close()
  }
  mutating func value(_ key: FieldKey, _ value: inout Value) throws(StoredFormError) {
    if case .null = value { return }
    begin(key)
    try StoredValue.write(value, to: &items, sealing: sealer)
  }
  mutating func optionalValue(_ key: FieldKey, _ value: inout Value) throws(StoredFormError) {
    try self.value(key, &value)
  }
  mutating func map(_ key: FieldKey, _ value: inout ValueMap) throws(StoredFormError) {
    guard !value.isEmpty else { return }
    begin(key)
    try StoredValue.write(value, to: &items, sealing: sealer)
  }
  mutating func labels(_ key: FieldKey, _ value: inout [RunLabel]) throws(StoredFormError) {
    guard !value.isEmpty else { return }
    begin(key)
    try items.openMap(value.count)
    for label in value {
      items.text(label.name)
      items.text(label.value)
    }
    items.close()
  }
  mutating func part<Part: EventPart>(
    _ key: FieldKey, _ value: inout Part
  ) throws(StoredFormError) {
    begin(key)
    try write(&value)
  }
  mutating func part<Part: EventPart>(
    _ key: FieldKey, _ value: inout Part?
  ) throws(StoredFormError) {
    guard var part = value else { return }
    begin(key)
    try write(&part)
  }
  mutating func parts<Part: EventPart>(
    _ key: FieldKey, _ value: inout [Part]
  ) throws(StoredFormError) {
    guard !value.isEmpty else { return }
    try list(key, value.count)
    for var part in value { try write(&part) }
    items.close()
  }
  func refuse(_ key: FieldKey) throws(StoredFormError) {
    throw .malformed("the field `\(key.name)`")
  }

  private mutating func list(_ key: FieldKey, _ count: Int) throws(StoredFormError) {
    begin(key)
    try items.openList(count)
  }

  private mutating func write<Part: EventPart>(_ part: inout Part) throws(StoredFormError) {
    try fields { writer throws(StoredFormError) in try part.code(&writer) }
  }
}
