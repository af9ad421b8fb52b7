import OrderedCollections

/// What a value that is not known yet waits for: the steps and fields it will be computed from.
///
/// Only plans have such values: a step that is not performed has a result, but nobody knows which.
///
///     let id = Unknown("stores/device.deviceIdentifier")
///     id.union(Unknown("keys.publicKey")).phrase
///     // "`stores/device.deviceIdentifier` and `keys.publicKey`"
package struct Unknown: Sendable, Hashable {
  /// How an unknown value is shown to people, wherever a value is.
  package static let text = "(known after apply)"
  /// The name of the only member of the JSON object that stands for an unknown value.
  package static let memberName = "$unknown"
  /// So many sources are named in a sentence.
  private static let namedSources = 3
  /// So many sources are kept; what comes of thousands of steps would be slow to join otherwise.
  private static let mostSources = 32
  /// Stands for all further sources.
  private static let others = "…"

  private var names: OrderedSet<String>

  /// A value that waits for `source`, a step and its field such as `stores/device.deviceIdentifier`.
  package init(_ source: String) {
    names = [source]
  }

  /// A value that waits for each of `sources`; nil when there are none.
  package init?(_ sources: some Sequence<String>) {
    names = []
    for source in sources where !add(source) { break }
    if names.isEmpty { return nil }
  }

  /// What all of `unknowns` wait for, in their order; nil when there are none.
  package init?(joining unknowns: some Sequence<Unknown>) {
    self.init(unknowns.lazy.flatMap(\.sources))
  }

  /// The sources in the order in which they were met, each once; never empty, and after 32 of them `…`
  /// stands for the rest.
  package var sources: [String] { names.elements }

  /// What a value waits for that needs both.
  package func union(_ other: Unknown) -> Unknown {
    var union = self
    union.formUnion(other)
    return union
  }

  /// Adds what `other` waits for.
  package mutating func formUnion(_ other: Unknown) {
    for name in other.names where !add(name) { return }
  }

  /// Adds a source; false when there are too many.
  private mutating func add(_ source: String) -> Bool {
    guard names.count < Self.mostSources || names.contains(source) else {
      names.append(Self.others)
      return false
    }
    names.append(source)
    return true
  }

  /// The sources in words, the first of many only: `` `a.id`, `b.id`, `c.id` and 4 more ``.
  package var phrase: String {
    let quoted = names.filter { $0 != Self.others }.map { "`\($0)`" }
    let rest = quoted.count - Self.namedSources
    guard rest <= 0 || quoted.count == names.count else {
      return "\(quoted.prefix(Self.namedSources).joined(separator: ", ")) and others"
    }
    guard rest <= 0 else {
      return "\(quoted.prefix(Self.namedSources).joined(separator: ", ")) and \(rest) more"
    }
    let last = quoted.last ?? ""
    return quoted.count < 2
      ? last : "\(quoted.dropLast().joined(separator: ", ")) and \(last)"
  }
}

extension Value {
  /// What the value itself waits for; nil when it is known, whatever is inside it.
  ///
  /// That something is secret as well hides nothing here: there is nothing yet to hide.
  package var unknown: Unknown? {
    switch self {
    case .unknown(let unknown): unknown
    case .secret(let secret): secret.reveal().unknown
    case .null, .bool, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration,
      .type:
      nil
    }
  }

  /// Whether the value or anything inside it, secret or not, is unknown.
  package var holdsUnknown: Bool {
    switch self {
    case .unknown: true
    case .list(let elements): elements.contains(where: \.holdsUnknown)
    case .map(let map): map.entries.values.contains(where: \.holdsUnknown)
    case .secret(let secret): secret.reveal().holdsUnknown
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type: false
    }
  }

  /// What the value and everything inside it wait for, in order; nil when all of it is known.
  package var unknownParts: Unknown? {
    holdsUnknown ? Unknown(joining: unknowns) : nil
  }

  private var unknowns: [Unknown] {
    switch self {
    case .unknown(let unknown): [unknown]
    case .list(let elements): elements.flatMap(\.unknowns)
    case .map(let map): map.entries.values.flatMap(\.unknowns)
    case .secret(let secret): secret.reveal().unknowns
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type: []
    }
  }
}
