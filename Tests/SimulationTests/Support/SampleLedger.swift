import EventSamples
import Events
import Journaling
import Operations
import Testing

/// A schedule, changes of its ledger, and a rollout that it starts.
enum SampleLedger {
  static let name = "nightly"
  static let rollout = SampleRollout.rollout

  static func minute(_ number: Int) -> Moment { SampleRun.beginning + .seconds(60 * number) }

  /// A schedule that is seen for the first time.
  static func first(_ name: String = name) -> ScheduleState {
    ScheduleState(
      name: name, definition: "cron: 0 3 * * *", file: "/work/\(name).yaml", firstSeen: minute(0))
  }

  /// The state after `state`, decided up to that minute.
  static func next(
    after state: ScheduleState, decided number: Int? = nil,
    _ edit: (inout ScheduleState) -> Void = { _ in }
  ) -> ScheduleState {
    var next = state
    next.version += 1
    if let number { next.decidedThrough = minute(number) }
    edit(&next)
    return next
  }

  static func tick(_ number: Int, _ verdict: TickVerdict = .missed) -> Tick {
    Tick(due: minute(number), verdict, decidedAt: minute(number) + .seconds(1))
  }

  /// The commit of a change by the process that has the lease under `epoch`, or by a person.
  static func commit(
    _ state: ScheduleState, epoch: Int? = nil, _ ticks: [Tick] = [], handled: [Int64] = []
  ) -> JournalCommit {
    JournalCommit(
      LedgerChange(
        by: epoch.map { .daemon(epoch: $0) } ?? .person, to: state, ticks: ticks,
        handled: handled))
  }

  /// The commit with the first event of the rollout that `state` and `tick` name.
  static func start(_ state: ScheduleState, epoch: Int?, _ tick: Tick) -> JournalCommit {
    let first = RunEvent(
      sequence: 0, at: SampleRun.beginning,
      kind: .rollout(.started(SampleRollout.start(tenants: 1))))
    var commit = JournalCommit([
      JournalCommit.Part(run: rollout, expected: .empty, epoch: 0, events: [first])
    ])
    commit.ledger = [
      LedgerChange(
        by: epoch.map { .daemon(epoch: $0) } ?? .person, to: state, ticks: [tick],
        rollout: rollout)
    ]
    return commit
  }

  static func notice(_ number: UInt64, due: Int, _ form: String = "form") -> StoredNotice {
    StoredNotice(id: SampleRun.drawn(900 + number), form: Array(form.utf8), due: minute(due))
  }

  /// The commit must succeed.
  static func expectCommitted(
    _ outcome: CommitOutcome, _ location: SourceLocation = #_sourceLocation
  ) {
    if case .committed = outcome { return }
    Issue.record("the commit ended with \(outcome)", sourceLocation: location)
  }
}

extension ScheduleLedger {
  /// The epoch of the lease, which is free.
  func epoch(_ location: SourceLocation = #_sourceLocation) async throws -> Int {
    guard case .taken(let epoch) = try await takeLease(lapsed: nil) else {
      Issue.record("another process has the lease", sourceLocation: location)
      throw CancellationError()
    }
    return epoch
  }

  /// All schedules.
  var states: [ScheduleState] {
    get async throws { try await schedules(after: .start).states }
  }
}
