package import Events
package import Journaling
import Operations
import Synchronization

/// A journal in memory, as one of several simulated processes sees it.
///
/// It keeps what a real one keeps, and can be made to fail.
package final class SimulatedJournal: Journal {
  private let store: JournalStore
  private let owner: JournalOwner

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

  /// Makes this process the owner of `run`; throws `owned` while another one lives.
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

  /// The text that was stored under `digest`, or nil.
  package func text(_ digest: TextDigest) async throws(JournalError) -> [UInt8]? {
    store.withState { $0.texts[digest] }
  }

  /// Leaves `request` for the owner of its run; throws `unknownRun`.
  package func post(_ request: RunRequest) async throws(JournalError) {
    try store.withState { state throws(JournalError) in
      guard let run = state.runs[request.run] else {
        throw .unknownRun(prefix: request.run.text)
      }
      if case .runFinished? = run.events.last?.kind { throw .over(run: request.run) }
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
  }

  struct State: Sendable {
    var runs: [RunID: RecordedRun] = [:]
    var texts: [TextDigest: [UInt8]] = [:]
    var requests: [PostedRequest] = []
    var lastRequest: Int64 = 0
    var owners: [JournalOwner] = []
    var living: Set<Int64> = []
    /// Of the next commits, the next last.
    var failures: [CommitFailure] = []
    var commits = 0
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

extension JournalStore.State {
  fileprivate mutating func commit(
    _ commit: JournalCommit, by owner: JournalOwner
  ) -> CommitOutcome {
    var (changed, heads) = (runs, [JournalHead]())
    for part in commit.parts {
      var run =
        changed[part.run] ?? JournalStore.RecordedRun(events: [], owner: owner.number, epoch: 0)
      let head = JournalHead(count: part.expected.count + part.events.count, digest: [])
      if run.events.count > part.expected.count,
        run.events[part.expected.count...].starts(with: part.events)
      {
        heads.append(head)
        continue
      }
      guard run.owner == owner.number, run.epoch == part.epoch else {
        return .fenced(part.run, by: owners.first { $0.number == run.owner })
      }
      guard run.events.count == part.expected.count else {
        return .conflict(.conflict(run: part.run, sequence: part.expected.count))
      }
      for event in part.events {
        guard event.sequence == run.events.count, event.mayFollow(run.events.last) else {
          return .conflict(.misplaced(run: part.run, sequence: event.sequence))
        }
        run.events.append(event)
      }
      if case .runFinished? = run.events.last?.kind {
        run.owner = nil
        requests.removeAll { $0.request.run == part.run }
      }
      changed[part.run] = run
      heads.append(head)
    }
    runs = changed
    requests.removeAll { commit.handled.contains($0.number) }
    for text in commit.texts { texts[text.digest] = text.bytes }
    commits += 1
    return .committed(heads)
  }

  fileprivate mutating func claim(
    _ run: RunID, by owner: JournalOwner
  ) throws(JournalError) -> RunClaim {
    guard var record = runs[run] else { throw .unknownRun(prefix: run.text) }
    if let current = record.owner, living.contains(current) {
      throw .owned(run: run, by: owners.first { $0.number == current })
    }
    record.owner = owner.number
    record.epoch += 1
    runs[run] = record
    return RunClaim(
      epoch: record.epoch, head: JournalHead(count: record.events.count, digest: []))
  }
}

extension RunEvent {
  /// Whether it may be recorded after `other`.
  fileprivate func mayFollow(_ other: RunEvent?) -> Bool {
    switch (kind, other?.kind) {
    case (.runStarted, nil): true
    case (.runStarted, _?), (_, nil): false
    case (.runResumed, _?): true
    case (_, .runFinished?): false
    case (_, _?): true
    }
  }
}
