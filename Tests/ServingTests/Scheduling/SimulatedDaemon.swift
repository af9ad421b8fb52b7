import Events
import Journaling
import Operations
import Schedules
import Serving
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
  private let keeper: LeaseKeeper
  private let scheduler: SchedulerService
  private let inbox: SchedulerInbox
  private let seen: Recorded<DaemonEvent>
  private let gate: Gate
  private let endings = Recorded<Ending>()
  private let task = Mutex<Task<Void, Never>?>(nil)

  /// The process `number`, which does nothing yet.
  init(
    _ number: Int32, over store: JournalStore, in time: VirtualTime,
    notices: @escaping @Sendable (LedgerChange) -> [StoredNotice] = { _ in [] }
  ) {
    let identity = OwnerIdentity(process: number, host: "host", since: time.now)
    let (inbox, seen) = (SchedulerInbox(), Recorded<DaemonEvent>())
    let gate = Gate()
    var clock = time.clock
    let sleep = clock.sleep
    clock.sleep = { duration in
      try await sleep(duration)
      await gate.pass()
    }
    journal = SimulatedJournal(store, as: identity)
    rollouts = ScriptedRollouts(
      journal, clock, on: time.executor, seed: UInt64(number) * 1000)
    var surroundings = SchedulerSurroundings(
      ledger: journal, runner: rollouts.runner, clock: clock, identity: identity,
      reading: { Schedule(text: $0, zones: .utcOnly) },
      observe: DaemonObserver { seen.add($0) })
    surroundings.notices = notices
    surroundings.doubts = { schedule, rollout, moment in
      rollout.map { [StoredNotice(id: $0, form: Array(schedule.utf8), due: moment)] } ?? []
    }
    self.time = time
    self.inbox = inbox
    self.seen = seen
    self.gate = gate
    keeper = LeaseKeeper(
      of: journal, clock: clock, resignation: surroundings.resignation
    ) { inbox.put($0) }
    scheduler = SchedulerService(surroundings, inbox: inbox)
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

  /// Whether it reported the state of a schedule since it stands by.
  var reportsStatesOnStandby: Bool {
    let all = seen.all
    guard let start = all.lastIndex(of: .entered(.standingBy)) else { return false }
    return all[start...].contains { if case .recorded = $0 { true } else { false } }
  }

  /// The ticks that it reported, in order.
  var ticks: [Tick] {
    events.flatMap { event -> [Tick] in
      if case .decided(_, let ticks, _) = event { ticks } else { [] }
    }
  }

  /// How it ended; nil while it is running.
  var end: Ending? { endings.all.first }

  /// Waits until it has ended, while no time passes, and returns how.
  func ended() async -> Ending? {
    while end == nil {
      time.executor.drain()
      await Task.yield()
    }
    return end
  }

  /// Runs its services from now on: the lease is given up after the scheduler has ended.
  func start() {
    let run = Task(executorPreference: time.executor) { [keeper, scheduler, endings, journal] in
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await keeper.run() }
          defer { group.cancelAll() }
          try await scheduler.run()
        }
        endings.add(.done)
      } catch let failure as DaemonFailure {
        endings.add(.failed(failure))
      } catch {
        endings.add(.killed)
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

  /// Whether the journal did what was asked of it last.
  var isJournalWorking: Bool {
    let last = seen.all.last { event in
      switch event {
      case .journalFailed, .journalWorked: true
      case _: false
      }
    }
    return last == nil || last == .journalWorked
  }

  /// An attempt at the lease fails.
  func failLease(_ error: JournalError) {
    inbox.put(LeaseEvent.failed(error))
    time.executor.drain()
  }

  /// What SIGTERM does.
  func drain() {
    inbox.drain()
    time.executor.drain()
  }

  /// The process does nothing until `goOn`, as one that SIGSTOP stopped.
  func hang() { gate.shut() }

  func goOn() {
    gate.open()
    time.executor.drain()
  }

  /// The process ends as by `kill -9`.
  func kill() {
    endings.add(.killed)
    journal.kill()
    gate.open()
    task.withLock { $0 }?.cancel()
    time.executor.drain()
  }

  /// Waits until its task is over, once the executor is released.
  func finish() async {
    let run = task.withLock { $0 }
    run?.cancel()
    gate.open()
    await run?.value
  }
}

/// Values in the order in which they came.
final class Recorded<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])

  var all: [Value] { values.withLock { $0 } }

  func add(_ value: Value) { values.withLock { $0.append(value) } }
}

/// What holds tasks back while it is shut.
private final class Gate: Sendable {
  private struct State: Sendable {
    var isShut = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func pass() async {
    await withCheckedContinuation { continuation in
      let passes = state.withLock { state in
        if state.isShut { state.waiting.append(continuation) }
        return !state.isShut
      }
      if passes { continuation.resume() }
    }
  }

  func shut() { state.withLock { $0.isShut = true } }

  func open() {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      state.isShut = false
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

extension TimeZoneDatabase {
  /// Knows UTC.
  static let utcOnly = TimeZoneDatabase(
    rules: { $0 == "UTC" ? .utc : nil }, names: { ["UTC"] })
}
