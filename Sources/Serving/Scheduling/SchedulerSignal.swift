import Events
import Journaling
import Operations
package import Schedules

/// One thing that comes to the loop of the scheduler from outside.
enum SchedulerSignal: Sendable {
  /// A second went by.
  case second
  /// The sleeper that was set for that instant is done.
  case woke(Moment)
  case files(ServedSchedules)
  case lease(LeaseEvent)
  /// The ledger was read under that epoch.
  case read(LedgerPosition.Purpose, Result<SchedulePage, JournalError>, epoch: Int)
  /// A change is durable, which was on its way alone.
  case committed(LedgerChange)
  /// A change was refused; the state is that of the ledger.
  case refused(schedule: String, ScheduleState?)
  /// A change was refused, since the ledger cannot be used.
  case flawed(FlawedSchedule)
  /// Another process has the lease that a change was made under.
  case leaseLost(LedgerChange)
  /// A change is not made, since its process is about to stop.
  case dropped
  case rollout(TrackedRollout.Number, RolloutStep)
  /// The process is about to stop.
  case drain
  /// It has waited long enough for what is in progress.
  case drainTimedOut

  /// What happens to a rollout of a schedule.
  enum RolloutStep: Sendable {
    /// It could not be prepared.
    case notStarted(StartRefusal)
    /// Its beginning is durable with this change.
    case started(LedgerChange)
    /// Its beginning was refused; the state is that of the ledger.
    case refused(ScheduleState?)
    /// Its beginning was refused: the ledger cannot be used.
    case flawed(FlawedSchedule)
    /// Another process has the lease that it was to begin under.
    case leaseLost
    /// This process drives it on.
    case resumed
    /// Another process drives it.
    case followed(by: OwnerIdentity)
    /// Nothing but decisions in the runs of its tenants brings it any further.
    case waiting(TenantCounts)
    case notResumed(ResumeRefusal, DaemonEvent.Persistence)
    /// It came to its end; the notifications are recorded when the ledger is.
    case ended(Outcome, TenantCounts, [StoredNotice] = [])
    case faulty(String)
    case left
    /// Nothing but the end of this process frees it.
    case stopped(JournalError)
  }
}

/// The rollout files with a schedule, as they are now.
package struct ServedSchedules: Sendable, Hashable {
  /// Those that are served.
  package var files: [ScheduledFile]
  /// Files and folders that cannot be read: schedules of them are left as they are in the ledger.
  package var unread: [String]

  /// Files, and paths that cannot be read.
  package init(_ files: [ScheduledFile], unread: [String] = []) {
    self.files = files
    self.unread = unread
  }

  /// The same, with a file that cannot be read for each of `states` that is not served but may be.
  func completed(with states: [String: String]) -> [ScheduledFile] {
    let served = Set(files.map(\.name))
    let hidden = states.filter { name, file in !served.contains(name) && mayHold(file) }
    return files
      + hidden.sorted { $0.key < $1.key }.map { name, file in
        ScheduledFile(name: name, file: file, schedule: nil)
      }
  }

  private func mayHold(_ file: String) -> Bool {
    unread.contains { path in
      file == path || file.hasPrefix(path.hasSuffix("/") ? path : path + "/")
    }
  }
}

/// Where everything that comes to the scheduler is put.
package final class SchedulerInbox: Sendable {
  let signals: AsyncStream<SchedulerSignal>
  private let continuation: AsyncStream<SchedulerSignal>.Continuation

  /// An empty inbox.
  package init() {
    (signals, continuation) = AsyncStream.makeStream()
  }

  func put(_ signal: SchedulerSignal) { continuation.yield(signal) }

  /// The rollout files changed.
  package func put(_ files: ServedSchedules) { put(.files(files)) }

  /// The process is about to stop.
  package func drain() { put(.drain) }

  /// Something happened to the lease.
  package func put(_ event: LeaseEvent) { put(.lease(event)) }
}
