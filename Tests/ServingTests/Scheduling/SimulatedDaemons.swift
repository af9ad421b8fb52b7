import Events
import Journaling
import Operations
import Schedules
import Serving
import Simulation

/// Some daemons over one journal, in one virtual time.
struct SimulatedDaemons: Sendable {
  /// 2027-01-01T00:00:00Z.
  static let start = Moment(nanoseconds: 1_798_761_600_000_000_000)

  let store = JournalStore()
  let time = VirtualTime(at: Self.start)
  private let daemons = Recorded<SimulatedDaemon>()

  /// Runs `body`, and ends every daemon afterwards.
  static func run<Result>(
    _ body: (SimulatedDaemons) async throws -> Result
  ) async rethrows -> Result {
    let simulation = SimulatedDaemons()
    let result: Result
    do {
      result = try await body(simulation)
    } catch {
      await simulation.finish()
      throw error
    }
    await simulation.finish()
    return result
  }

  /// Another process, which is running.
  func daemon(
    _ notices: @escaping @Sendable (LedgerChange) -> [StoredNotice] = { _ in [] }
  ) -> SimulatedDaemon {
    let daemon = SimulatedDaemon(
      Int32(daemons.all.count + 1), over: store, in: time, notices: notices)
    daemons.add(daemon)
    daemon.start()
    return daemon
  }

  /// A process that only reads and writes the journal, as a command does.
  func command() -> SimulatedJournal {
    SimulatedJournal(
      store, as: OwnerIdentity(process: 99, host: "host", since: time.now))
  }

  func pass(_ duration: Duration) { time.pass(duration) }

  /// The state of the schedule `name`.
  func state(of name: String = "nightly") -> ScheduleState? { store.schedule(named: name) }

  private func finish() async {
    time.executor.release()
    for daemon in daemons.all { await daemon.finish() }
  }

  /// The instant so many seconds after the start.
  static func at(_ seconds: Int) -> Moment { start + .seconds(seconds) }

  /// A file with a schedule every 10 seconds.
  static func file(
    _ name: String = "nightly", _ edit: (inout Schedule) -> Void = { _ in },
    leavesRecord: Bool = true
  ) -> ScheduledFile {
    var schedule = Schedule(every: .seconds(10))
    edit(&schedule)
    return ScheduledFile(
      name: name, file: "/rollouts/\(name).yaml", schedule: schedule, leavesRecord: leavesRecord)
  }
}

extension SimulatedDaemons {
  /// The ticks in the ledger of `nightly`, as anybody may read them.
  func ticks() -> [Tick] { store.ticks(of: "nightly") }
}
