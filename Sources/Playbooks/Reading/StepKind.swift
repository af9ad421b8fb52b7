/// The words that decide what a step is, and the keys that go with each.
package enum StepKind: String, Sendable, CaseIterable {
  case call
  case play
  case forEach = "for-each"
  case parallel
  case assert
  case wait
  case approve
  /// `steps` on its own.
  case block = "steps"

  /// The keys that belong to this kind, its own first.
  package var keys: [String] {
    switch self {
    case .call: ["call", "with"]
    case .play: ["play", "with"]
    case .forEach:
      [
        "for-each", "as", "key", "index", "label", "until", "concurrency", "on-failure", "steps",
      ]
    case .parallel: ["parallel"]
    case .assert: ["assert"]
    case .wait: ["wait"]
    case .approve: ["approve"]
    case .block: ["steps"]
    }
  }

  /// The kind whose key may stand beside this one's: `for-each` has `steps`, too.
  var companion: StepKind? {
    switch self {
    case .forEach: .block
    case .block: .forEach
    case .call, .play, .parallel, .assert, .wait, .approve: nil
    }
  }

  /// The keys that any step can have.
  package static let modifiers = [
    "id", "name", "let", "when", "timeout", "retry", "session", "in-doubt", "ensure", "on-drift",
    "match", "tolerate", "expect", "rescue", "always", "undo",
  ]

  /// Keys of the language that this version does not read yet.
  static let unsupported: Set<String> = ["unless"]

  /// Every key of every kind, each once.
  package static let allKeys: [String] = {
    var keys: [String] = []
    for key in allCases.flatMap(\.keys) + modifiers where !keys.contains(key) { keys.append(key) }
    return keys
  }()

  private static let keySet = Set(allKeys)

  /// Whether `key` is one of `allKeys`.
  static func isKey(_ key: String) -> Bool { keySet.contains(key) }

  /// The kinds that `key` belongs to.
  static func owners(of key: String) -> [String] {
    allCases.filter { $0.keys.contains(key) }.map(\.rawValue)
  }
}
