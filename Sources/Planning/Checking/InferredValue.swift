import Expressions
import OrderedCollections

/// What is known of a value before anything runs: its type, and which parts of it are secret.
struct InferredValue: Sendable, Hashable {
  var type: StaticType
  var taint: Taint

  init(_ type: StaticType, _ taint: Taint = .open) {
    self.type = type
    self.taint = taint
  }

  /// A map with these fields.
  init(fields: OrderedDictionary<String, InferredValue>) {
    type = .object(fields.mapValues(\.type))
    taint = .fields(
      Dictionary(uniqueKeysWithValues: fields.lazy.map { ($0.key, $0.value.taint) }))
  }

  /// Nothing is known.
  static let nothing = InferredValue(.dyn)
  /// A map without fields: what steps hand on that have no result.
  static let empty = InferredValue(.object([:]))
}

/// Which parts of a value are secret, as far as that is known before anything runs.
///
/// What is unknown counts as open here; values themselves know better when the plan is played.
indirect enum Taint: Sendable, Hashable {
  case open
  case secret
  case fields([String: Taint])

  /// The taint of what is found by following `path`.
  func following(_ path: some Sequence<String>) -> Taint {
    path.reduce(self) { taint, name in
      switch taint {
      case .open: .open
      case .secret: .secret
      case .fields(let fields): fields[name] ?? .open
      }
    }
  }

  /// Whether showing the value would show something secret.
  var holdsSecret: Bool {
    switch self {
    case .open: false
    case .secret: true
    case .fields(let fields): fields.values.contains(where: \.holdsSecret)
    }
  }
}
