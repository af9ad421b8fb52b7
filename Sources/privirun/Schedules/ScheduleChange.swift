import Events
import Glibc
import Journaling
import Operations
import Reporting
import Schedules
import TimeZones

/// A schedule that a person changes.
struct ScheduleChange {
  /// So often a change is made anew that another process was faster with.
  private static let mostAttempts = 100
  /// So many triggers of one schedule wait at most.
  private static let mostTriggers = 100

  private let journal: SQLiteJournal
  private let settings: JournalSettings
  private let reading: ScheduleReading
  private let name: String

  /// The schedule that `text` names in the journal of `settings`, which must be there.
  init(_ text: String, in settings: JournalSettings, zones: TimeZoneDatabase) throws {
    journal = try settings.writerForSchedules()
    self.settings = settings
    reading = ScheduleReading(journal.reader, settings, zones: zones)
    name = try reading.name(text)
  }

  /// Lets a schedule begin anew whose ledger cannot be used.
  func forget() async throws -> ScheduleReply {
    let now = try WallClock().now()
    let forgotten: ForgottenSchedule?
    do throws(JournalError) {
      forgotten = try await journal.forget(name, at: now)
    } catch {
      throw settings.failure(error)
    }
    guard let forgotten else {
      throw CommandFailure(
        .invalid, "the ledger of the schedule `\(name)` can be used, and is kept",
        hint: "to end it, stop serving its file")
    }
    return try reply(.forgotten(verdicts: forgotten.ticks), at: now)
  }

  /// Lets no rollout start from now on.
  func pause(reason: String?) async throws -> ScheduleReply {
    try await change { item, now in
      guard
        let change = LedgerChange.pausing(item.state, at: now, by: Self.person, reason: reason),
        let pause = change.state.pause
      else { return nil }
      return (change, .paused(pause))
    } orElse: { item in
      item.state.pause.map { .alreadyPaused($0) } ?? .notPaused
    }
  }

  /// Lets rollouts start again.
  func resume() async throws -> ScheduleReply {
    try await change { item, now in
      LedgerChange.resuming(item.state, item.schedule, at: now).map { ($0, .resumed) }
    } orElse: { _ in
      .notPaused
    }
  }

  /// Asks for a rollout now.
  func trigger() async throws -> ScheduleReply {
    let item = try reading.schedule(name)
    guard item.state.isActive else {
      throw CommandFailure(
        .invalid, "the schedule `\(name)` is not served: no daemon would start its rollout",
        hint:
          "give `\(item.state.file)` to `privirun serve`, or run it with `privirun rollout run`")
    }
    let now = try WallClock().now()
    let waiting: Int
    do throws(JournalError) {
      waiting = try await journal.trigger(
        name, at: now, by: Self.person, mostWaiting: Self.mostTriggers)
    } catch {
      throw settings.failure(error)
    }
    guard waiting < Self.mostTriggers else {
      throw CommandFailure(
        .invalid, "\(waiting) triggers of the schedule `\(name)` are waiting already",
        hint: "`privirun schedule list` shows whether a daemon is active")
    }
    return try reply(.triggered(by: Self.person), at: now)
  }

  /// Makes the change, anew where another process changed the schedule in between.
  private func change(
    _ make: (ListedSchedule, Moment) -> (LedgerChange, ScheduleReply.Change)?,
    orElse unchanged: (ListedSchedule) -> ScheduleReply.Change
  ) async throws -> ScheduleReply {
    for _ in 0..<Self.mostAttempts {
      let item = try reading.schedule(name)
      let now = try WallClock().now()
      guard let (change, done) = make(item, now) else {
        return try reply(unchanged(item), at: now)
      }
      switch await journal.commit(JournalCommit(change)) {
      case .committed: return try reply(done, at: now)
      case .conflict(.ledgerMoved): continue
      case .conflict(let error), .unknown(let error): throw settings.failure(error)
      case .fenced, .blocked:
        throw CommandFailure(.fault, "the schedule `\(name)` could not be changed")
      }
    }
    throw CommandFailure(
      .owned, "the schedule `\(name)` is changed by other processes all the time",
      hint: "try again")
  }

  private func reply(_ change: ScheduleReply.Change, at now: Moment) throws -> ScheduleReply {
    ScheduleReply(
      change, of: try reading.schedule(name), acting: try reading.acting(),
      journal: settings.named, at: now)
  }

  private static var person: String { CurrentUser.name ?? "user \(getuid())" }
}
