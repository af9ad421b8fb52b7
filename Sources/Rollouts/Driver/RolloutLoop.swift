import Events
import Hosting
import Journaling
import Operations

/// The loop that drives a rollout: hands what happens to the machine and performs what it decides.
struct RolloutLoop {
  private let environment: RolloutEnvironment
  private let host: Host
  private let inbox: AsyncStream<RolloutSignal>.Continuation
  private var machine: RolloutMachine
  private var record: RolloutRecord
  /// The tenants whose runs are driven.
  private var driven = DrivenTenants()
  private var requests = JournalCursor.start
  /// The instants for which sleepers are set.
  private var alarms: Set<Moment> = []
  private(set) var result: RolloutResult?

  init(
    _ machine: RolloutMachine, _ record: RolloutRecord, _ environment: RolloutEnvironment,
    _ host: Host, _ inbox: AsyncStream<RolloutSignal>.Continuation
  ) {
    self.machine = machine
    self.record = record
    self.environment = environment
    self.host = host
    self.inbox = inbox
  }

  mutating func begin(in group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
    readRequests(in: &group)
    try await apply(.start, in: &group)
  }

  mutating func handle(
    _ signal: RolloutSignal, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) async throws {
    switch signal {
    case .input(let input): try await apply(input, in: &group)
    case .made(let index, .success(let order)):
      driven.begin(order.run, of: index)
      host.start(order)
      if driven.isCancelled(index) { host.cancel(order.run) }
    case .made(let index, .failure(let refusal)):
      driven.drop(index)
      try await apply(.tenantRefused(refusal), in: &group)
    case .ended(let run, let ending):
      guard let index = driven.end(run) else { return }
      guard let input = try Self.input(of: ending, index) else { return }
      try await apply(input, in: &group)
    case .requests(let page): try await handle(page, in: &group)
    case .woke(let moment):
      alarms.remove(moment)
      try await apply(.tick, in: &group)
    }
  }

  private mutating func apply(
    _ input: RolloutInput, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) async throws {
    let now = environment.host.now()
    var events: [RolloutEvent] = []
    var rest: [RolloutAction] = []
    for action in machine.apply(input, at: now) {
      if case .record(let event) = action { events.append(event) } else { rest.append(action) }
    }
    let recorded = try await record.add(events, at: now)
    if !recorded.isEmpty { await environment.observe(recorded) }
    for action in rest { perform(action, in: &group) }
    if let deadline = machine.nextDeadline, alarms.insert(deadline).inserted {
      wake(at: deadline, in: &group)
    }
  }

  private mutating func perform(
    _ action: RolloutAction, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let (environment, inbox) = (environment, inbox)
    switch action {
    case .record: break
    case .begin(let index):
      group.addTask {
        inbox.yield(
          .made(
            index,
            await Self.made { () throws(TenantRefusal) in
              try await environment.start(index)
            }))
      }
    case .resume(let index, let run):
      group.addTask {
        inbox.yield(
          .made(
            index,
            await Self.made { () throws(TenantRefusal) in
              try await environment.resume(index, run)
            }))
      }
    case .cancel(let index):
      driven.cancel(index)
      if let run = driven.run(of: index) { host.cancel(run) }
    case .finish(let result): self.result = result
    }
  }

  private static func made(
    _ make: () async throws(TenantRefusal) -> RunOrder
  ) async -> Result<RunOrder, TenantRefusal> {
    do throws(TenantRefusal) {
      return .success(try await make())
    } catch {
      return .failure(error)
    }
  }

  /// What the end of a run means for its tenant; throws when nothing can be recorded any more.
  private static func input(of ending: RunEnding, _ index: Int) throws -> RolloutInput? {
    switch ending {
    case .finished(let result): .tenantEnded(index, TenantState(result))
    case .waiting: .tenantEnded(index, .waiting)
    case .blocked(let other): .tenantBlocked(index, by: other)
    case .notStarted: .tenantEnded(index, .notStarted)
    case .faulty: .tenantEnded(index, .failed)
    // Whoever drives it now records its end.
    case .lost: .tenantEnded(index, .inDoubt)
    case .unrecorded(let error, _): throw RolloutFailure.unrecorded(error)
    }
  }
}

/// Requests of other processes, and time.
extension RolloutLoop {
  private mutating func handle(
    _ page: RequestPage, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) async throws {
    requests = page.next
    for posted in page.requests where posted.request.run == record.rollout {
      record.handled.append(posted.number)
      switch posted.request.kind {
      case .cancel: try await apply(.cancel, in: &group)
      case .pause: try await apply(.pause, in: &group)
      case .unpause: try await apply(.unpause, in: &group)
      case .decide(_, let decision): try await apply(.decide(decision), in: &group)
      }
    }
    if result == nil { readRequests(in: &group) }
  }

  private func readRequests(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    let (record, cursor, inbox) = (record, requests, inbox)
    let (sleep, pause) = (environment.host.sleep, environment.requestInterval)
    group.addTask {
      guard (try? await sleep(pause)) != nil else { return }
      inbox.yield(.requests(await record.requests(after: cursor)))
    }
  }

  private func wake(
    at deadline: Moment, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let (pause, inbox) = (max(.zero, deadline - environment.host.now()), inbox)
    let sleep = environment.host.sleep
    group.addTask {
      guard (try? await sleep(pause)) != nil else { return }
      inbox.yield(.woke(deadline))
    }
  }
}

/// Which runs of which tenants are driven.
struct DrivenTenants: Sendable {
  private var indices: [RunID: Int] = [:]
  private var runs: [Int: RunID] = [:]
  /// Those that are to be cancelled, some of which may not have a run yet.
  private var cancelled: Set<Int> = []

  func run(of index: Int) -> RunID? { runs[index] }

  func isCancelled(_ index: Int) -> Bool { cancelled.contains(index) }

  mutating func begin(_ run: RunID, of index: Int) {
    indices[run] = index
    runs[index] = run
  }

  mutating func cancel(_ index: Int) { cancelled.insert(index) }

  mutating func drop(_ index: Int) { cancelled.remove(index) }

  /// The tenant of `run`, which is driven no more.
  mutating func end(_ run: RunID) -> Int? {
    guard let index = indices.removeValue(forKey: run) else { return nil }
    runs[index] = nil
    cancelled.remove(index)
    return index
  }
}
