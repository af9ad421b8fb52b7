import Events
import Expressions
import Hosting
import Journaling
import Machine
import Operations
import Planning
import Randomness
import Running
import Simulation

/// Runs of one group whose commands are voted on, in a host that may end after any commit: a service decides
/// each vote after a while.
struct GroupSimulation {
  private var random: SplitMix
  private let plan: Plan
  private let limits: RunGroupLimits
  private let count: Int
  private let crashShare: Int
  private let group: RunGroupID
  private let store = JournalStore()
  private var journal: SimulatedJournal
  private var host = HostMachine()
  private var process = 0
  private var now = Moment(nanoseconds: 1_000_000_000)
  private var agenda: [(at: Moment, order: Int, process: Int?, what: Happening)] = []
  private var order = 0
  private var admitted = 0
  private var runs: [RunID] = []
  /// The votes that are open at the service, and all that ever were.
  private var votes: [String: Bool] = [:]
  private var failures = 0
  private var limitCommit: Int?
  private var commits = 0
  private var endings: [RunID: RunEnding] = [:]
  private(set) var objections: [String] = []

  private enum Happening {
    case input(HostInput)
    case commitEnds(JournalCommit)
    case arrives(RunID, RequestID, APIRequest)
    case voteEnds(String)
    case admit
  }

  init(seed: UInt64, plan: Plan) {
    var random = SplitMix(seed: seed)
    self.plan = plan
    limits = RunGroupLimits(
      maxFailures: Bool.random(using: &random) ? Int.random(in: 1...3, using: &random) : nil,
      votesAtOnce: Int.random(in: 1...3, using: &random))
    count = Int.random(in: 2...8, using: &random)
    crashShare = [0, 5, 15].randomElement(using: &random) ?? 0
    group = RunGroupID(RunID(using: &random))
    journal = Self.journal(of: store, 0)
    self.random = random
  }

  private static func journal(of store: JournalStore, _ process: Int) -> SimulatedJournal {
    SimulatedJournal(
      store,
      as: OwnerIdentity(process: Int32(process), host: "h", since: Moment(nanoseconds: 0)))
  }

  mutating func run() async {
    feed([.openGroup(group, limits, failures: 0)])
    for _ in 0..<count { schedule(.admit, after: pause(0...3000), anyProcess: true) }
    for _ in 0..<20_000 {
      guard
        let next = agenda.indices.min(by: {
          (agenda[$0].at, agenda[$0].order) < (agenda[$1].at, agenda[$1].order)
        })
      else { break }
      let item = agenda.remove(at: next)
      now = max(now, item.at)
      guard item.process == nil || item.process == process else { continue }
      await happen(item.what)
    }
    if !host.isIdle { objections.append("the host is not idle") }
    if endings.count != admitted {
      objections.append("\(admitted - endings.count) runs did not end")
    }
  }

  private mutating func pause(_ milliseconds: ClosedRange<Int>) -> Duration {
    .milliseconds(Int.random(in: milliseconds, using: &random))
  }

  private mutating func schedule(
    _ what: Happening, after pause: Duration, anyProcess: Bool = false
  ) {
    order += 1
    agenda.append((now + pause, order, anyProcess ? nil : process, what))
  }

  private mutating func feed(_ inputs: [HostInput]) {
    for action in host.apply(inputs, at: now) { perform(action) }
    if let next = host.nextDeadline {
      agenda.removeAll { if case .input(.tick) = $0.what { true } else { false } }
      schedule(.input(.tick), after: max(.zero, next - now))
    }
  }

  private mutating func perform(_ action: HostAction) {
    switch action {
    case .commit(let commit): schedule(.commitEnds(commit), after: pause(0...5))
    case .perform(let run, let actions):
      for case .exchange(let id, let request) in actions {
        schedule(.arrives(run, id, request), after: pause(1...50), anyProcess: true)
      }
    case .ended(let run, let ending):
      if endings.updateValue(ending, forKey: run) != nil { objections.append("a run ends twice") }
    case .readRequests(let cursor):
      schedule(.input(.requests(RequestPage([], next: cursor))), after: pause(0...5))
    case .open, .report, .release, .hand, .caughtUp: break
    }
  }
}

/// What happens.
extension GroupSimulation {
  private mutating func happen(_ what: Happening) async {
    switch what {
    case .input(let input): feed([input])
    case .admit: admit()
    case .voteEnds(let command): votes[command] = false
    case .arrives(let run, let id, let request):
      let response = answer(request)
      schedule(.input(.run(run, .answered(id, response))), after: pause(1...50))
    case .commitEnds(let commit): await end(commit)
    }
  }

  private mutating func admit() {
    let run = RunID(using: &random)
    runs.append(run)
    admitted += 1
    var settings = RunSettings()
    settings.asksForVoteSlots = true
    let start = RunStart(
      run: run, playbook: "main", file: "f", planDigest: "", inputs: [:], seed: random.next(),
      version: "t")
    var order = RunOrder(starting: RunMachine(plan: plan, start: start, settings: settings))
    order.group = group
    feed([.admit(order)])
  }

  /// A ballot is refused, or a vote on it is open for a while; some are forgotten, and stay open.
  private mutating func answer(_ request: APIRequest) -> APIResponse {
    func response(_ status: Int, _ body: String) -> APIResponse {
      APIResponse(
        status: status, headers: [HTTPField("Content-Type", "application/json")],
        body: Array(body.utf8))
    }
    guard request.path == "/ballot" else {
      let command = String(request.path.split(separator: "/").last ?? "")
      return response(200, votes[command] ?? true ? "[\"started\"]" : "[\"succeeded\"]")
    }
    if Int.random(in: 0..<4, using: &random) == 0 { return response(400, "{}") }
    let command = "c-\(votes.count)"
    votes[command] = true
    let open = votes.values.count { $0 }
    if open > limits.votesAtOnce ?? .max { objections.append("\(open) votes are open at once") }
    if Int.random(in: 0..<12, using: &random) > 0 {
      schedule(.voteEnds(command), after: pause(10...20_000), anyProcess: true)
    }
    return response(202, "[\"\(command)\"]")
  }

  private mutating func end(_ commit: JournalCommit) async {
    let crashes = Int.random(in: 0..<100, using: &random) < crashShare
    if crashes, Bool.random(using: &random) { return await restart() }
    let outcome = await journal.commit(commit)
    commits += 1
    for part in commit.parts {
      for event in part.events { note(event.kind) }
    }
    if crashes { return await restart() }
    feed([.commitEnded(outcome)])
  }

  private mutating func note(_ kind: RunEvent.Kind) {
    switch kind {
    case .runStarted:
      if let limitCommit, commits > limitCommit { objections.append("a run starts too late") }
    case .runFinished(let result) where [.failed, .inDoubt].contains(result.outcome):
      failures += 1
      if let limit = limits.maxFailures, failures >= limit { limitCommit = limitCommit ?? commits }
    case _: break
    }
  }

  /// Another process continues the runs that are not over, before any other begins.
  private mutating func restart() async {
    journal.kill()
    process += 1
    journal = Self.journal(of: store, process)
    host = HostMachine()
    var inputs: [HostInput] = [.openGroup(group, limits, failures: failures)]
    for run in runs {
      guard let record = try? await journal.record(of: run) else {
        // Nothing of it is recorded.
        if endings[run] == nil { endings[run] = .notStarted }
        continue
      }
      if case .runFinished(let result)? = record.events.last?.kind {
        endings[run] = .finished(result)
        // A vote may be open about a run in doubt: it goes on, and has its place.
        guard result.outcome == .inDoubt else { continue }
      }
      guard let claim = try? await journal.claim(run) else { continue }
      let resumption = RunResumption(owner: "o", epoch: claim.epoch, seed: 1, version: "t")
      guard
        let machine = RunMachine(resuming: plan, after: record.events, as: resumption)
      else { continue }
      endings[run] = nil
      var order = RunOrder(resuming: machine, under: claim)
      order.group = group
      inputs.append(.admit(order))
    }
    feed(inputs)
  }
}
