import Diagnostics
import Events
import Expressions
import Operations

/// The fields of a stored event or part of one, by name.
struct StoredFields {
  private let items: [String: CBOR]
  let seal: Seal?

  init(_ pairs: [CBOR.Pair], opening seal: Seal?) throws(StoredFormError) {
    var items: [String: CBOR] = [:]
    for pair in pairs {
      guard case .text(let name) = pair.key, items.updateValue(pair.value, forKey: name) == nil
      else { throw .malformed("a field without a name of its own") }
    }
    self.items = items
    self.seal = seal
  }

  func optionalText(_ name: String) throws(StoredFormError) -> String? {
    guard let item = items[name] else { return nil }
    guard case .text(let text) = item else { throw wrong(name) }
    return text
  }

  func text(_ name: String) throws(StoredFormError) -> String {
    guard let text = try optionalText(name) else { throw wrong(name) }
    return text
  }

  func optionalCount(_ name: String) throws(StoredFormError) -> Int? {
    guard let item = items[name] else { return nil }
    guard let integer = item.integer else { throw wrong(name) }
    return Int(integer)
  }

  func count(_ name: String) throws(StoredFormError) -> Int {
    guard let count = try optionalCount(name) else { throw wrong(name) }
    return count
  }

  func unsigned(_ name: String) throws(StoredFormError) -> UInt64 {
    guard case .unsigned(let number)? = items[name] else { throw wrong(name) }
    return number
  }

  func moment(_ name: String) throws(StoredFormError) -> Moment {
    Moment(nanoseconds: Int64(try count(name)))
  }

  func optionalDuration(_ name: String) throws(StoredFormError) -> Duration? {
    guard let item = items[name] else { return nil }
    return try StoredValue.decodeDuration(item)
  }

  func duration(_ name: String) throws(StoredFormError) -> Duration {
    guard let duration = try optionalDuration(name) else { throw wrong(name) }
    return duration
  }

  /// A fact that is left out when it is false.
  func flag(_ name: String) throws(StoredFormError) -> Bool {
    guard let item = items[name] else { return false }
    guard case .bool(let flag) = item else { throw wrong(name) }
    return flag
  }

  /// One of an enum's words.
  func word<Word: RawRepresentable>(
    _ name: String, as type: Word.Type
  ) throws(StoredFormError) -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: try text(name)) else { throw wrong(name) }
    return word
  }

  /// A value; null when the field is left out.
  func value(_ name: String) throws(StoredFormError) -> Value {
    try StoredValue.decode(items[name] ?? .null, opening: seal)
  }

  func map(_ name: String) throws(StoredFormError) -> ValueMap {
    guard case .map(let pairs)? = items[name] else { throw wrong(name) }
    return try StoredValue.decode(pairs, opening: seal)
  }

  func optionalFields(_ name: String) throws(StoredFormError) -> StoredFields? {
    guard let item = items[name] else { return nil }
    guard case .map(let pairs) = item else { throw wrong(name) }
    return try StoredFields(pairs, opening: seal)
  }

  /// Texts by name, in their order; none when the field is left out.
  func optionalTexts(
    _ name: String
  ) throws(StoredFormError) -> [(name: String, text: String)] {
    guard let item = items[name] else { return [] }
    guard case .map(let pairs) = item else { throw wrong(name) }
    var texts: [(name: String, text: String)] = []
    for pair in pairs {
      guard case .text(let key) = pair.key, case .text(let text) = pair.value else {
        throw wrong(name)
      }
      texts.append((key, text))
    }
    return texts
  }

  func optionalItems(_ name: String) throws(StoredFormError) -> [CBOR]? {
    guard let item = items[name] else { return nil }
    guard case .list(let items) = item else { throw wrong(name) }
    return items
  }

  /// The complaint that a field is missing or is not what it must be.
  func wrong(_ name: String) -> StoredFormError { .malformed("the field `\(name)`") }
}
