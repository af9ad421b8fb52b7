import Randomness

/// The sandbox's engine: the whole of Privicore as far as a client can observe, as a value.
///
/// It performs nothing: requests, messages and the passing of time go in, answers and messages to
/// sockets come out. The same seed and the same inputs give the same bytes. Time never runs
/// backwards: an earlier instant counts as the latest one seen.
///
///     var vault = Vault(configuration: VaultConfiguration(), seed: 1)
///     let reaction = vault.receive(APIRequest(method: "GET", path: "/health"), at: now)
///     // reaction.response is sent, then reaction.emissions; at vault.nextDeadline
///     // vault.advance(to:) returns what is to be sent then.
package struct Vault: Sendable {
  private(set) var configuration: VaultConfiguration
  /// What is spoken at the moment; a mixed dialect changes from answer to answer.
  var dialect: Dialect
  /// Chance of its own, so that a mixed dialect has no part in what identifiers become.
  var dialectRandom: SplitMix
  /// Everything that outlives the process; what has to be saved belongs here.
  var state: VaultState
  /// What follows from the state.
  var index = VaultIndex()
  /// What reads may still see, oldest first; empty without a read lag.
  var past: [PastRecords] = []
  /// The requests of clients and their effects.
  package internal(set) var ledger = Ledger()
  /// What is disturbed, and how often it was.
  package var faults: FaultSource
  var occurrences = VaultOccurrences()
  var connections = Connections()
  var outbox = Outbox()

  /// Starts an empty engine whose identifiers, tokens and keys follow from `seed`.
  package init(configuration: VaultConfiguration, seed: UInt64) {
    self.configuration = configuration
    dialect = configuration.dialect
    dialectRandom = SplitMix(seed: ~seed)
    // As little: a disturbed vault makes the same identifiers.
    faults = FaultSource(configuration.faults, seed: seed ^ 0xF0F0_F0F0_F0F0_F0F0)
    var generator = SplitMix(seed: seed)
    let pair = Self.keyPair(from: &generator, tag: configuration.dialect.keyTag.own)
    state = VaultState(engineKey: pair?.publicKey ?? "", generator: generator)
    settleDialect()
  }

  /// From now on commands take so long, and voters think so long, but a second at most.
  package mutating func slow(to delay: Duration) {
    configuration.delay = delay
    configuration.voterDelay = min(delay, .seconds(1))
  }

  /// From now on clients are directed to upload and download there.
  package mutating func locateStreams(upstream: StreamAddress, downstream: StreamAddress) {
    configuration.upstream = upstream
    configuration.downstream = downstream
  }
}

extension Vault: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Never what is inside: it is full of other people's secrets.
  package var description: String { "Vault" }
  /// The same as `description`, so that a debugger shows no secret.
  package var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows no secret.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
