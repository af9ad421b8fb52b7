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

/// What a host decides, without a journal, a clock or a task.
@Suite("What the host decides") struct HostMachineTests {
  private static let now = Moment(nanoseconds: 1_000_000_000)
  private static let head = JournalHead(count: 1, digest: [1])

  private static func run(_ number: UInt64) -> RunID {
    var random = SplitMix(seed: number)
    return RunID(using: &random)
  }

  private static func order(
    _ number: UInt64, _ steps: String = "  - { id: a, call: anonymous }",
    whenWaiting: RunOrder.WhenWaiting = .wait
  ) throws -> RunOrder {
    let plan = try PlannedText.plan("steps:\n\(steps)\n")
    let start = RunStart(
      run: run(number), playbook: "main", file: "f", planDigest: "", inputs: [:], seed: number,
      version: "t")
    return RunOrder(starting: RunMachine(plan: plan, start: start), whenWaiting: whenWaiting)
  }

  /// Actions in words; runs by their number.
  private static func words(_ actions: [HostAction], _ numbers: ClosedRange<UInt64> = 1...3)
    -> [String]
  {
    func name(_ run: RunID) -> String {
      numbers.first { Self.run($0) == run }.map { "run \($0)" } ?? "another run"
    }
    return actions.map { action in
      switch action {
      case .open(let run, _): "open \(name(run))"
      case .commit(let commit):
        "commit "
          + commit.parts.map { "\(name($0.run)) \($0.expected.count)+\($0.events.count)" }
          .joined(separator: ", ")
      case .report(let run, let events): "report \(name(run)) \(events.count)"
      case .perform(let run, let actions): "perform \(name(run)) \(actions.count)"
      case .readRequests: "read requests"
      case .caughtUp(let record): "\(name(record)) caught up"
      case .hand(let posted): "hand over request \(posted.number.value)"
      case .release(let run, let epoch): "release \(name(run)) \(epoch)"
      case .ended(let run, .finished(let result)): "\(name(run)) \(result.outcome.rawValue)"
      case .ended(let run, .waiting(let paths)):
        "\(name(run)) waits for \(paths.map(\.description).joined())"
      case .ended(let run, .unrecorded(_, let count)): "\(name(run)) unrecorded after \(count)"
      case .ended(let run, .lost): "\(name(run)) lost"
      case .ended(let run, .notStarted): "\(name(run)) not started"
      case .ended(let run, .faulty): "\(name(run)) faulty"
      case .ended(let run, .blocked(let other)): "\(name(run)) blocked by \(name(other))"
      }
    }
  }

  private static let full = JournalError.noSpace(path: "j", reason: "the disk is full")

  @Test func `nothing of a run happens before the commit it belongs to, and then in order`() throws
  {
    var host = HostMachine()
    #expect(
      Self.words(host.apply([.admit(try Self.order(1))], at: Self.now))
        == ["open run 1", "commit run 1 0+3"])
    #expect(!host.isIdle)
    #expect(
      Self.words(
        host.apply(
          [.commitEnded(.committed([JournalHead(count: 3, digest: [3])]))], at: Self.now))
        == ["report run 1 3", "perform run 1 1"])
  }

  @Test func `what comes during a commit makes up the next one`() throws {
    var host = HostMachine()
    _ = host.apply([.admit(try Self.order(1))], at: Self.now)
    let orders = [try Self.order(2), try Self.order(3)]
    #expect(
      Self.words(host.apply(orders.map { .admit($0) }, at: Self.now))
        == ["open run 2", "open run 3"])
    #expect(
      Self.words(
        host.apply([.commitEnded(.committed([Self.head]))], at: Self.now))
        == ["report run 1 3", "perform run 1 1", "commit run 2 0+3, run 3 0+3"])
  }

  @Test func `a run that was taken over ends, and the others are committed without it`() throws {
    var host = HostMachine()
    let orders = [try Self.order(1), try Self.order(2)]
    _ = host.apply(orders.map { .admit($0) }, at: Self.now)
    #expect(
      Self.words(host.apply([.commitEnded(.fenced(Self.run(1), by: nil))], at: Self.now))
        == ["run 1 lost", "commit run 2 0+3"])
  }

  @Test func `a run whose events do not belong there ends alone`() throws {
    var host = HostMachine()
    let orders = [try Self.order(1), try Self.order(2)]
    _ = host.apply(orders.map { .admit($0) }, at: Self.now)
    let conflict = JournalError.conflict(run: Self.run(2), sequence: 0)
    #expect(
      Self.words(host.apply([.commitEnded(.conflict(conflict))], at: Self.now))
        == ["release run 2 0", "run 2 unrecorded after 0", "commit run 1 0+3"])
  }

  @Test func `a commit is sent again while another process holds the journal`() throws {
    var limits = HostLimits()
    limits.commitTries = 3
    var host = HostMachine(limits: limits)
    _ = host.apply([.admit(try Self.order(1))], at: Self.now)
    let locked = HostInput.commitEnded(.unknown(.locked(path: "j")))
    for _ in 1...2 {
      #expect(Self.words(host.apply([locked], at: Self.now)) == ["commit run 1 0+3"])
    }
    #expect(Self.words(host.apply([locked], at: Self.now)) == ["run 1 unrecorded after 0"])
  }

  @Test func `a stop of every run also takes those that wait for their turn`() throws {
    var limits = HostLimits()
    limits.runs = 1
    var host = HostMachine(limits: limits)
    let orders = try (1...3).map { try Self.order($0) }
    _ = host.apply(orders.map { .admit($0) }, at: Self.now)
    #expect(
      Self.words(host.apply([.cancelAll], at: Self.now))
        == ["run 2 not started", "run 3 not started"])
  }

  /// An order to continue a run of `steps` after its first `count` events.
  private static func resumption(
    _ steps: String, whenWaiting: RunOrder.WhenWaiting = .wait
  ) throws -> RunOrder {
    let plan = try PlannedText.plan("steps:\n\(steps)\n")
    let start = RunStart(
      run: run(1), playbook: "main", file: "f", planDigest: "", inputs: [:], seed: 1, version: "t")
    var machine = RunMachine(plan: plan, start: start)
    let events = machine.apply(.start, at: now).compactMap { action in
      if case .record(let event) = action { event } else { nil }
    }
    let resumption = RunResumption(owner: "o", epoch: 1, seed: 2, version: "t")
    let resumed = try #require(RunMachine(resuming: plan, after: events, as: resumption))
    let head = JournalHead(count: events.count, digest: [1])
    return RunOrder(
      resuming: resumed, under: RunClaim(epoch: 1, head: head), whenWaiting: whenWaiting)
  }

  @Test func `a run whose events cannot be is recorded so, does nothing more, and is given back`()
    throws
  {
    let plan = try PlannedText.plan("steps:\n  - { id: a, call: anonymous }\n")
    let start = RunStart(
      run: Self.run(1), playbook: "main", file: "f", planDigest: "", inputs: [:], seed: 1,
      version: "t")
    let strange = StepPath(components: [.step("strange")])
    let kinds: [RunEvent.Kind] = [
      .runStarted(start), .stepFinished(strange, StepResult(outcome: .succeeded)),
    ]
    let events = kinds.enumerated().map { number, kind in
      RunEvent(sequence: number, at: Self.now, kind: kind)
    }
    let resumption = RunResumption(owner: "o", epoch: 1, seed: 2, version: "t")
    let machine = try #require(RunMachine(resuming: plan, after: events, as: resumption))
    let head = JournalHead(count: events.count, digest: [1])
    var host = HostMachine()
    let order = RunOrder(resuming: machine, under: RunClaim(epoch: 1, head: head))
    _ = host.apply([.admit(order)], at: Self.now)
    let page = RequestPage([], next: JournalCursor(7))
    #expect(Self.words(host.apply([.requests(page)], at: Self.now)) == ["commit run 1 2+2"])
    let committed = HostInput.commitEnded(.committed([JournalHead(count: 4, digest: [4])]))
    #expect(
      Self.words(host.apply([committed], at: Self.now))
        == ["report run 1 2", "release run 1 1", "run 1 faulty"])
    #expect(host.isIdle)
  }

  private static func page(_ kind: RunRequest.Kind) -> HostInput {
    let posted = PostedRequest(
      number: PostedRequest.Number(7), request: RunRequest(run: run(1), kind))
    return .requests(RequestPage([posted], next: JournalCursor(7)))
  }

  @Test func `what was asked for while nobody drove a run comes before anything it does`() throws {
    var host = HostMachine()
    let order = try Self.resumption("  - { id: w, wait: 2s }\n  - { id: a, call: anonymous }")
    let later = Self.now + .seconds(9)
    #expect(
      Self.words(host.apply([.admit(order)], at: later)) == ["open run 1", "read requests"])
    let actions = host.apply([Self.page(.cancel)], at: later)
    let events = actions.compactMap { action -> [String]? in
      if case .commit(let commit) = action {
        commit.parts.flatMap(\.events).map(\.word)
      } else {
        nil
      }
    }
    #expect(
      events == [["resumed", "cancel", "finished w cancelled", "run-finished cancelled"]])
  }

  @Test func `a decision that was left meanwhile brings a run further that is not waited for`()
    throws
  {
    var host = HostMachine()
    let order = try Self.resumption("  - { id: gate, approve: \"Go on?\" }", whenWaiting: .leave)
    _ = host.apply([.admit(order)], at: Self.now)
    let gate = StepPath(components: [.step("gate")])
    _ = host.apply([Self.page(.decide(gate, ApprovalDecision(.approved)))], at: Self.now)
    let ended = host.apply([.commitEnded(.committed([Self.head]))], at: Self.now)
    #expect(Self.words(ended).last == "run 1 succeeded")
  }

  @Test func `once a commit fails nothing is done any more`() throws {
    var host = HostMachine()
    _ = host.apply([.admit(try Self.order(1))], at: Self.now)
    _ = host.apply([.admit(try Self.order(2))], at: Self.now)
    let failed = Self.words(host.apply([.commitEnded(.unknown(Self.full))], at: Self.now))
    #expect(Set(failed) == ["run 1 unrecorded after 0", "run 2 unrecorded after 0"])
    #expect(host.isIdle)
    #expect(
      Self.words(host.apply([.admit(try Self.order(3)), .tick], at: Self.now))
        == ["run 3 not started"])
  }

  @Test func `more runs than may be driven at once wait for their turn`() throws {
    var limits = HostLimits()
    limits.runs = 1
    var host = HostMachine(limits: limits)
    let orders = try (1...2).map { try Self.order($0, "  - { id: a, assert: \"true\" }") }
    #expect(
      Self.words(host.apply(orders.map { .admit($0) }, at: Self.now)).first == "open run 1")
    let next = Self.words(
      host.apply([.commitEnded(.committed([Self.head]))], at: Self.now))
    #expect(next.contains("run 1 succeeded"))
    #expect(next.contains("open run 2"))
  }

  @Test func `a run that waits for a decision is left where that is wanted`() throws {
    var host = HostMachine()
    let order = try Self.order(1, "  - { id: gate, approve: \"Go on?\" }", whenWaiting: .leave)
    _ = host.apply([.admit(order)], at: Self.now)
    #expect(
      Self.words(host.apply([.commitEnded(.committed([Self.head]))], at: Self.now))
        == ["report run 1 3", "release run 1 0", "run 1 waits for gate"])
    #expect(host.isIdle)
  }

  @Test func `a decision that another process leaves is recorded with what follows from it`() throws
  {
    var host = HostMachine()
    _ = host.apply(
      [.admit(try Self.order(1, "  - { id: gate, approve: \"Go on?\" }"))], at: Self.now)
    _ = host.apply([.commitEnded(.committed([Self.head]))], at: Self.now)
    #expect(
      Self.words(host.apply([.tick], at: Self.now + .seconds(1))) == ["read requests"])
    let posted = PostedRequest(
      number: PostedRequest.Number(7),
      request: RunRequest(
        run: Self.run(1),
        .decide(StepPath(components: [.step("gate")]), ApprovalDecision(.approved))))
    let page = RequestPage([posted], next: JournalCursor(7))
    let actions = host.apply([.requests(page)], at: Self.now + .seconds(1))
    guard case .commit(let commit)? = actions.first else {
      Issue.record("nothing is committed")
      return
    }
    #expect(commit.handled == [posted.number])
    #expect(commit.parts.first?.events.map(\.word).first == "decided gate")
  }
}
