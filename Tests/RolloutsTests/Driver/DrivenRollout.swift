import Diagnostics
import EventSamples
import Events
import Expressions
import Hosting
import Journaling
import Machine
import Operations
import Planning
import Playbooks
import Rollouts
import Running
import Simulation
import Synchronization

/// A rollout over a service of its own and a journal in memory, in virtual time.
///
/// The run of each tenant, `t-0` and so on, asks the service for one thing.
struct DrivenRollout {
  let rollout = SampleRollout.rollout
  let limits: RolloutLimits
  let store = JournalStore()
  let log = WordLog()
  let service: TenantService
  let clock = SteppingClock()
  /// The journal as the process sees it that drives the rollout.
  let journal: SimulatedJournal
  /// The same in the process of somebody who asks it for something.
  let other: SimulatedJournal
  /// Looks at each commit, and may end it.
  var tap: @Sendable (JournalCommit) -> CommitOutcome? = { _ in nil }
  /// Why a tenant has no run.
  var refusal: @Sendable (TenantTurn) -> TenantRefusal? = { _ in nil }
  /// The playbook of the tenants.
  var playbook = Self.asking
  var whenWaiting = RunOrder.WhenWaiting.wait
  var onRun: @Sendable (TenantTurn) -> Void = { _ in }
  /// What is decided about the schedule that starts it.
  var ledger: [LedgerChange] = []
  /// What follows from its events.
  var notices: @Sendable (RunEvent) -> [StoredNotice] = { _ in [] }

  static let asking = """
    playbook: 1
    name: ask
    inputs: { name: { type: string } }
    steps:
      - { id: ask, call: utility.request-command-id-status, with: { commandId: "${{ inputs.name }}" } }
    """

  /// A playbook whose runs wait for a person.
  static let approving = """
    playbook: 1
    name: approve
    inputs: { name: { type: string } }
    steps: [{ id: gate, approve: "Go on?" }]
    """

  init(_ limits: RolloutLimits) {
    self.limits = limits
    service = TenantService(log: log)
    journal = SimulatedJournal(store, as: Self.identity(1))
    other = SimulatedJournal(store, as: Self.identity(2))
  }

  static func identity(_ process: Int32) -> OwnerIdentity {
    OwnerIdentity(process: process, host: "here", since: Moment(nanoseconds: 0))
  }

  static func lock(_ tenant: String) -> String { "https://api.example.com \(tenant)" }

  /// Drives it to its end, and does `meanwhile` at the same time.
  func drive(
    meanwhile: @escaping @Sendable (DrivenRollout) async throws -> Void = { _ in }
  ) async throws -> RolloutEnd {
    try await drive(newDriver(), meanwhile)
  }

  /// What drives it from its beginning.
  func newDriver() throws -> RolloutDriver {
    var record = RolloutRecord(new: rollout, texts: [], limits: groupLimits)
    record.ledger = ledger
    record.notices = notices
    return try driver(
      RolloutMachine(start: SampleRollout.start(tenants: limits.tenantCount), limits: limits),
      record)
  }

  /// Continues it in a process that is new, after that of `journal` has ended.
  func resume(
    _ tenants: RolloutResumption.Tenants = .unfinished,
    meanwhile: @escaping @Sendable (DrivenRollout) async throws -> Void = { _ in }
  ) async throws -> RolloutEnd {
    journal.kill()
    return try await continueIt(tenants, meanwhile: meanwhile)
  }

  /// Continues it in another process, after that of `journal` has left it.
  func continueIt(
    _ tenants: RolloutResumption.Tenants = .unfinished,
    meanwhile: @escaping @Sendable (DrivenRollout) async throws -> Void = { _ in }
  ) async throws -> RolloutEnd {
    let claim = try await other.claim(rollout)
    let machine = RolloutMachine(
      resuming: try await events, limits: limits,
      tenants: try await other.tenantRuns(of: rollout).map(TenantStanding.init),
      as: RolloutResumption(owner: "o", epoch: claim.epoch, version: "t", tenants: tenants))
    guard let machine else { throw Unusable() }
    return try await drive(
      driver(
        machine, RolloutRecord(continuing: rollout, under: claim, limits: groupLimits), in: other),
      meanwhile)
  }

  struct Unusable: Error {}

  private var groupLimits: RunGroupLimits {
    RunGroupLimits(maxFailures: limits.maxFailures, votesAtOnce: limits.votesAtOnce)
  }

  /// Drives it by `driver`, and does `meanwhile` at the same time.
  func drive(
    _ driver: RolloutDriver,
    _ meanwhile: @escaping @Sendable (DrivenRollout) async throws -> Void = { _ in }
  ) async throws -> RolloutEnd {
    try await clock.passing {
      try await withThrowingTaskGroup(of: RolloutEnd?.self) { group in
        group.addTask {
          try await meanwhile(self)
          return nil
        }
        group.addTask { try await driver.drive() }
        var end: RolloutEnd?
        while let next = try await group.next() { end = next ?? end }
        guard let end else { throw Unusable() }
        return end
      }
    }
  }

  /// What drives it.
  func driver(
    _ machine: RolloutMachine, _ record: RolloutRecord, in journal: SimulatedJournal? = nil
  ) throws -> RolloutDriver {
    let (journal, log, clock) = (journal ?? self.journal, log, clock)
    let tap = tap
    let host = HostEnvironment(
      journal: TappedJournal(journal) { commit in tap(commit) },
      tools: RunTools(
        transport: service,
        localActions: LocalActions(
          files: .live(), randomBytes: { Array(repeating: 9, count: $0) }),
        offload: { $0() }, now: { clock.now }),
      observe: { run, events in
        for event in events { log.add(Self.word(event, of: run)) }
      },
      now: { clock.now }, sleep: { try await clock.sleep($0) })
    let runs = DrivenTenantRuns(
      rollout: rollout, journal: journal, checked: try Self.checked(playbook))
    let (refusal, onRun) = (refusal, onRun)
    var environment = RolloutEnvironment(
      host: host,
      run: { turn throws(TenantRefusal) in
        onRun(turn)
        if let refusal = refusal(turn) { throw refusal }
        return try await runs.run(turn)
      },
      ended: { run, ending in log.add("ended \(Self.name(of: run)): \(Self.word(ending))") })
    environment.whenWaiting = whenWaiting
    return RolloutDriver(machine, recordedIn: record, environment: environment)
  }

  /// The events of the rollout's own record.
  var events: [RunEvent] { get async throws { try await other.record(of: rollout).events } }

  /// Its events in a few words each.
  var words: [String] {
    get async throws {
      try await events.map { event in
        if case .rollout(let kind) = event.kind { kind.word } else { "no event of a rollout" }
      }
    }
  }

  /// Asks its owner for something, as another process does.
  func post(_ kind: RunRequest.Kind) async throws {
    try await other.post(RunRequest(run: rollout, kind))
  }
}

/// Names and words.
extension DrivenRollout {
  static func run(of index: Int) -> RunID { SampleRun.drawn(UInt64(100 + index)) }

  static func name(of run: RunID) -> String {
    (0..<100).first { self.run(of: $0) == run }.map { "t-\($0)" } ?? run.text
  }

  private static func word(_ event: RunEvent, of run: RunID) -> String {
    switch event.kind {
    case .rollout(let kind): kind.word
    case .runStarted: "began \(name(of: run))"
    case .runResumed: "resumed \(name(of: run))"
    case .runFinished(let result): "\(result.outcome.rawValue) \(name(of: run))"
    case _: "event of \(name(of: run))"
    }
  }

  private static func word(_ ending: RunEnding) -> String {
    switch ending {
    case .finished(let result): result.outcome.rawValue
    case .waiting: "waiting"
    case .unrecorded: "unrecorded"
    case .faulty(let message): message
    case .notStarted: "not started"
    case .lost: "lost"
    case .blocked: "blocked"
    }
  }

  private static let api = Result { () throws(InvalidInput) in try APIDescription.embedded() }

  private static func checked(_ playbook: String) throws -> CheckedPlaybook {
    let files = PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in "/\(path)" },
      read: { _, _ throws(PlaybookFiles.Problem) in Array(playbook.utf8) }, names: { _ in nil })
    var texts = SourceTexts()
    let loaded = try PlaybookLoader(files: files).load("ask.yaml", texts: &texts)
    return try Planner(api: try api.get()).check(loaded)
  }
}

/// Makes the runs of the tenants.
private struct DrivenTenantRuns: Sendable {
  let rollout: RunID
  let journal: SimulatedJournal
  let checked: CheckedPlaybook

  func run(_ turn: TenantTurn) async throws(TenantRefusal) -> TenantRun {
    do {
      let plan = try checked.plan(inputs: ["name": .string("t-\(turn.index)")])
      guard let run = turn.run else { return .order(beginning(of: turn.index, plan)) }
      return try await continuation(of: run, plan)
    } catch {
      throw TenantRefusal(tenant: "t-\(turn.index)", index: turn.index, reason: "\(error)")
    }
  }

  private func beginning(of index: Int, _ plan: Plan) -> RunOrder {
    let run = DrivenRollout.run(of: index)
    var settings = RunSettings()
    // However often the clock steps meanwhile.
    settings.steps.attemptTimeout = .seconds(1_000_000)
    settings.calls.sendLimit = .seconds(1_000_000)
    let start = SampleRollout.tenantStart(
      run, of: rollout, index, name: "t-\(index)", locks: [DrivenRollout.lock("t-\(index)")])
    return RunOrder(
      starting: RunMachine(plan: plan, start: start, settings: settings), whenWaiting: .leave)
  }

  private func continuation(of run: RunID, _ plan: Plan) async throws -> TenantRun {
    let claim: RunClaim
    do throws(JournalError) {
      claim = try await journal.claim(run)
    } catch .blocked(_, let other) {
      return .blocked(by: other)
    }
    let events = try await journal.record(of: run).events
    let resumption = RunResumption(owner: "o", epoch: claim.epoch, seed: 1, version: "t")
    guard let machine = RunMachine(resuming: plan, after: events, as: resumption) else {
      throw DrivenRollout.Unusable()
    }
    return .order(RunOrder(resuming: machine, under: claim, whenWaiting: .leave))
  }
}
