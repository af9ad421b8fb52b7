package import Journaling
package import Operations

/// What a daemon reports about itself at one moment.
package struct DaemonFacts: Sendable, Hashable {
  /// How long the scheduler may take for one turn.
  package static let longestTurn = Duration.seconds(30)

  /// What it does.
  package var state: DaemonState
  /// Since when it does that.
  package var since: Moment
  /// The process that acts on schedules, itself or another; nil while none is known.
  package var acting: OwnerIdentity?
  /// When the scheduler turned last, on the clock that `DaemonStatus` is read by.
  package var turnedAt: Duration
  /// Whether the journal takes what is recorded.
  package var journal: JournalHealth
  /// How the rollout files are.
  package var files: ServedCounts
  /// The names of the schedules that are served and whose ledgers cannot be used.
  package var unusable: [String]

  /// A daemon that is just starting.
  package init(since: Moment, turnedAt: Duration) {
    state = .starting
    self.since = since
    self.turnedAt = turnedAt
    journal = .writable
    files = ServedCounts()
    unusable = []
  }

  /// Whether the scheduler turned lately, or has not begun to.
  package func isTurning(at uptime: Duration) -> Bool {
    state == .starting || uptime - turnedAt <= Self.longestTurn
  }
}

/// Whether the journal takes what is recorded.
package enum JournalHealth: Sendable, Hashable {
  /// Nothing is known to hinder it.
  case writable
  /// The latest commit failed, and none has succeeded since then.
  case failing(since: Moment)
}
