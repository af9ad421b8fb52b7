import Events
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Reporting

/// A run in the journal that is about to be continued: its events, and what it was planned from.
struct RecordedRun {
  let run: RunID
  let events: [RunEvent]
  let plan: Plan
  let target: ServiceTarget
  /// The same service, with what the command says of it.
  let service: ServiceSettings

  private let claim: RunClaim

  var start: RunStart? {
    if case .runStarted(let start)? = events.first?.kind { start } else { nil }
  }

  /// Reads `run`, which this process owns under `claim`, and plans it again in the folder that it was
  /// started in.
  init(
    _ run: RunID, under claim: RunClaim, in journal: SQLiteJournal, _ options: JournalSettings,
    calling service: ServiceSettings, _ environment: [String: String]
  ) async throws {
    let record = try Self.record(of: run, in: journal, options)
    let start = try Self.start(of: record, run)
    let service = service.withAbsolutePaths
    var plan = try await RunPinning.plan(of: start, in: journal)
    var overview = RunOverview()
    for event in record.events { overview.apply(event) }
    target = try service.target(
      for: plan, environment: environment, startedWith: overview.service)
    plan.plainSecrets += target.secrets
    self.plan = plan
    self.service = service
    self.run = run
    self.claim = claim
    events = record.events
  }

  /// The intact record of `run`; throws where it cannot be continued from.
  static func record(
    of run: RunID, in journal: SQLiteJournal, _ options: JournalSettings
  ) throws -> RunRecord {
    let record = try options.translated { () throws(JournalError) in
      try journal.reader.record(of: run, secrets: .unsealed)
    }
    if let flaw = record.flaws.first {
      throw CommandFailure(
        .invalid, "the record of run \(run) is damaged, so it cannot be continued: \(flaw)",
        hint: "`\(options.commands(for: run).verify)` lists every flaw"
      ).lasting
    }
    return record
  }

  /// Whether `run` took back what it changed: nothing of it goes on.
  static func wasUndone(
    _ run: RunID, in journal: SQLiteJournal, _ options: JournalSettings
  ) throws -> Bool {
    var overview = RunOverview()
    for event in try record(of: run, in: journal, options).events { overview.apply(event) }
    return overview.wasUndone
  }

  private static func start(of record: RunRecord, _ run: RunID) throws -> RunStart {
    guard case .runStarted(let start)? = record.events.first?.kind else {
      throw CommandFailure(.invalid, "run \(run) has no beginning")
    }
    return start
  }

  /// The machine that continues the run; `service` is named in the record where it is another one than
  /// before.
  func machine(
    guidedBy guidance: Guidance = Guidance(), calling service: ServiceOrigins? = nil
  ) throws -> RunMachine {
    try Self.machine(plan, after: events, under: claim, guidedBy: guidance, calling: service)
  }

  /// The machine that continues the run of `plan` after `events`.
  static func machine(
    _ plan: Plan, after events: [RunEvent], under claim: RunClaim,
    guidedBy guidance: Guidance, calling service: ServiceOrigins?
  ) throws -> RunMachine {
    var overview = RunOverview()
    for event in events { overview.apply(event) }
    var generator = SystemRandomNumberGenerator()
    let resumption = RunResumption(
      owner: "\(OwnerIdentity.current(since: try WallClock().now()))", epoch: claim.epoch,
      seed: generator.next(), version: Version.text,
      service: service == overview.service ? nil : service)
    guard
      let machine = RunMachine(
        resuming: plan, after: events, as: resumption, guidedBy: guidance)
    else { throw CommandFailure(.invalid, "a run has no beginning") }
    return machine
  }

  /// Drives the run to its end.
  func perform(
    guidedBy guidance: Guidance, in journal: SQLiteJournal, _ options: JournalSettings,
    _ output: OutputOptions, noWait: Bool, _ environment: [String: String]
  ) async throws -> ExitStatus {
    try await target.withTransport { transport, service in
      let machine = try machine(guidedBy: guidance, calling: service)
      return try await LiveRun(
        order: RunOrder(resuming: machine, under: claim, whenWaiting: noWait ? .leave : .wait),
        transport: transport, service: self.service, journal: journal,
        commands: options.commands(for: run),
        output: output, clock: WallClock(), environment: environment
      ).perform(after: events)
    }
  }
}
