import Events
import HeapModule
import Journaling
import Operations
import Randomness
import Rollouts
import Simulation

/// Rollouts over tenants that they share, in virtual time, over one journal, each driven by a process that
/// may end at any moment.
struct RolloutWorld {
  private let store = JournalStore()
  var random: SplitMix
  private(set) var now = Moment(nanoseconds: 1_000_000_000)
  var rollouts: [SimulatedRollout]
  private var agenda = Heap<Item>()
  private var order = 0
  private var number = 0
  var commits = 0
  /// In percent of the commits.
  let crashShare: Int
  /// The tenants whose lock a run holds, and which rollout's run that is.
  var holders: [String: Int] = [:]
  /// How often a person still lets a rollout go on after its end.
  private var continuations: Int
  private var ticks: [Int: Moment] = [:]
  /// How a machine stood when its process ended, and the tenants that had a turn then.
  var ends: [Int: (state: RolloutState, live: Set<Int>)] = [:]

  private struct Item: Comparable {
    let at: Moment
    let order: Int
    let rollout: Int
    /// Nil for what comes to any process.
    let process: Int?
    let what: Happening

    static func < (left: Item, right: Item) -> Bool {
      (left.at, left.order) < (right.at, right.order)
    }

    static func == (left: Item, right: Item) -> Bool { left.order == right.order }
  }

  enum Happening {
    case input(RolloutInput)
    /// The driver has made ready the turn of a tenant.
    case hand(Int, number: Int)
    case runEnds(Int, number: Int)
    case commitEnds
    case restart(RolloutResumption.Tenants)
  }

  /// The world of `seed`, with one or two rollouts.
  init(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let names = (0..<Int.random(in: 1...14, using: &random)).map { "t\($0)" }
    rollouts = []
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      rollouts.append(SimulatedRollout(RolloutScript(seed: random.next(), over: names)))
    }
    crashShare = [0, 2, 10, 25].randomElement(using: &random) ?? 0
    continuations = Int.random(in: 0...2, using: &random)
    self.random = random
  }

  /// Lets everything happen; returns what is wrong.
  mutating func run() async -> [String] {
    for rollout in rollouts.indices {
      schedule(.restart(.unfinished), of: rollout, after: pause(1...200))
      plan(people: rollout)
    }
    var count = 0
    while let item = agenda.popMin(), count < 20_000 {
      count += 1
      now = max(now, item.at)
      guard item.process == nil || item.process == rollouts[item.rollout].process else { continue }
      await happen(item.what, rollout: item.rollout)
    }
    for (number, rollout) in rollouts.enumerated() where rollout.isDriven {
      rollouts[number].watch.object("nothing happens any more, and the rollout is not over")
    }
    return rollouts.enumerated().flatMap { number, rollout in
      rollout.watch.objections.map { "rollout \(number): \($0)" }
    }
  }

  /// Somebody pauses the rollout, stops it, or sends requests faster than they may leave.
  private mutating func plan(people rollout: Int) {
    if Int.random(in: 0..<4, using: &random) == 0 {
      schedule(.input(.pause), of: rollout, after: pause(1...3000))
    }
    if Int.random(in: 0..<8, using: &random) == 0 {
      schedule(.input(.cancel), of: rollout, after: pause(1...6000))
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      schedule(.input(.backlog(.seconds(5))), of: rollout, after: pause(1...3000))
    }
  }

  mutating func pause(_ milliseconds: ClosedRange<Int>) -> Duration {
    .microseconds(
      Int.random(
        in: milliseconds.lowerBound * 1000...milliseconds.upperBound * 1000, using: &random)
    )
  }

  mutating func schedule(
    _ what: Happening, of rollout: Int, for process: Int? = nil, after pause: Duration
  ) {
    order += 1
    agenda.insert(
      Item(at: now + pause, order: order, rollout: rollout, process: process, what: what))
  }

  private mutating func happen(_ what: Happening, rollout: Int) async {
    switch what {
    case .input(let input): apply(input, rollout)
    case .hand(let index, let number):
      guard rollouts[rollout].live[index]?.number == number else { return }
      await hand(index, rollout)
    case .runEnds(let index, let number):
      guard let tenant = rollouts[rollout].live[index], tenant.number == number,
        !tenant.isEnding
      else { return }
      await endRun(index, tenant, rollout)
    case .commitEnds: await endCommit(rollout)
    case .restart(let tenants):
      if !rollouts[rollout].isDriven { await restart(rollout, tenants) }
    }
  }
}

/// The machine.
extension RolloutWorld {
  mutating func apply(_ input: RolloutInput, _ rollout: Int) {
    guard let wasPaused = rollouts[rollout].machine?.state.isPaused else { return }
    if case .tick = input { ticks[rollout] = nil }
    for action in rollouts[rollout].machine?.apply(input, at: now) ?? [] {
      perform(action, rollout, wasPaused: wasPaused)
    }
    startCommit(rollout)
    react(to: input, rollout)
    if let next = rollouts[rollout].machine?.nextDeadline {
      if next <= now { rollouts[rollout].watch.object("a deadline is in the past") }
      guard ticks[rollout].map({ next < $0 || $0 <= now }) ?? true else { return }
      ticks[rollout] = next
      schedule(.input(.tick), of: rollout, for: rollouts[rollout].process, after: next - now)
    }
  }

  private mutating func perform(_ action: RolloutAction, _ rollout: Int, wasPaused: Bool) {
    let process = rollouts[rollout].process
    switch action {
    case .record(let event):
      guard case .rollout(let kind) = event.kind else { return }
      rollouts[rollout].pending.append(
        SimulatedRollout.Entry(
          run: rollouts[rollout].script.start.rollout, kind: event.kind, at: event.at,
          what: .ofRollout(kind)))
    case .begin(let turn):
      number += 1
      if wasPaused, turn.run == nil, rollouts[rollout].machine?.state.isPaused ?? false {
        rollouts[rollout].watch.object("tenant \(turn.index) begins during a pause")
      }
      rollouts[rollout].live[turn.index] = SimulatedRollout.LiveTenant(turn: turn, number: number)
      rollouts[rollout].watch.counted(active: rollouts[rollout].live.count)
      schedule(
        .hand(turn.index, number: number), of: rollout, for: process, after: pause(0...20))
    case .cancel(let index):
      guard let tenant = rollouts[rollout].live[index] else { return }
      rollouts[rollout].live[index]?.isCancelled = true
      guard tenant.run != nil else { return }
      schedule(
        .runEnds(index, number: tenant.number), of: rollout, for: process, after: pause(6...50))
    case .finish: break
    }
  }

  /// What people do because of it.
  private mutating func react(to input: RolloutInput, _ rollout: Int) {
    guard let machine = rollouts[rollout].machine else { return }
    let process = rollouts[rollout].process
    switch input {
    case .pause: schedule(.input(.unpause), of: rollout, after: pause(1...3000))
    case .start where machine.state.isPaused:
      schedule(.input(.unpause), of: rollout, after: pause(1...3000))
    case .backlog(let backlog) where backlog > .zero:
      schedule(.input(.backlog(.zero)), of: rollout, after: pause(1...3000))
    case _: break
    }
    if machine.awaitsApproval {
      let isApproved = Int.random(in: 0..<5, using: &random) > 0
      schedule(
        .input(.decide(ApprovalDecision(isApproved ? .approved : .rejected(reason: nil)))),
        of: rollout, for: process, after: pause(1...500))
    }
  }
}

/// Processes.
extension RolloutWorld {
  /// The process ends with everything that is not recorded.
  mutating func crash(_ rollout: Int) {
    if let machine = rollouts[rollout].machine, !rollouts[rollout].hasUnrecorded {
      ends[rollout] = (machine.state, Set(rollouts[rollout].live.keys))
    }
    stop(rollout)
    schedule(.restart(.unfinished), of: rollout, after: pause(1...2000))
  }

  mutating func stop(_ rollout: Int) {
    rollouts[rollout].end()
    holders = holders.filter { $0.value != rollout }
    ticks[rollout] = nil
  }

  /// The rollout is over; a person may let it go on.
  mutating func finished(_ rollout: Int) {
    stop(rollout)
    guard continuations > 0 else { return }
    continuations -= 1
    schedule(
      .restart(Bool.random(using: &random) ? .unsuccessful : .unfinished), of: rollout,
      after: pause(1...3000))
  }

  private mutating func restart(
    _ rollout: Int, _ tenants: RolloutResumption.Tenants
  ) async {
    let script = rollouts[rollout].script
    let identity = OwnerIdentity(
      process: Int32(rollouts[rollout].process + 1), host: "h\(rollout)", since: now)
    let journal = SimulatedJournal(store, as: identity)
    rollouts[rollout].journal = journal
    rollouts[rollout].record = SimulatedRollout.Recorded(head: .empty, epoch: 0)
    if let record = try? await journal.record(of: script.start.rollout),
      let claim = try? await journal.claim(script.start.rollout)
    {
      rollouts[rollout].record = SimulatedRollout.Recorded(head: claim.head, epoch: claim.epoch)
      let rows = (try? await journal.tenantRuns(of: script.start.rollout)) ?? []
      let standings = rows.map { TenantStanding($0) }
      compare(record.events, standings, rollout)
      rollouts[rollout].machine = RolloutMachine(
        resuming: record.events, limits: script.limits, tenants: standings,
        as: RolloutResumption(owner: "o", epoch: claim.epoch, version: "t", tenants: tenants))
    } else {
      rollouts[rollout].machine = RolloutMachine(start: script.start, limits: script.limits)
    }
    ends[rollout] = nil
    apply(.start, rollout)
    rollouts[rollout].groupFailures = rollouts[rollout].machine?.state.failures ?? 0
  }
}
