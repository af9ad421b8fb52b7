import Events
import Hosting
import Journaling
import Operations

/// The loop that drives a rollout: hands what happens to the machine and performs what it decides.
///
/// The host records what it is given in order, so that nothing here waits for a commit.
struct RolloutLoop {
  private let environment: RolloutEnvironment
  private let host: Host
  private let inbox: AsyncStream<RolloutSignal>.Continuation
  private var machine: RolloutMachine
  private var record: RolloutRecord
  private var driven = DrivenTenants()
  /// The request that is being handled.
  private var handled: [PostedRequest.Number] = []
  /// Whether what was asked before it was taken up has come.
  private var hasCaughtUp = false
  /// The instants for which sleepers are set.
  private var alarms: Set<Moment> = []
  /// How the rollout ended; nil while it is in progress.
  private(set) var ending: RolloutEnd?

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

  mutating func begin(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    // What counts as failed so far is known once the machine has begun.
    let actions = machine.apply(.start, at: environment.host.now())
    host.open(record: record.rollout, under: record.claim)
    host.open(
      group: RunGroupID(record.rollout), limits: record.limits, failures: machine.state.failures)
    for action in actions { perform(action, in: &group) }
    wakeAtDeadline(in: &group)
  }

  mutating func handle(
    _ signal: RolloutSignal, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) throws {
    if case .made = signal {
      driven.noteMade()
      makeRuns(in: &group)
    }
    switch signal {
    case .input(let input): apply(input, in: &group)
    case .drain: driven.isDraining = true
    case .made(let turn, let made) where driven.isDraining && !(turn.run != nil && made.isOrder):
      // Nothing of its turn is recorded; whoever continues the rollout gives it another.
      driven.drop(turn.index)
    case .made(let turn, .success(.blocked(let other))):
      driven.drop(turn.index)
      environment.blocked(turn.index, other)
      apply(.tenantBlocked(turn.index, by: other), in: &group)
    case .made(let turn, .success(.order)) where turn.run == nil && driven.isCancelled(turn.index):
      // Nothing of it is recorded yet, and nothing needs to be.
      driven.drop(turn.index)
      apply(.tenantNotStarted(turn.index), in: &group)
    case .made(let turn, .success(.order(let order))):
      driven.begin(order.run, of: turn.index)
      host.start(order)
      apply(.tenantBegan(turn.index, run: order.run), in: &group)
      if driven.isCancelled(turn.index) { host.cancel(order.run) }
    case .made(let turn, .failure(let refusal)):
      driven.drop(turn.index)
      apply(.tenantRefused(refusal), in: &group)
    case .ended(record.rollout, let ending): throw RolloutFailure(ending)
    case .ended(let run, let ending):
      guard let index = driven.end(run) else { return }
      environment.ended(run, ending)
      if case .blocked(let other) = ending { environment.blocked(index, other) }
      // The record of the rollout ends next, for the same reason.
      if case .unrecorded(let error, _) = ending, error.isOfWholeJournal { return }
      apply(.backlog(environment.backlog()), in: &group)
      apply(RolloutInput(ending, of: index), in: &group)
    case .caughtUp:
      hasCaughtUp = true
      leaveIfWaiting()
    case .requested(let posted):
      handled = [posted.number]
      apply(RolloutInput(posted.request.kind), in: &group)
    case .woke(let moment):
      alarms.remove(moment)
      apply(.backlog(environment.backlog()), in: &group)
      apply(.tick, in: &group)
    }
    leaveIfDrained()
  }

  private mutating func apply(
    _ input: RolloutInput, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    for action in machine.apply(input, at: environment.host.now()) { perform(action, in: &group) }
    // A request that changes nothing is handled, too.
    if !handled.isEmpty { record([], failures: 0) }
    wakeAtDeadline(in: &group)
    leaveIfWaiting()
  }

  /// Leaves a rollout that only a person brings any further to whoever resumes it, where that is asked for.
  private mutating func leaveIfWaiting() {
    // A decision may have been left while nobody drove it.
    guard environment.whenWaiting == .leave, hasCaughtUp, ending == nil, machine.waitsForPeopleOnly
    else { return }
    end(.waiting)
  }

  /// Leaves a rollout of which no further tenant begins, once none is in progress.
  private mutating func leaveIfDrained() {
    if driven.isDraining, driven.isIdle, ending == nil { end(.left) }
  }

  private mutating func wakeAtDeadline(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    guard let deadline = machine.nextDeadline, alarms.insert(deadline).inserted else { return }
    wake(at: deadline, in: &group)
  }

  private mutating func perform(
    _ action: RolloutAction, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    switch action {
    case .record(let event):
      record([event], failures: event.isRefusal ? 1 : 0)
    case .begin(let turn): begin(turn, in: &group)
    case .cancel(let index):
      driven.cancel(index)
      if let run = driven.run(of: index) { host.cancel(run) }
    case .finish(let result):
      end(.finished(result))
    }
  }

  private mutating func end(_ ending: RolloutEnd) {
    self.ending = ending
    host.close(group: RunGroupID(record.rollout))
    host.close(record: record.rollout)
    host.close()
  }

  private mutating func record(_ events: [RunEvent], failures: Int) {
    var entry = RecordEntry(
      record.rollout, events, handled: handled, texts: record.texts, failures: failures)
    entry.ledger = record.ledger
    entry.notices = events.flatMap(record.notices)
    host.record(entry)
    (handled, record.texts, record.ledger) = ([], [], [])
  }

  private mutating func begin(
    _ turn: TenantTurn, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    guard !driven.isDraining else { return }
    driven.make(turn)
    makeRuns(in: &group)
  }

  private mutating func makeRuns(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    let (environment, inbox, rollout) = (environment, inbox, record.rollout)
    while let turn = driven.nextToMake() {
      group.addTask {
        do throws(TenantRefusal) {
          let run = try await environment.run(turn)
          inbox.yield(.made(turn, .success(run.ordered(in: RunGroupID(rollout), turn))))
        } catch {
          inbox.yield(.made(turn, .failure(error)))
        }
      }
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

extension Result<TenantRun, TenantRefusal> {
  /// Whether there is a run to be driven.
  fileprivate var isOrder: Bool {
    if case .success(.order) = self { true } else { false }
  }
}

extension TenantRun {
  /// The same run, as one of a group.
  fileprivate func ordered(in group: RunGroupID, _ turn: TenantTurn) -> TenantRun {
    guard case .order(var order) = self else { return self }
    order.group = group
    order.countsFailure = turn.isLast
    return .order(order)
  }
}

extension RolloutInput {
  /// What the end of a tenant's run means for the rollout.
  fileprivate init(_ ending: RunEnding, of index: Int) {
    switch ending {
    case .finished(let result): self = .tenantEnded(index, TenantState(result))
    case .waiting: self = .tenantEnded(index, .waiting)
    case .blocked(let other): self = .tenantBlocked(index, by: other)
    case .notStarted: self = .tenantNotStarted(index)
    case .faulty, .unrecorded: self = .tenantEnded(index, .failed)
    // Whoever drives it now records its end.
    case .lost: self = .tenantEnded(index, .inDoubt)
    }
  }

  /// What another process asks of the rollout.
  fileprivate init(_ request: RunRequest.Kind) {
    switch request {
    case .cancel: self = .cancel
    case .pause: self = .pause
    case .unpause: self = .unpause
    case .decide(_, let decision): self = .decide(decision)
    }
  }
}

extension RolloutFailure {
  /// Why the record of a rollout is kept no more.
  init(_ ending: RunEnding) {
    switch ending {
    case .unrecorded(let error, let count): self = .unrecorded(error, eventCount: count)
    case .lost(let owner): self = .lost(to: owner)
    case .notStarted, .finished, .waiting, .faulty, .blocked:
      self = .faulty("the record of a rollout ended as a run does")
    }
  }
}

extension JournalError {
  /// Whether nothing else can be recorded either.
  fileprivate var isOfWholeJournal: Bool { run == nil }
}

extension RunEvent {
  fileprivate var isRefusal: Bool {
    if case .rollout(.tenantRefused) = kind { true } else { false }
  }
}
