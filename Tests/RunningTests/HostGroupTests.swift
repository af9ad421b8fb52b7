import Events
import Expressions
import Hosting
import Journaling
import Machine
import Operations
import Planning
import Randomness
import Running
import Testing

/// What the runs of a rollout share in a host.
@Suite("Groups of runs") struct HostGroupTests {
  private static let now = Moment(nanoseconds: 1_000_000_000)

  private static func run(_ number: UInt64) -> RunID {
    var random = SplitMix(seed: number)
    return RunID(using: &random)
  }

  private static let group = RunGroupID(run(99))

  private static func order(
    _ number: UInt64, _ steps: String = "  - { id: a, call: anonymous }",
    _ change: (inout RunOrder) -> Void = { _ in }
  ) throws -> RunOrder {
    let plan = try PlannedText.plan("steps:\n\(steps)\n")
    let start = RunStart(
      run: run(number), playbook: "main", file: "f", planDigest: "", inputs: [:], seed: number,
      version: "t")
    var settings = RunSettings()
    settings.asksForVoteSlots = true
    var order = RunOrder(starting: RunMachine(plan: plan, start: start, settings: settings))
    order.group = group
    change(&order)
    return order
  }

  private static let failing = "  - { id: a, assert: \"${{ false }}\" }"

  private static func committed(_ commit: JournalCommit) -> HostInput {
    .commitEnded(
      .committed(
        commit.parts.map { JournalHead(count: $0.expected.count + $0.events.count, digest: []) }))
  }

  private static func commit(in actions: [HostAction]) -> JournalCommit? {
    actions.lazy.compactMap { if case .commit(let commit) = $0 { commit } else { nil } }.first
  }

  private static func endings(_ actions: [HostAction]) -> [RunID: RunEnding] {
    actions.reduce(into: [:]) { endings, action in
      if case .ended(let run, let ending) = action { endings[run] = ending }
    }
  }

  /// Lets every commit succeed; returns all actions.
  private static func settle(_ host: inout HostMachine, _ actions: [HostAction]) -> [HostAction] {
    var (all, next) = (actions, actions)
    while let commit = commit(in: next) {
      next = host.apply([committed(commit)], at: now)
      all += next
    }
    return all
  }

  @Test func `no run starts once the failure that reaches the limit is decided`() throws {
    var host = HostMachine()
    let actions = host.apply(
      [
        .openGroup(Self.group, RunGroupLimits(maxFailures: 2), failures: 1),
        .admit(try Self.order(1)), .admit(try Self.order(2, Self.failing)),
        .admit(try Self.order(3)),
      ], at: Self.now)
    let commit = try #require(Self.commit(in: actions))
    #expect(commit.parts.map(\.run) == [Self.run(1), Self.run(2)])
    #expect(Self.endings(actions) == [Self.run(3): .notStarted])
  }

  @Test func `runs that wait for their turn end when the limit is reached`() throws {
    var limits = HostLimits()
    limits.runs = 1
    var host = HostMachine(limits: limits)
    let others = try [2, 3].map { HostInput.admit(try Self.order($0)) }
    let actions = host.apply(
      [
        .openGroup(Self.group, RunGroupLimits(maxFailures: 1), failures: 0),
        .admit(try Self.order(1, "  - { id: w, wait: 1s }\n" + Self.failing)),
      ] + others, at: Self.now)
    _ = Self.settle(&host, actions)
    let failed = host.apply([.tick], at: Self.now + .seconds(1))
    #expect(Self.endings(failed) == [Self.run(2): .notStarted, Self.run(3): .notStarted])
  }

  @Test func `a run that is attempted again does not count when it fails, nor one of no group`()
    throws
  {
    var host = HostMachine()
    let actions = host.apply(
      [
        .openGroup(Self.group, RunGroupLimits(maxFailures: 1), failures: 0),
        .admit(try Self.order(1, Self.failing) { $0.countsFailure = false }),
        .admit(try Self.order(2, Self.failing) { $0.group = nil }),
        .admit(try Self.order(3)),
      ], at: Self.now)
    #expect(Self.endings(actions) == [:])
  }

  @Test func `a failure that is not recorded does not count`() throws {
    var host = HostMachine()
    let actions = host.apply(
      [
        .openGroup(Self.group, RunGroupLimits(maxFailures: 1), failures: 0),
        .admit(try Self.order(1, Self.failing)),
      ], at: Self.now)
    #expect(Self.commit(in: actions) != nil)
    let blocked = host.apply(
      [.commitEnded(.blocked(Self.run(1), by: Self.run(7)))], at: Self.now)
    #expect(Self.endings(blocked) == [Self.run(1): .blocked(by: Self.run(7))])
    #expect(Self.endings(host.apply([.admit(try Self.order(2))], at: Self.now)) == [:])
  }

  @Test func `a tenant without a run counts, in the commit that says so`() throws {
    var host = HostMachine()
    let refusal = RolloutEvent.tenantRefused(TenantRefusal(tenant: "a", index: 0, reason: "r"))
    let event = RunEvent(sequence: 4, at: Self.now, kind: .rollout(refusal))
    let claim = RunClaim(epoch: 2, head: JournalHead(count: 4, digest: []))
    let actions = host.apply(
      [
        .openGroup(Self.group, RunGroupLimits(maxFailures: 1), failures: 0),
        .openRecord(Self.group.rollout, claim), .admit(try Self.order(1)),
        .record(RecordEntry(Self.group.rollout, [event], failures: 1)),
        .admit(try Self.order(2)),
      ], at: Self.now)
    let commit = try #require(Self.commit(in: actions))
    #expect(commit.parts.map(\.run) == [Self.run(1), Self.group.rollout])
    #expect(commit.parts.last?.epoch == 2)
    #expect(Self.endings(actions) == [Self.run(2): .notStarted])
  }

  @Test func `what others ask of a record is handed over once, and gone with the events about it`()
    throws
  {
    var host = HostMachine()
    let rollout = Self.group.rollout
    let claim = RunClaim(epoch: 0, head: .empty)
    _ = host.apply([.openRecord(rollout, claim)], at: Self.now)
    let posted = PostedRequest(
      number: PostedRequest.Number(7), request: RunRequest(run: rollout, .pause))
    let page = RequestPage([posted], next: JournalCursor(7))
    func handed(_ actions: [HostAction]) -> Int {
      actions.count { if case .hand = $0 { true } else { false } }
    }
    func caughtUp(_ actions: [HostAction]) -> Int {
      actions.count { if case .caughtUp(rollout) = $0 { true } else { false } }
    }
    let first = host.apply([.requests(page)], at: Self.now + .seconds(1))
    #expect(handed(first) == 1 && caughtUp(first) == 1)
    #expect(handed(host.apply([.tick], at: Self.now + .seconds(2))) == 0)
    let second = host.apply([.requests(page)], at: Self.now + .seconds(2))
    #expect(handed(second) == 0 && caughtUp(second) == 0)
    let event = RunEvent(sequence: 0, at: Self.now, kind: .rollout(.paused))
    let actions = host.apply(
      [.record(RecordEntry(rollout, [event], handled: [posted.number])), .closeRecord(rollout)],
      at: Self.now)
    let commit = try #require(Self.commit(in: actions))
    #expect(commit.handled == [posted.number])
    let last = host.apply([Self.committed(commit)], at: Self.now)
    guard case .release(rollout, epoch: 0)? = last.last else {
      Issue.record("the record is not given back")
      return
    }
    let isIdle = host.isIdle
    #expect(isIdle)
  }

  @Test func `one run is stopped, also before it begins`() throws {
    var limits = HostLimits()
    limits.runs = 2
    var host = HostMachine(limits: limits)
    let admitted = try (1...3).map {
      HostInput.admit(try Self.order($0, "  - { id: w, wait: 1h }"))
    }
    var actions = Self.settle(&host, host.apply(admitted, at: Self.now))
    #expect(
      Self.endings(host.apply([.cancel(Self.run(3))], at: Self.now)) == [Self.run(3): .notStarted])
    actions = Self.settle(&host, host.apply([.cancel(Self.run(1))], at: Self.now))
    guard case .finished(let result)? = Self.endings(actions)[Self.run(1)] else {
      Issue.record("the run is not over")
      return
    }
    #expect(result.outcome == .cancelled)
    let isIdle = host.isIdle
    #expect(!isIdle)
  }
}

/// Votes.
extension HostGroupTests {
  private static let ballot = "  - { id: b, call: ballot, timeout: 10s }"

  /// The runs whose requests are sent, and how requests are named.
  private static func sent(_ actions: [HostAction]) -> [RunID: RequestID] {
    actions.reduce(into: [:]) { sent, action in
      guard case .perform(let run, let performed) = action else { return }
      for case .exchange(let id, _) in performed { sent[run] = id }
    }
  }

  private static func answer(_ status: Int, _ body: String = "{}") -> APIResponse {
    APIResponse(
      status: status, headers: [HTTPField("Content-Type", "application/json")],
      body: Array(body.utf8))
  }

  private static func host(_ votesAtOnce: Int, _ count: Int, steps: String = ballot) throws
    -> (HostMachine, [HostAction])
  {
    var host = HostMachine()
    let orders = try (1...count).map { HostInput.admit(try order(UInt64($0), steps)) }
    let opening = HostInput.openGroup(
      group, RunGroupLimits(votesAtOnce: votesAtOnce), failures: 0)
    let actions = settle(&host, host.apply([opening] + orders, at: now))
    return (host, actions)
  }

  @Test func `no more votes are open than may be, and the next begins when one is over`() throws {
    var (host, actions) = try Self.host(2, 3, steps: "  - { id: b, call: ballot }")
    let sent = Self.sent(actions)
    #expect(Set(sent.keys) == [Self.run(1), Self.run(2)])
    let request = try #require(sent[Self.run(1)])
    let refused = HostInput.run(Self.run(1), .answered(request, Self.answer(400)))
    actions = Self.settle(&host, host.apply([refused], at: Self.now))
    #expect(Set(Self.sent(actions).keys) == [Self.run(3)])
  }

  @Test func `runs that wait in vain for votes of runs that are over are left`() throws {
    var (host, actions) = try Self.host(1, 2, steps: "  - { id: b, call: ballot }")
    let request = try #require(Self.sent(actions)[Self.run(1)])
    let lost = HostInput.run(Self.run(1), .answered(request, Self.answer(202, "[\"c-1\"]")))
    actions = Self.settle(&host, host.apply([lost], at: Self.now))
    // The command stays pending until the time of the step is over.
    actions += Self.settle(&host, host.apply([.tick], at: Self.now + .seconds(120)))
    var endings = Self.endings(actions)
    for _ in 0..<3 where endings.count < 2 {
      let later = Self.now + .seconds(200)
      endings.merge(Self.endings(Self.settle(&host, host.apply([.tick], at: later)))) { $1 }
    }
    #expect(endings[Self.run(2)] == .waiting([StepPath(components: [.step("b")])]))
    let isIdle = host.isIdle
    #expect(isIdle)
  }
}

/// Whatever happens.
extension HostGroupTests {
  @Test(arguments: 0..<5)
  func `under simulation no limit is exceeded, and every run ends`(_ part: UInt64) async throws {
    let plan = try PlannedText.plan(
      "steps:\n  - { id: w, wait: 1s }\n  - { id: b, call: ballot, timeout: 15s }\n")
    for seed in part * 20..<part * 20 + 20 {
      var simulation = GroupSimulation(seed: seed, plan: plan)
      await simulation.run()
      #expect(simulation.objections == [], "seed \(seed)")
    }
  }
}
