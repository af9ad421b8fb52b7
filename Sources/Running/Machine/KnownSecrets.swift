import Expressions
import OrderedCollections

/// The passwords and tokens of a run's sessions, which no text from outside may show; bounded.
///
/// Tokens that were replaced stay: the service may still speak of them.
struct KnownSecrets: Sendable {
  private static let limit = 128

  private var secrets: OrderedSet<Secret> = []

  var all: [Secret] { Array(secrets) }

  mutating func add(_ more: [Secret]) {
    secrets.append(contentsOf: more)
    if secrets.count > Self.limit { secrets.removeFirst(secrets.count - Self.limit) }
  }
}
