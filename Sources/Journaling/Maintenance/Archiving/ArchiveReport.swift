package import Events

/// What was moved into an archive, or would be, and what stays although it is old enough.
package struct ArchiveReport: Sendable, Hashable {
  /// How many records.
  package struct Records: Sendable, Hashable {
    /// Rollouts.
    package var rollouts: Int
    /// Runs, those of rollouts included.
    package var runs: Int

    /// So many rollouts and runs.
    package init(rollouts: Int = 0, runs: Int = 0) {
      self.rollouts = rollouts
      self.runs = runs
    }

    /// Whether there is neither.
    package var isEmpty: Bool { self == Records() }

    static func += (left: inout Records, right: Records) {
      left.rollouts += right.rollouts
      left.runs += right.runs
    }
  }

  /// A record that cannot be moved, since it is not what was recorded.
  package struct Damage: Sendable, Hashable {
    /// The run or rollout.
    package var record: RunID
    /// Which of both.
    package var kind: RecordKind
    /// What is wrong with it.
    package var flaws: [ChainFlaw]
  }

  /// What was moved.
  package var moved = Records()
  /// The events of what was moved.
  package var events = 0
  /// The ticks of schedules that were moved.
  package var ticks = 0
  /// The texts that left the journal, since nothing in it names them any more.
  package var texts = 0
  /// What stays, by the reason.
  package var stays: [ArchiveStay: Records] = [:]
  /// The first few records that are damaged.
  package var damages: [Damage] = []
  /// The schedules whose ticks stay, and why; half a sentence.
  package var keptLedgers: [String: String] = [:]

  /// So many damaged records are named.
  package static let mostDamages = 20

  /// A report of nothing yet.
  package init() {}

  mutating func note(_ stay: ArchiveStay, _ records: Records) {
    stays[stay, default: Records()] += records
  }

  mutating func note(_ damage: Damage) {
    if damages.count < Self.mostDamages { damages.append(damage) }
  }
}
