/// The words that decide what a step is, and the keys that go with each.
enum StepKind: String, CaseIterable {
  case call
  case play
  case forEach = "for-each"
  case parallel
  case assert
  case wait
  /// `steps` on its own.
  case block = "steps"

  /// The keys that belong to this kind, its own first.
  var keys: [String] {
    switch self {
    case .call: ["call", "with"]
    case .play: ["play", "with"]
    case .forEach: ["for-each", "as", "concurrency", "on-failure", "steps"]
    case .parallel: ["parallel"]
    case .assert: ["assert"]
    case .wait: ["wait"]
    case .block: ["steps"]
    }
  }

  /// The keys that any step can have.
  static let modifiers = [
    "id", "name", "when", "timeout", "retry", "session", "expect", "rescue", "always",
  ]

  /// Keys of the language that this version does not read yet.
  static let unsupported: Set<String> = ["approve", "undo", "ensure", "unless", "in-doubt"]

  /// Every key of every kind, each once.
  static let allKeys: [String] = {
    var keys: [String] = []
    for key in allCases.flatMap(\.keys) + modifiers where !keys.contains(key) { keys.append(key) }
    return keys
  }()

  /// The kinds that `key` belongs to.
  static func owners(of key: String) -> [String] {
    allCases.filter { $0.keys.contains(key) }.map(\.rawValue)
  }
}
