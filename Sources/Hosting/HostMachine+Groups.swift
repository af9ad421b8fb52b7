import Events
import Journaling
import Machine
import Operations

/// Groups.
extension HostMachine {
  /// Notes what a run decided that its group is about.
  ///
  /// A failed end counts as soon as it is decided, before it is recorded: whatever starts later would be
  /// recorded after it.
  mutating func noteInGroup(_ decided: [RunAction], of run: RunID) {
    let group = runs[run]?.group
    if let group, runs[run]?.fails(with: decided) ?? false { addFailures(1, to: group) }
    for action in decided {
      switch action {
      case .requestVoteSlot(let path): groups.request(path, of: run, in: group)
      case .releaseVoteSlot(let path): groups.release(path, of: run, in: group)
      case .record, .exchange, .abandon, .perform, .performDry, .connect, .send, .disconnect,
        .finish, .fail:
        break
      }
    }
  }

  private mutating func addFailures(_ count: Int, to group: RunGroupID) {
    groups.addFailures(count, to: group)
    if groups.isFull(group) { endQueued { $0.isNew && $0.group == group } }
  }
}

/// Records that are no run's.
extension HostMachine {
  mutating func open(_ record: RunID, _ claim: RunClaim) {
    guard !commits.hasFailed else { return actions.append(.ended(record, .notStarted)) }
    records.open(record, claim)
    readRequests(for: record)
  }

  /// Gives up the records for which nothing comes any more, once all that came is recorded.
  mutating func closeRecords() {
    for id in records.closing {
      guard commits.current?.parts[id] == nil, commits.pending.parts[id] == nil,
        let epoch = records[id]?.epoch
      else { continue }
      _ = records.close(id)
      actions.append(.release(id, epoch: epoch))
    }
  }

  mutating func add(_ entry: RecordEntry) {
    guard let record = records[entry.record], !record.isClosing, !commits.hasFailed else { return }
    if entry.failures > 0 { addFailures(entry.failures, to: RunGroupID(entry.record)) }
    commits.pending.texts += entry.texts
    commits.pending.add(entry.events.map { .record($0) }, of: entry.record)
    if !entry.handled.isEmpty {
      commits.pending.handled[entry.record, default: []] += entry.handled
    }
    if !entry.ledger.isEmpty { commits.pending.ledger[entry.record, default: []] += entry.ledger }
    if !entry.notices.isEmpty {
      commits.pending.notices[entry.record, default: []] += entry.notices
    }
  }
}
