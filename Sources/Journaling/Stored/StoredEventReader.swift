import Events
import Expressions
import Operations

/// Reads the fields of an event back from numbered items.
struct StoredEventReader: EventCoder {
  typealias CodingError = StoredFormError

  static let isOutside = false

  private let items: [UInt64: CBOR]
  private let seal: Seal?

  init(_ pairs: [CBOR.Pair], opening seal: Seal?) throws(StoredFormError) {
    var items: [UInt64: CBOR] = [:]
    for pair in pairs {
      guard case .unsigned(let number) = pair.key,
        items.updateValue(pair.value, forKey: number) == nil
      else { throw .malformed("a field without a number of its own") }
    }
    self.items = items
    self.seal = seal
  }

  func text(_ key: FieldKey, _ value: inout String) throws(StoredFormError) {
    guard case .text(let text)? = items[key.number] else { throw wrong(key) }
    value = text
  }
  func text(_ key: FieldKey, _ value: inout String?) throws(StoredFormError) {
    value = try optional(key) { if case .text(let text) = $0 { text } else { nil } }
  }
  func count(_ key: FieldKey, _ value: inout Int) throws(StoredFormError) {
    guard let count = items[key.number]?.integer else { throw wrong(key) }
    value = Int(count)
  }
  func count(_ key: FieldKey, _ value: inout Int?) throws(StoredFormError) {
    value = try optional(key) { $0.integer.map(Int.init) }
  }
  func seed(_ key: FieldKey, _ value: inout UInt64) throws(StoredFormError) {
    guard case .unsigned(let seed)? = items[key.number] else { throw wrong(key) }
    value = seed
  }
  func flag(_ key: FieldKey, _ value: inout Bool) throws(StoredFormError) {
    value = try optional(key) { if case .bool(let flag) = $0 { flag } else { nil } } ?? false
  }
  func moment(_ key: FieldKey, _ value: inout Moment) throws(StoredFormError) {
    guard let nanoseconds = items[key.number]?.integer else { throw wrong(key) }
    value = Moment(nanoseconds: nanoseconds)
  }
  func moment(_ key: FieldKey, _ value: inout Moment?) throws(StoredFormError) {
    value = try optional(key) { $0.integer.map { Moment(nanoseconds: $0) } }
  }
  func duration(_ key: FieldKey, _ value: inout Duration) throws(StoredFormError) {
    guard let item = items[key.number] else { throw wrong(key) }
    value = try StoredValue.decodeDuration(item)
  }
  func duration(_ key: FieldKey, _ value: inout Duration?) throws(StoredFormError) {
    guard let item = items[key.number] else {
      value = nil
      return
    }
    value = try StoredValue.decodeDuration(item)
  }
  func path(_ key: FieldKey, _ value: inout StepPath) throws(StoredFormError) {
    guard let item = items[key.number], let path = StoredPath.decode(item) else {
      throw wrong(key)
    }
    value = path
  }
  func path(_ key: FieldKey, _ value: inout StepPath?) throws(StoredFormError) {
    value = try optional(key, StoredPath.decode)
  }
  func paths(_ key: FieldKey, _ value: inout [StepPath]) throws(StoredFormError) {
    value = []
    guard let item = items[key.number] else { return }
    guard case .list(let list) = item else { throw wrong(key) }
    for item in list {
      guard let path = StoredPath.decode(item) else { throw wrong(key) }
      value.append(path)
    }
  }
  func texts(_ key: FieldKey, _ value: inout [String]) throws(StoredFormError) {
    value = []
    guard let item = items[key.number] else { return }
    guard case .list(let list) = item else { throw wrong(key) }
    for item in list {
      guard case .text(let text) = item else { throw wrong(key) }
      value.append(text)
    }
  }
  func counts(_ key: FieldKey, _ value: inout [Int]) throws(StoredFormError) {
    value = []
    guard let item = items[key.number] else { return }
    guard case .list(let list) = item else { throw wrong(key) }
    for item in list {
      guard let count = item.integer else { throw wrong(key) }
      value.append(Int(count))
    }
  }
  func value(_ key: FieldKey, _ value: inout Value) throws(StoredFormError) {
    value = try StoredValue.decode(items[key.number] ?? .null, opening: seal)
  }
  func optionalValue(_ key: FieldKey, _ value: inout Value) throws(StoredFormError) {
    try self.value(key, &value)
  }
  func map(_ key: FieldKey, _ value: inout ValueMap) throws(StoredFormError) {
    switch items[key.number] {
    case nil: value = ValueMap()
    case .map(let pairs): value = try StoredValue.decode(pairs, opening: seal)
    case _: throw wrong(key)
    }
  }
  func labels(_ key: FieldKey, _ value: inout [RunLabel]) throws(StoredFormError) {
    value = []
    guard let item = items[key.number] else { return }
    guard case .map(let pairs) = item else { throw wrong(key) }
    for pair in pairs {
      guard case .text(let name) = pair.key, case .text(let text) = pair.value else {
        throw wrong(key)
      }
      value.append(RunLabel(name: name, value: text))
    }
  }
  func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part) throws(StoredFormError) {
    guard let item = items[key.number] else { throw wrong(key) }
    value = try part(key, item)
  }
  func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part?) throws(StoredFormError) {
    value = nil
    if let item = items[key.number] { value = try part(key, item) as Part }
  }
  func parts<Part: EventPart>(_ key: FieldKey, _ value: inout [Part]) throws(StoredFormError) {
    value = []
    guard let item = items[key.number] else { return }
    guard case .list(let list) = item else { throw wrong(key) }
    for item in list { value.append(try part(key, item)) }
  }
  func refuse(_ key: FieldKey) throws(StoredFormError) { throw wrong(key) }

  private func part<Part: EventPart>(
    _ key: FieldKey, _ item: CBOR
  ) throws(StoredFormError) -> Part {
    guard case .map(let pairs) = item else { throw wrong(key) }
    var part = Part.blank
    var reader = try StoredEventReader(pairs, opening: seal)
    try part.code(&reader)
    return part
  }

  /// What `read` makes of the item; nil when there is none, and `malformed` for another kind.
  private func optional<Result>(
    _ key: FieldKey, _ read: (CBOR) -> Result?
  ) throws(StoredFormError) -> Result? {
    guard let item = items[key.number] else { return nil }
    guard let result = read(item) else { throw wrong(key) }
    return result
  }

  private func wrong(_ key: FieldKey) -> StoredFormError { .malformed("the field `\(key.name)`") }
}
