import Events
import Expressions
import OrderedCollections

/// Compares values of two runs, member by member.
struct ValueComparison: Sendable, Hashable {
  /// Whether secrets are known, so that they can be compared; none differs from another otherwise.
  let comparesSecrets: Bool
  private var identifiers = IdentifierPairs()

  init(comparesSecrets: Bool) {
    self.comparesSecrets = comparesSecrets
  }

  /// What differs between `from` and `to`, which are called `name`; nil stands for no value.
  mutating func differences(
    _ from: Value?, _ to: Value?, at name: String
  ) -> [ComparedValue] {
    switch (from, to) {
    case (nil, nil): []
    case (let from?, nil): [ComparedValue(name: name, change: .removed(from))]
    case (nil, let to?): [ComparedValue(name: name, change: .added(to))]
    case (.map(let from)?, .map(let to)?): members(from, to, at: name)
    case (.list(let from)?, .list(let to)?): elements(from, to, at: name)
    case (.secret(let from)?, .secret(let to)?):
      comparesSecrets && from != to
        ? [ComparedValue(name: name, change: .changed(from: .secret(from), to: .secret(to)))] : []
    case (let from?, let to?): scalars(from, to, at: name)
    }
  }

  /// Marks those of `differences` that are generated, as far as everything compared until now shows.
  func marked(_ differences: [ComparedValue]) -> [ComparedValue] {
    differences.map { difference in
      var difference = difference
      difference.isGenerated = identifiers.isGenerated(difference.change)
      return difference
    }
  }

  private mutating func scalars(
    _ from: Value, _ to: Value, at name: String
  ) -> [ComparedValue] {
    identifiers.note(from, to)
    return from == to ? [] : [ComparedValue(name: name, change: .changed(from: from, to: to))]
  }

  private mutating func members(
    _ from: ValueMap, _ to: ValueMap, at name: String
  ) -> [ComparedValue] {
    let added = to.entries.keys.filter { from.entries[$0] == nil }
    return (Array(from.entries.keys) + added).flatMap { key in
      differences(from.entries[key], to.entries[key], at: Self.name(of: key, in: name))
    }
  }

  private static func name(of key: Value, in name: String) -> String {
    guard case .string(let text) = key, !text.isEmpty,
      text.utf8.allSatisfy({ $0 >= 0x80 || isPlain($0) })
    else { return "\(name)[\(EncodedValue.json(key).line)]" }
    return name.isEmpty ? text : "\(name).\(text)"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private mutating func elements(
    _ from: [Value], _ to: [Value], at name: String
  ) -> [ComparedValue] {
    Self.pairs(from, to).flatMap { pair in
      switch pair {
      case .both(let first, let second):
        differences(from[first], to[second], at: "\(name)[\(second)]")
      case .first(let first): differences(from[first], nil, at: "\(name)[\(first)]")
      case .second(let second): differences(nil, to[second], at: "\(name)[\(second)]")
      }
    }
  }

  /// Which elements of two lists correspond.
  private static func pairs(_ from: [Value], _ to: [Value]) -> [SequenceAlignment.Pair] {
    if let records = RecordPairs(from, to) { return records.pairs }
    return SequenceAlignment(from, to).pairs
  }
}
