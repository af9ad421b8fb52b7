import Expressions
import OrderedCollections

/// What is known of a value before anything runs: its type, and which parts of it are secret.
struct Knowledge: Sendable, Hashable {
  var type: StaticType
  var secrecy: Secrecy

  init(_ type: StaticType, _ secrecy: Secrecy = .open) {
    self.type = type
    self.secrecy = secrecy
  }

  /// A map with these fields.
  init(fields: OrderedDictionary<String, Knowledge>) {
    type = .object(fields.mapValues(\.type))
    secrecy = .fields(
      Dictionary(uniqueKeysWithValues: fields.lazy.map { ($0.key, $0.value.secrecy) }))
  }

  /// Nothing is known.
  static let nothing = Knowledge(.dyn)
  /// A map without fields: what steps hand on that have no result.
  static let empty = Knowledge(.object([:]))
}

/// Which parts of a value are secret, as far as that is known before anything runs.
///
/// What is unknown counts as open here; values themselves know better when the plan is played.
indirect enum Secrecy: Sendable, Hashable {
  case open
  case secret
  case fields([String: Secrecy])

  /// The secrecy of what is found by following `path`.
  func following(_ path: some Sequence<String>) -> Secrecy {
    path.reduce(self) { secrecy, name in
      switch secrecy {
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
