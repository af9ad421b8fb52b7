import EventSamples
import Events
import GRDB
import Operations
import Testing

@testable import Journaling

/// Writes ledgers of schedules into a journal, as the process that acts on them.
struct LedgerRecords {
  let journal: SQLiteJournal
  let epoch: Int

  static let nightly = first("nightly")

  /// The journal, of which this process takes the lease.
  init(_ journal: SQLiteJournal) async throws {
    self.journal = journal
    guard case .taken(let epoch) = try await journal.takeLease(lapsed: nil) else {
      throw JournalError.leaseLost(rollout: nil, to: nil)
    }
    self.epoch = epoch
  }

  static func minute(_ number: Int) -> Moment { SampleRun.beginning + .seconds(60 * number) }

  static func first(_ name: String) -> ScheduleState {
    ScheduleState(
      name: name, definition: "cron: 0 3 * * *", file: "/work/\(name).yaml", firstSeen: minute(0))
  }

  static func tick(_ number: Int, _ verdict: TickVerdict = .missed) -> Tick {
    Tick(due: minute(number), verdict, decidedAt: minute(number) + .seconds(1))
  }

  /// Every verdict there is, one a minute from the first on.
  static let verdicts: [TickVerdict] = [
    .ran(SampleRollout.rollout), .ran(nil), .caughtUp(SampleRun.drawn(5)), .caughtUp(nil),
    .triggered(SampleRun.drawn(6), by: "ann"), .triggered(nil, by: ""),
    .skippedOverlap(SampleRollout.rollout), .skippedOverlap(nil), .skippedWindow, .paused, .missed,
    .failedToStart(reason: "the file `a.yaml` does not exist"),
    .failedToStart(reason: "it is gone", by: "ann"),
  ]

  static let ticks: [Tick] =
    [
      Tick(
        due: minute(-9), through: minute(-2), count: 8, .missed, decidedAt: minute(1))
    ] + verdicts.enumerated().map { tick($0 + 1, $1) }

  /// Makes the next change of `state`, which is decided up to the last of `ticks`, and returns the state then.
  @discardableResult
  func add(
    _ ticks: [Tick], to state: ScheduleState?, named name: String = "nightly"
  ) throws -> ScheduleState {
    var next = state ?? Self.first(name)
    if state != nil { next.version += 1 }
    next.decidedThrough = ticks.map(\.through).max() ?? next.decidedThrough
    let change = LedgerChange(by: .daemon(epoch: epoch), to: next, ticks: ticks)
    switch journal.commitWaiting(JournalCommit(change)) {
    case .committed: return next
    case .conflict(let error), .unknown(let error): throw error
    case .fenced, .blocked: throw CancellationError()
    }
  }
}

extension JournalReader {
  /// How many notifications wait for their delivery.
  func noticeCount() throws(JournalError) -> Int {
    try file.read { database in
      try Int.fetchOne(database, sql: "SELECT count(*) FROM notices") ?? 0
    }
  }
}

extension SQLiteJournal {
  /// Pauses the schedule in `state`, as a person does, and returns the state then.
  func pause(_ state: ScheduleState) throws -> ScheduleState {
    var next = state
    next.version += 1
    next.pause = SchedulePause(
      since: LedgerRecords.minute(5), cause: .person("ann", reason: "holiday"))
    let outcome = commitWaiting(JournalCommit(LedgerChange(by: .person, to: next)))
    guard case .committed = outcome else { throw CancellationError() }
    return next
  }
}
