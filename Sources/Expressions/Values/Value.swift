package import OrderedCollections

/// A value of the expression language: what inputs, answers, results and expressions hold.
///
/// The kinds are those of CEL (Common Expression Language). `secret` is ours: it marks a value that
/// must never be shown. Everything computed from a secret is secret. `unknown` is ours, too: it stands
/// for a value that a plan cannot know, and no run ever has one.
package indirect enum Value: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([Value])
  case map(ValueMap)
  case timestamp(Timestamp)
  case duration(Duration)
  /// The name of a type, as `type(1)` answers.
  case type(String)
  case secret(Secret)
  /// A value that will be known once the steps it waits for are performed; never the key of a map.
  case unknown(Unknown)
}

/// A map in insertion order; equality ignores the order.
package struct ValueMap: Sendable {
  /// The keys and values in insertion order; keys are bool, int, uint or string values.
  package private(set) var entries: OrderedDictionary<Value, Value>
  /// Fields that expressions read by their names and that are no entries: they are not counted, listed,
  /// compared or written, and an entry of the same name hides them.
  package internal(set) var attributes: [String: Value] = [:]

  /// The empty map.
  package init() {
    entries = [:]
  }

  /// Takes `entries` over; keys are bool, int, uint or string values (CEL spec, "Values").
  package init(_ entries: OrderedDictionary<Value, Value>) {
    self.entries = entries
  }

  /// The number of entries, those with keys that are no text included.
  package var count: Int { entries.count }
  /// Whether the map has no entry.
  package var isEmpty: Bool { entries.isEmpty }

  /// The value under a text key.
  package subscript(name: String) -> Value? {
    get { entries[.string(name)] }
    set { entries[.string(name)] = newValue }
  }

  /// The text keys, in order.
  package var names: [String] {
    entries.keys.compactMap { if case .string(let name) = $0 { name } else { nil } }
  }
}

extension ValueMap: Hashable {
  /// Whether both maps have the same keys with equal values, in whatever order, and the same attributes.
  package static func == (left: ValueMap, right: ValueMap) -> Bool {
    left.count == right.count && left.attributes == right.attributes
      && left.entries.allSatisfy { right.entries[$0.key] == $0.value }
  }

  /// Hashes the keys as a set, so that equal maps in different order hash alike.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(Set(entries.keys))
  }
}

extension ValueMap: ExpressibleByDictionaryLiteral {
  /// A map with text keys in the order written; of a repeated key the last value counts.
  package init(dictionaryLiteral elements: (String, Value)...) {
    self.init(OrderedDictionary(elements.map { (.string($0), $1) }, uniquingKeysWith: { $1 }))
  }
}

/// An instant, in seconds and nanoseconds since 1970-01-01T00:00:00Z (CEL `timestamp`).
package struct Timestamp: Sendable, Hashable {
  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down; negative before then.
  ///
  /// Expressions make only instants of the years 1 to 9999.
  package var seconds: Int64
  /// 0 to 999,999,999.
  package var nanoseconds: Int32

  /// An instant; neither part is checked, so `nanoseconds` must be within its bounds.
  package init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}
