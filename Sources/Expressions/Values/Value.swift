package import OrderedCollections

/// A value of the expression language: what inputs, answers, results and expressions hold.
///
/// The kinds are those of CEL (Common Expression Language). `secret` is ours: it marks a value that
/// must never be shown. Everything computed from a secret is secret.
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
}

/// A map in insertion order; equality ignores the order.
package struct ValueMap: Sendable {
  package private(set) var entries: OrderedDictionary<Value, Value>

  /// The empty map.
  package init() {
    entries = [:]
  }

  /// Takes `entries` over; keys are bool, int, uint or string values (CEL spec, "Values").
  package init(_ entries: OrderedDictionary<Value, Value>) {
    self.entries = entries
  }

  package var count: Int { entries.count }
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
  package static func == (left: ValueMap, right: ValueMap) -> Bool {
    left.count == right.count
      && left.entries.allSatisfy { right.entries[$0.key] == $0.value }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(Set(entries.keys))
  }
}

extension ValueMap: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, Value)...) {
    self.init(OrderedDictionary(elements.map { (.string($0), $1) }, uniquingKeysWith: { $1 }))
  }
}

/// An instant, in seconds and nanoseconds since 1970-01-01T00:00:00Z (CEL `timestamp`).
package struct Timestamp: Sendable, Hashable {
  package var seconds: Int64
  /// 0 to 999,999,999.
  package var nanoseconds: Int32

  package init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}
