import Events
import Journaling
import Machine
import Operations

/// Commits.
extension HostMachine {
  /// Lets what a run decided happen: at once where nothing of it waits to be recorded, and otherwise
  /// after the commit that it belongs to.
  mutating func take(_ decided: [RunAction], of run: RunID) {
    guard !decided.isEmpty || runs[run]?.isLeaving ?? false else { return }
    let records = decided.contains { if case .record = $0 { true } else { false } }
    if !records, commits.pending.parts[run] == nil, commits.current?.parts[run] == nil {
      return perform(decided, of: run)
    }
    commits.pending.add(decided, of: run)
  }

  mutating func startCommit() {
    guard commits.current == nil, !commits.hasFailed, !commits.pending.isEmpty else { return }
    guard commits.pending.hasRecords else {
      let ready = commits.pending
      commits.pending = PendingCommit()
      for run in ready.runs { perform(ready.parts[run] ?? [], of: run) }
      return
    }
    let commit = commits.pending.commit { run in
      runs[run].map { ($0.head, $0.epoch) } ?? records[run].map { ($0.head, $0.epoch) }
    }
    commits.current = commits.pending
    commits.pending = PendingCommit()
    actions.append(.commit(commit))
  }

  mutating func commitEnded(_ outcome: CommitOutcome, at moment: Moment) {
    guard let ended = commits.current else { return }
    commits.current = nil
    switch outcome {
    case .committed(let heads):
      commits.failedTries = 0
      for (run, head) in zip(ended.recordingRuns, heads) {
        runs[run]?.head = head
        records.setHead(head, of: run)
      }
      for run in ended.runs {
        let part = ended.parts[run] ?? []
        let events = part.events
        if !events.isEmpty { actions.append(.report(run, events)) }
        perform(part, of: run)
      }
    case .fenced(let run, let owner):
      give(up: run, .lost(to: owner), resending: giveUpBeginnings(of: run, in: ended))
    case .blocked(let run, let other): give(up: run, .blocked(by: other), resending: ended)
    case .conflict(let error):
      guard let run = error.run, ended.parts[run] != nil else { return fail(error) }
      give(
        up: run, .unrecorded(error, eventCount: recordedCount(of: run)),
        resending: giveUpBeginnings(of: run, in: ended))
    case .unknown(.locked(let path)): sendAgain(ended, locked: path)
    case .unknown(let error): fail(error)
    }
  }

  /// Another process held the journal all the time: nothing was recorded, and it may be done soon.
  private mutating func sendAgain(_ commit: PendingCommit, locked path: String) {
    commits.failedTries += 1
    guard commits.failedTries < limits.commitTries else { return fail(.locked(path: path)) }
    var commit = commit
    commit.add(commits.pending)
    commits.pending = commit
  }

  /// Once the record of a rollout belongs to somebody else, or cannot be kept, none of its runs begins; returns
  /// what is left of `commit`.
  private mutating func giveUpBeginnings(
    of record: RunID, in commit: PendingCommit
  ) -> PendingCommit {
    guard records[record] != nil else { return commit }
    records.noteLoss(of: record)
    endQueued { $0.isNew && $0.group == RunGroupID(record) }
    var commit = commit
    for run in runs.keys.sorted()
    where runs[run]?.head == .empty && runs[run]?.group == RunGroupID(record) {
      commit.remove(run)
      commits.pending.remove(run)
      end(run, .notStarted)
    }
    return commit
  }

  /// The run belongs to somebody else now; what the others had to record is sent again.
  private mutating func give(
    up run: RunID, _ ending: RunEnding, resending commit: PendingCommit
  ) {
    var commit = commit
    commit.remove(run)
    commits.pending.remove(run)
    if runs[run]?.hasFailed ?? false, let group = runs[run]?.group {
      groups.addFailures(-1, to: group)
    }
    switch ending {
    case .unrecorded, .blocked:
      if let epoch = runs[run]?.epoch ?? records[run]?.epoch {
        actions.append(.release(run, epoch: epoch))
      }
    case .finished, .waiting, .faulty, .notStarted, .lost: break
    }
    end(run, ending)
    commit.add(commits.pending)
    commits.pending = commit
  }

  /// Nothing can be recorded any more, so nothing more is done.
  private mutating func fail(_ error: JournalError) {
    commits.hasFailed = true
    commits.pending = PendingCommit()
    endQueued { _ in true }
    for run in runs.keys.sorted() + records.ids {
      end(run, .unrecorded(error, eventCount: recordedCount(of: run)))
    }
  }

  private func recordedCount(of run: RunID) -> Int {
    (runs[run]?.head ?? records[run]?.head)?.count ?? 0
  }
}

/// What runs do.
extension HostMachine {
  /// Whoever is waited for may take all the time there is: another process goes on with the run.
  private mutating func leave(_ run: RunID) {
    guard let hosted = runs[run] else { return }
    actions.append(.release(run, epoch: hosted.epoch))
    end(run, .waiting(hosted.machine.awaitedDecisions + hosted.machine.awaitedVoteSlots))
  }

  /// The same actions, whose requests carry what they are to carry: an intent comes just before its
  /// request.
  private func carrying(_ decided: [RunAction], of run: RunID) -> [RunAction] {
    guard let requestHeaders, let start = start(of: run) else { return decided }
    var intent: Int?
    return decided.map { action in
      defer { intent = action.intent }
      guard case .exchange(let id, var request) = action else { return action }
      request.headers += requestHeaders(start, intent)
      return .exchange(id, request)
    }
  }

  /// The events of `decided` are recorded: the rest may happen.
  private mutating func perform(_ decided: [RunAction], of run: RunID) {
    var performed: [RunAction] = []
    var ending: RunEnding?
    for action in requestHeaders == nil ? decided : carrying(decided, of: run) {
      switch action {
      case .record, .requestVoteSlot, .releaseVoteSlot: break
      case .finish(let result): ending = .finished(result)
      case .fail(let message): ending = .faulty(message)
      case .exchange, .abandon, .perform, .performDry, .connect, .send, .disconnect:
        performed.append(action)
      }
    }
    if case .faulty? = ending {
      // Whoever looks at the run must not think that it goes on.
      if let epoch = runs[run]?.epoch { actions.append(.release(run, epoch: epoch)) }
      performed = []
    }
    if !performed.isEmpty { actions.append(.perform(run, performed)) }
    if let ending { return end(run, ending) }
    guard runs[run]?.isLeaving ?? false, commits.pending.parts[run] == nil else { return }
    leave(run)
  }
}

extension RunAction {
  /// The number of the event, where it records the intent of a request.
  fileprivate var intent: Int? {
    guard case .record(let event) = self, case .requestIntended = event.kind else { return nil }
    return event.sequence
  }
}
