import Events
import Journaling
import Logging
import Operations
import Schedules
import Serving
import ServiceLifecycle
import Simulation
import Synchronization
import TimeZones

/// A daemon in virtual time, over a journal that others share.
final class SimulatedDaemon: Sendable {
  /// How its services ended.
  enum Ending: Sendable, Hashable {
    case done
    case failed(DaemonFailure)
    case killed
  }

  let journal: SimulatedJournal
  let rollouts: ScriptedRollouts
  private let time: VirtualTime
  private let group: ServiceGroup
  private let inbox: SchedulerInbox
  private let seen: Recorded<DaemonEvent>
  private let ending = Mutex<Ending?>(nil)
  private let task = Mutex<Task<Void, Never>?>(nil)

  /// The process `number`, which does nothing yet.
  init(
    _ number: Int32, over store: JournalStore, in time: VirtualTime,
    notices: @escaping @Sendable (LedgerChange) -> [StoredNotice] = { _ in [] }
  ) {
    let identity = OwnerIdentity(process: number, host: "host", since: time.now)
    let (inbox, seen) = (SchedulerInbox(), Recorded<DaemonEvent>())
    let clock = time.clock
    journal = SimulatedJournal(store, as: identity)
    rollouts = ScriptedRollouts(journal, clock, seed: UInt64(number) * 1000)
    var surroundings = SchedulerSurroundings(
      ledger: journal, runner: rollouts.runner, clock: clock, identity: identity,
      reading: { Schedule(text: $0, zones: .utcOnly) },
      observe: DaemonObserver { seen.add($0) })
    surroundings.notices = notices
    self.time = time
    self.inbox = inbox
    self.seen = seen
    let services: [any Service] = [
      LeaseKeeper(of: journal, clock: clock) { inbox.put($0) },
      SchedulerService(surroundings, inbox: inbox),
    ]
    group = ServiceGroup(
      configuration: .init(
        services: services, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
  }

  /// What it reported, but for what comes again and again.
  var events: [DaemonEvent] {
    seen.all.filter { event in
      switch event {
      case .turned, .recorded, .journalWorked, .acts: false
      case _: true
      }
    }
  }

  /// The ticks that it reported, in order.
  var ticks: [Tick] {
    events.flatMap { event in
      if case .decided(_, let ticks) = event { ticks } else { [] }
    }
  }

  /// How it ended; nil while it is running.
  var end: Ending? { ending.withLock { $0 } }

  /// Runs its services from now on.
  func start() {
    let run = Task(executorPreference: time.executor) { [group, ending, journal] in
      do {
        try await group.run()
        ending.withLock { $0 = $0 ?? .done }
      } catch let failure as DaemonFailure {
        ending.withLock { $0 = $0 ?? .failed(failure) }
      } catch {
        ending.withLock { $0 = $0 ?? .killed }
      }
      journal.kill()
    }
    task.withLock { $0 = run }
    time.executor.drain()
  }

  /// The rollout files are these.
  func serve(_ files: ScheduledFile..., unread: [String] = []) {
    inbox.put(ServedSchedules(files, unread: unread))
    time.executor.drain()
  }

  /// What SIGTERM does.
  func drain() async {
    await group.triggerGracefulShutdown()
    time.executor.drain()
  }

  /// The process ends as by `kill -9`.
  func kill() {
    ending.withLock { $0 = .killed }
    journal.kill()
    task.withLock { $0 }?.cancel()
    time.executor.drain()
  }

  /// Waits until its task is over, once the executor is released.
  func finish() async {
    let run = task.withLock { $0 }
    run?.cancel()
    await run?.value
  }
}

/// Values in the order in which they came.
final class Recorded<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])

  var all: [Value] { values.withLock { $0 } }

  func add(_ value: Value) { values.withLock { $0.append(value) } }
}

extension TimeZoneDatabase {
  /// Knows UTC.
  static let utcOnly = TimeZoneDatabase(
    rules: { $0 == "UTC" ? .utc : nil }, names: { ["UTC"] })
}
