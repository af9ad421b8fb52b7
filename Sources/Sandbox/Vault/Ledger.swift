package import Operations
package import OrderedCollections

/// What a vault saw: how often each operation came, what it did, and who broke the protocol.
///
/// It holds operation ids and fixed sentences only, never anything that a client sent.
package struct Ledger: Sendable, Hashable {
  /// How often an operation was received and how often it changed something.
  package struct Count: Sendable, Hashable {
    /// Requests for the operation, refused ones included.
    package var received: Int
    /// Requests that changed something; one that found everything as it should be is not counted.
    package var effects: Int

    /// A count of nothing, unless numbers are given.
    package init(received: Int = 0, effects: Int = 0) {
      self.received = received
      self.effects = effects
    }
  }

  /// One breach of the protocol by a client.
  package struct Violation: Sendable, Hashable {
    /// The rule that was broken; the word is what `GET /__sandbox/ledger` calls it.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
      /// A command while no socket of its profile had joined: its outcome may be lost.
      case commandBeforeJoin = "command-before-join"
      /// A protected call without a token.
      case callWithoutToken = "call-without-token"
      /// A protected call before the profile's key was registered.
      case callBeforeKey = "call-before-key"
      /// A join on a socket that had joined already.
      case secondJoin = "second-join"
      /// A single-use upload or download value that had been used.
      case reusedStreamValue = "reused-stream-value"
      /// A message on a socket that is not a JSON object.
      case unreadableMessage = "unreadable-message"
    }

    /// Which rule was broken; `detail` is a sentence about it.
    package var kind: Kind
    /// The id of the operation; nil when a message was not understood.
    package var operation: String?
    /// When the request or message came, on the vault's clock.
    package var at: Moment

    /// A breach of the rule `kind` at the instant `at`.
    package init(kind: Kind, operation: String?, at: Moment) {
      self.kind = kind
      self.operation = operation
      self.at = at
    }
  }

  /// The most violations that are kept; later ones are only counted.
  package static let maximumViolations = 1000

  /// By operation id, in the order they were first received.
  package private(set) var operations: OrderedDictionary<String, Count> = [:]
  /// The first violations in the order they happened, `maximumViolations` at most.
  package private(set) var violations: [Violation] = []
  /// How many violations there were, kept or not.
  package private(set) var violationCount = 0
  /// How many effects all operations had together.
  private(set) var effectCount = 0

  mutating func received(_ operation: String) {
    operations[operation, default: Count()].received += 1
  }

  mutating func took(effectOf operation: String) {
    operations[operation, default: Count()].effects += 1
    effectCount += 1
  }

  mutating func note(_ kind: Violation.Kind, operation: String?, at now: Moment) {
    violationCount += 1
    guard violations.count < Self.maximumViolations else { return }
    violations.append(Violation(kind: kind, operation: operation, at: now))
  }
}

extension Ledger.Violation {
  /// One sentence for a person.
  package var detail: String {
    switch kind {
    case .commandBeforeJoin: "A command came while no socket of its profile had joined."
    case .callWithoutToken: "A protected call came without a token."
    case .callBeforeKey:
      "A protected call that is no read came before the profile's key was registered."
    case .secondJoin: "A socket that had joined asked to join again."
    case .reusedStreamValue: "A single-use stream value was used again."
    case .unreadableMessage: "A message on a socket was not a JSON object."
    }
  }
}
