/// What a record of the journal is about, as its first event says.
package enum RecordKind: Int64, Sendable, Hashable {
  /// A run, of its own or of a tenant.
  case run = 0
  /// A rollout.
  case rollout = 1
}

extension RunEvent.Kind {
  /// The kind of record that the event belongs to.
  package var recordKind: RecordKind {
    if case .rollout = self { .rollout } else { .run }
  }

  /// The outcome of the run or rollout, if this is its end.
  package var endOutcome: Outcome? {
    switch self {
    case .runFinished(let result): result.outcome
    case .rollout(.finished(let result)): result.outcome
    case _: nil
    }
  }
}

extension RunEvent {
  /// Whether it may be recorded at its sequence in `record`, which has or has not come to its end.
  ///
  /// The first event of a record, and only that, says what the record is about; all others are of the
  /// same kind, and one that came to its end can only be resumed.
  package func mayStand(
    in record: RunID, of recordKind: RecordKind, afterEnd isFinished: Bool
  ) -> Bool {
    guard kind.recordKind == recordKind else { return false }
    return switch kind {
    case .runStarted(let start): sequence == 0 && start.run == record
    case .rollout(.started(let start)): sequence == 0 && start.rollout == record
    case .runResumed, .rollout(.resumed): sequence > 0
    case _: sequence > 0 && !isFinished
    }
  }
}
