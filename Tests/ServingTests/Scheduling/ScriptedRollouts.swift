import EventSamples
import Events
import Journaling
import Operations
import Schedules
import Serving
import Simulation
import Synchronization

/// Rollouts that go as a test says, recorded in a simulated journal.
final class ScriptedRollouts: Sendable {
  /// How the rollouts of a schedule go.
  struct Script: Sendable {
    var preparation = Duration.zero
    var refusal: StartRefusal?
    var lasts = Duration.zero
    var outcome = Outcome.succeeded
    var resumeRefusal: ResumeRefusal?
    /// How many tenants wait for decisions at its end.
    var waiting = 0
    /// Whether decisions are there, so that it may be continued.
    var isDecided = false
    var leavesRecord = true
    /// What is notified of at its end, where it leaves no record.
    var notices: [StoredNotice] = []
    /// Whether it does not listen when it is to be left.
    var isDeaf = false
  }

  private struct State: Sendable {
    var scripts: [String: Script] = [:]
    var last: UInt64 = 0
    var prepared: [ScheduledStart] = []
    var settled: [RunID] = []
    /// How many are driven now.
    var inProgress = 0
  }

  private let journal: SimulatedJournal
  private let clock: DaemonClock
  private let executor: ManualExecutor
  private let state: Mutex<State>

  init(
    _ journal: SimulatedJournal, _ clock: DaemonClock, on executor: ManualExecutor, seed: UInt64
  ) {
    (self.journal, self.clock, self.executor) = (journal, clock, executor)
    state = Mutex(State(last: seed))
  }

  /// What was prepared.
  var prepared: [ScheduledStart] { state.withLock { $0.prepared } }

  /// What was over before it could be driven on.
  var settled: [RunID] { state.withLock { $0.settled } }

  /// Whether one of them is driven now.
  var isAnyInProgress: Bool { state.withLock { $0.inProgress > 0 } }

  func set(_ script: Script, of schedule: String) {
    state.withLock { $0.scripts[schedule] = script }
  }

  private func script(_ schedule: String) -> Script {
    state.withLock { $0.scripts[schedule] ?? Script() }
  }

  var runner: RolloutRunner {
    RolloutRunner(
      prepare: { start throws(StartRefusal) in try await self.prepare(start) },
      standing: { rollout throws(JournalError) in try await self.standing(of: rollout) },
      resume: { rollout, order throws(ResumeRefusal) in
        try await self.resume(rollout, order)
      },
      settle: { rollout in self.state.withLock { $0.settled.append(rollout) } },
      handleCancellation: { [journal] in await journal.handleCancellation(of: $0) })
  }

  private func prepare(_ start: ScheduledStart) async throws(StartRefusal) -> PreparedStart {
    let rollout = state.withLock { state in
      state.prepared.append(start)
      state.last += 1
      return RunID.numbered(state.last)
    }
    let script = script(start.schedule)
    guard (try? await clock.sleep(script.preparation)) != nil else {
      throw StartRefusal("cancelled")
    }
    if let refusal = script.refusal { throw refusal }
    guard script.leavesRecord else {
      return PreparedStart(nil) { await self.pass(script, $0) { .planned($0, script.notices) } }
    }
    return PreparedStart(rollout) { order in
      await self.begin(rollout, start.schedule, order)
    }
  }

  private func begin(
    _ rollout: RunID, _ schedule: String, _ order: DriveOrder
  ) async -> RolloutConclusion {
    var start = SampleRollout.start(rollout, tenants: 1)
    start.name = schedule
    let event = RunEvent(sequence: 0, at: clock.now(), kind: .rollout(.started(start)))
    var commit = JournalCommit([
      .init(run: rollout, expected: .empty, epoch: 0, events: [event])
    ])
    commit.ledger = order.ledger
    switch await journal.commit(commit) {
    case .committed: break
    case .conflict(let error), .unknown(let error): return .unrecorded(error)
    case .fenced, .blocked: return .lost
    }
    order.began()
    return await drive(rollout, script(schedule), under: 0, after: 1, order)
  }

  private func drive(
    _ rollout: RunID, _ script: Script, under epoch: Int, after count: Int, _ order: DriveOrder
  ) async -> RolloutConclusion {
    var counts = TenantCounts()
    counts[.waiting] = script.waiting
    let conclusion = await pass(script, order) { [counts] outcome in
      script.waiting > 0 ? .waiting(counts) : .ended(outcome, counts)
    }
    let outcome: Outcome
    switch conclusion {
    case .ended(let ended, _): outcome = ended
    case .waiting: outcome = .inDoubt
    case _:
      try? await journal.release(rollout, epoch: epoch)
      return conclusion
    }
    let event = RunEvent(
      sequence: count, at: clock.now(),
      kind: .rollout(.finished(RolloutResult(outcome: outcome, counts: counts))))
    let commit = JournalCommit([
      .init(
        run: rollout, expected: JournalHead(count: count, digest: []), epoch: epoch,
        events: [event])
    ])
    switch await journal.commit(commit) {
    case .committed: return conclusion
    case .unknown(let error), .conflict(let error): return .stopped(error)
    case .fenced, .blocked: return .lost
    }
  }

  /// Lets the time of the rollout pass, or what stops it come.
  private func pass(
    _ script: Script, _ order: DriveOrder,
    _ conclusion: @escaping @Sendable (Outcome) -> RolloutConclusion
  ) async -> RolloutConclusion {
    let (stops, stop) = AsyncStream.makeStream(of: RolloutConclusion.self)
    let handle = RolloutControl.Handle(
      cancel: { stop.yield(conclusion(.cancelled)) },
      drain: { if !script.isDeaf { stop.yield(.left) } })
    guard order.control.attach(handle) else { return .left }
    state.withLock { $0.inProgress += 1 }
    defer {
      state.withLock { $0.inProgress -= 1 }
      order.control.detach()
    }
    // The end of a task group is awaited off the executor, which a test could not follow.
    let sleeper = Task(executorPreference: executor) { [clock] in
      guard (try? await clock.sleep(script.lasts)) != nil else { return }
      stop.yield(conclusion(script.outcome))
    }
    defer { sleeper.cancel() }
    for await conclusion in stops { return conclusion }
    return .left
  }

  private func standing(of rollout: RunID) async throws(JournalError) -> RolloutStanding {
    let record = try await journal.record(of: rollout)
    if case .rollout(.finished(let result))? = record.events.last?.kind {
      guard result.isWaiting, case .rollout(.started(let start))? = record.events.first?.kind else {
        return .ended(result.outcome, result.counts)
      }
      return script(start.name).isDecided ? .free : .waiting(result.counts)
    }
    do throws(JournalError) {
      let claim = try await journal.claim(rollout)
      try await journal.release(rollout, epoch: claim.epoch)
      return .free
    } catch {
      guard case .owned(_, let owner?) = error else { throw error }
      return .driven(by: owner.identity)
    }
  }

  private func resume(
    _ rollout: RunID, _ order: DriveOrder
  ) async throws(ResumeRefusal) -> RolloutConclusion {
    let events = (try? await journal.record(of: rollout).events) ?? []
    guard case .rollout(.started(let start))? = events.first?.kind else {
      throw .impossible("it has no beginning", hint: nil)
    }
    let script = script(start.name)
    if let refusal = script.resumeRefusal { throw refusal }
    let claim: RunClaim
    do throws(JournalError) {
      claim = try await journal.claim(rollout)
    } catch {
      throw .owned
    }
    let resumption = RolloutResumption(
      owner: "this process", epoch: claim.epoch, version: "1", tenants: .unfinished)
    let event = RunEvent(
      sequence: events.count, at: clock.now(), kind: .rollout(.resumed(resumption)))
    let commit = JournalCommit([
      .init(run: rollout, expected: claim.head, epoch: claim.epoch, events: [event])
    ])
    guard case .committed = await journal.commit(commit) else { return .lost }
    order.began()
    return await drive(rollout, script, under: claim.epoch, after: events.count + 1, order)
  }
}

extension RunID {
  /// The id that follows from `number`.
  fileprivate static func numbered(_ number: UInt64) -> RunID {
    var generator = NumberGenerator(number: number)
    return RunID(using: &generator)
  }
}

private struct NumberGenerator: RandomNumberGenerator {
  var number: UInt64

  mutating func next() -> UInt64 {
    number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return number
  }
}
