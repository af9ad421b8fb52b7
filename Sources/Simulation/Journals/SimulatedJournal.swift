package import Events
package import Journaling
import Operations
import Synchronization

/// A journal in memory, as one of several simulated processes sees it.
///
/// It keeps what a real one keeps, and can be made to fail.
package final class SimulatedJournal: Journal {
  let store: JournalStore
  let owner: JournalOwner

  /// The journal `store`, opened by a process of its own.
  package init(_ store: JournalStore, as identity: OwnerIdentity) {
    self.store = store
    owner = store.register(identity)
  }

  /// The process ends: its runs are free.
  package func kill() { store.withState { _ = $0.living.remove(owner.number) } }

  /// Records `commit`, unless the store was made to fail it.
  package func commit(_ commit: JournalCommit) async -> CommitOutcome {
    store.withState { state in
      switch state.failures.popLast() {
      case .lost(let error)?: return .unknown(error)
      case .unheard(let error)?:
        _ = state.commit(commit, by: owner)
        return .unknown(error)
      case nil: return state.commit(commit, by: owner)
      }
    }
  }

  /// Makes this process the owner of `run`; throws `owned` while another one lives, and `blocked` while
  /// a run that somebody drives holds a lock of it.
  package func claim(_ run: RunID) async throws(JournalError) -> RunClaim {
    try store.withState { state throws(JournalError) in try state.claim(run, by: owner) }
  }

  /// Gives up the ownership of `run`, if it is this process's under `epoch`.
  package func release(_ run: RunID, epoch: Int) async throws(JournalError) {
    store.withState { state in
      guard state.runs[run]?.owner == owner.number, state.runs[run]?.epoch == epoch else { return }
      state.runs[run]?.owner = nil
    }
  }

  /// The events of `run`, which are always intact.
  package func record(of run: RunID) async throws(JournalError) -> RunRecord {
    try store.withState { state throws(JournalError) in
      guard let record = state.runs[run] else { throw .unknownRun(prefix: run.text) }
      return RunRecord(events: record.events, isVerified: true)
    }
  }

  /// The runs of the tenants of `rollout`, in the order of the tenants.
  package func tenantRuns(of rollout: RunID) async throws(JournalError) -> [TenantRunRow] {
    store.withState { $0.tenantRuns(of: rollout) }
  }

  /// The text that was stored under `digest`, or nil.
  package func text(_ digest: TextDigest) async throws(JournalError) -> [UInt8]? {
    store.withState { $0.texts[digest] }
  }

  /// Leaves `request` for the owner of its run; throws `unknownRun`, `notARollout`, `over` and `decided`.
  package func post(_ request: RunRequest) async throws(JournalError) {
    try store.withState { state throws(JournalError) in
      guard let run = state.runs[request.run] else {
        throw .unknownRun(prefix: request.run.text)
      }
      guard request.kind.isAllowed(for: run.kind) else { throw .notARollout(run: request.run) }
      if run.isOver { throw .over(run: request.run) }
      for other in state.requests where other.request.run == request.run {
        if case .decide(let path, _) = request.kind, case .decide(path, _) = other.request.kind {
          throw .decided(run: request.run, step: path)
        }
      }
      state.lastRequest += 1
      state.requests.append(
        PostedRequest(number: PostedRequest.Number(state.lastRequest), request: request))
    }
  }

  /// The requests to the runs of this process after `cursor`, oldest first.
  package func requests(
    after cursor: JournalCursor
  ) async throws(JournalError) -> RequestPage {
    store.withState { state in
      let requests = state.requests.filter { posted in
        posted.number.value > cursor.position
          && state.runs[posted.request.run]?.owner == owner.number
      }
      let last = requests.last.map { JournalCursor($0.number.value) }
      return RequestPage(requests, next: last ?? cursor)
    }
  }
}

/// What all simulated processes share.
package final class JournalStore: Sendable {
  /// How a commit fails.
  package enum CommitFailure: Sendable, Hashable {
    /// It is not recorded.
    case lost(JournalError)
    /// It is recorded, but the one who sent it does not hear of it.
    case unheard(JournalError)
  }

  struct RecordedRun: Sendable {
    var events: [RunEvent] = []
    var owner: Int64?
    var epoch = 0

    var kind: RecordKind { events.first?.kind.recordKind ?? .run }
    var isOver: Bool { events.last?.kind.endOutcome != nil }
    var tenant: TenantReference? {
      guard case .runStarted(let start)? = events.first?.kind else { return nil }
      return start.tenant
    }
  }

  struct State: Sendable {
    var runs: [RunID: RecordedRun] = [:]
    /// The runs that hold the keys.
    var locks: [String: RunID] = [:]
    var texts: [TextDigest: [UInt8]] = [:]
    var requests: [PostedRequest] = []
    var lastRequest: Int64 = 0
    var owners: [JournalOwner] = []
    var living: Set<Int64> = []
    /// Of the next commits, the next last.
    var failures: [CommitFailure] = []
    var commits = 0
    /// What is kept of schedules, and of notifications.
    var ledgers = SimulatedLedgers()
    /// What was there before the changes in progress.
    var before = Before()
  }

  private let state = Mutex(State())

  /// An empty journal.
  package init() {}

  /// How many commits were recorded.
  package var commitCount: Int { state.withLock { $0.commits } }

  /// Lets the next commits fail in this order.
  package func fail(_ failures: [CommitFailure]) {
    state.withLock { $0.failures = failures.reversed() }
  }

  func withState<Result, Failure>(
    _ body: (inout sending State) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    try state.withLock(body)
  }

  fileprivate func register(_ identity: OwnerIdentity) -> JournalOwner {
    state.withLock { state in
      let owner = JournalOwner(number: Int64(state.owners.count + 1), identity: identity)
      state.owners.append(owner)
      state.living.insert(owner.number)
      return owner
    }
  }
}

/// Changes that are made whole or not at all; the runs that stay as they are cost nothing.
extension JournalStore.State {
  struct Before: Sendable {
    var runs: [RunID: JournalStore.RecordedRun?] = [:]
    var locks: [String: RunID] = [:]
    var requests: [PostedRequest] = []
  }

  private mutating func begin() { before = Before(locks: locks, requests: requests) }

  private mutating func change(
    _ run: RunID, _ body: (inout JournalStore.RecordedRun?) -> Void
  ) {
    if before.runs[run] == nil { before.runs.updateValue(runs[run], forKey: run) }
    body(&runs[run])
  }

  private mutating func rollBack() {
    for (run, record) in before.runs { runs[run] = record }
    (locks, requests) = (before.locks, before.requests)
  }
}

extension JournalStore.State {
  fileprivate mutating func commit(
    _ commit: JournalCommit, by owner: JournalOwner
  ) -> CommitOutcome {
    var heads: [JournalHead] = []
    begin()
    for part in commit.parts {
      if let refusal = add(part, by: owner) {
        rollBack()
        return refusal
      }
      heads.append(JournalHead(count: part.expected.count + part.events.count, digest: []))
    }
    for change in commit.ledger {
      if let error = ledgers.refusal(of: change, by: owner, owners) {
        rollBack()
        return .conflict(error)
      }
    }
    for change in commit.ledger { ledgers.perform(change) }
    requests.removeAll { commit.handled.contains($0.number) }
    for text in commit.texts { texts[text.digest] = text.bytes }
    for notice in commit.notices { ledgers.add(notice) }
    commits += 1
    return .committed(heads)
  }

  /// Adds the events of one run; returns why it cannot, and then the state is of no use.
  private mutating func add(
    _ part: JournalCommit.Part, by owner: JournalOwner
  ) -> CommitOutcome? {
    var run =
      runs[part.run] ?? JournalStore.RecordedRun(events: [], owner: owner.number, epoch: 0)
    if run.events.count > part.expected.count,
      run.events[part.expected.count...].starts(with: part.events)
    {
      return nil
    }
    guard run.owner == owner.number, run.epoch == part.epoch else {
      return .fenced(part.run, by: owners.first { $0.number == run.owner })
    }
    guard run.events.count == part.expected.count else {
      return .conflict(.conflict(run: part.run, sequence: part.expected.count))
    }
    if run.events.isEmpty, case .runStarted(let start)? = part.events.first?.kind,
      let tenant = start.tenant, let fence = fence(against: tenant, by: owner)
    {
      return fence
    }
    for event in part.events {
      let kind = run.events.isEmpty ? event.kind.recordKind : run.kind
      guard event.sequence == run.events.count,
        event.mayStand(in: part.run, of: kind, afterEnd: run.isOver)
      else { return .conflict(.misplaced(run: part.run, sequence: event.sequence)) }
      run.events.append(event)
      change(part.run) { $0 = run }
      if let other = updateLocks(of: part.run, after: event.kind) {
        return .blocked(part.run, by: other)
      }
    }
    if run.isOver {
      change(part.run) { $0?.owner = nil }
      requests.removeAll { $0.request.run == part.run }
    }
    return nil
  }

  /// Runs of tenants are begun by whoever drives the rollout, and one for each.
  private func fence(against tenant: TenantReference, by owner: JournalOwner) -> CommitOutcome? {
    guard let rollout = runs[tenant.rollout] else { return nil }
    let isTaken = runs.values.contains {
      $0.tenant?.rollout == tenant.rollout && $0.tenant?.index == tenant.index
    }
    guard isTaken || rollout.owner != nil && rollout.owner != owner.number else { return nil }
    return .fenced(tenant.rollout, by: owners.first { $0.number == rollout.owner })
  }

  /// A run has its locks from its start to its end, and again while it is resumed; returns the run that
  /// holds one of them.
  private mutating func updateLocks(of run: RunID, after kind: RunEvent.Kind) -> RunID? {
    switch kind {
    case .runStarted, .runResumed: return takeLocks(of: run)
    case .runFinished: locks = locks.filter { $0.value != run }
    case _: break
    }
    return nil
  }

  /// The run that somebody drives and that holds a lock of `run`.
  private func blocker(of run: RunID) -> RunID? {
    (runs[run]?.tenant?.locks ?? []).lazy.compactMap { locks[$0] }.first { holder in
      holder != run && (runs[holder]?.owner.map(living.contains) ?? false)
    }
  }

  /// A holder that no living process drives loses its lock.
  private mutating func takeLocks(of run: RunID) -> RunID? {
    if let other = blocker(of: run) { return other }
    for key in runs[run]?.tenant?.locks ?? [] {
      if let holder = locks[key], holder != run { change(holder) { $0?.owner = nil } }
      locks[key] = run
    }
    return nil
  }

  fileprivate mutating func claim(
    _ run: RunID, by owner: JournalOwner
  ) throws(JournalError) -> RunClaim {
    guard let record = runs[run] else { throw .unknownRun(prefix: run.text) }
    if let current = record.owner, living.contains(current) {
      throw .owned(run: run, by: owners.first { $0.number == current })
    }
    if record.isOver {
      if let other = blocker(of: run) { throw .blocked(run: run, by: other) }
    } else {
      begin()
      if let other = takeLocks(of: run) {
        rollBack()
        throw .blocked(run: run, by: other)
      }
    }
    runs[run]?.owner = owner.number
    runs[run]?.epoch = record.epoch + 1
    return RunClaim(
      epoch: record.epoch + 1, head: JournalHead(count: record.events.count, digest: []))
  }

  fileprivate func tenantRuns(of rollout: RunID) -> [TenantRunRow] {
    runs.compactMap { run, record -> TenantRunRow? in
      guard let tenant = record.tenant, tenant.rollout == rollout, let first = record.events.first,
        let last = record.events.last
      else { return nil }
      var state = TenantState.running
      if case .runFinished(let result) = last.kind { state = TenantState(result) }
      return TenantRunRow(
        run: run, index: tenant.index, tenant: tenant.name, outcome: last.kind.endOutcome,
        state: state, startedAt: first.at, lastEventAt: last.at,
        epoch: record.epoch, isDriven: record.owner.map(living.contains) ?? false)
    }
    .sorted { $0.index < $1.index }
  }
}
