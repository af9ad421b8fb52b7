import Cryptography
import Diagnostics
import Events
import Expressions
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Reporting
import Rollouts
import Tenants

/// Makes the runs of a rollout's tenants, one at a time.
struct TenantRuns: Sendable {
  let prepared: PreparedRollout
  /// What the rollout was started with.
  let start: RolloutStart
  let journal: SQLiteJournal
  let options: JournalSettings
  /// The service that the runs call; nil where they call none.
  let service: ServiceOrigins?
  /// What others may repeat of how the service is reached.
  let secrets: [Secret]
  let clock: WallClock
  let environment: [String: String]
  /// The plans that the runs keep to; nil where they keep to none.
  var plans: SavedTenantPlans?
  /// Receives what was recorded of each run that is continued; nil where nobody asks for it.
  var recalled: (@Sendable (RunID, [RunEvent]) -> Void)?

  /// The run of a tenant that begins or continues.
  func run(_ turn: TenantTurn) async throws(TenantRefusal) -> TenantRun {
    let tenant: Tenant
    do throws(InvalidInput) {
      tenant = try prepared.tenants[turn.index]
    } catch {
      throw TenantRefusal(error, of: "tenant \(turn.index + 1)", at: turn.index)
    }
    do {
      if let run = turn.run { return try await continuation(of: run, tenant) }
      return .order(try await beginning(tenant, at: turn.index))
    } catch let refusal as TenantRefusal {
      throw refusal
    } catch let error as InvalidInput {
      throw TenantRefusal(error, of: tenant.name, at: turn.index)
    } catch let failure as CommandFailure {
      throw TenantRefusal(
        tenant: tenant.name, index: turn.index, reason: failure.reason.inOneLine,
        hint: failure.hint)
    } catch {
      throw TenantRefusal(tenant: tenant.name, index: turn.index, reason: "\(error)")
    }
  }

  private func beginning(_ tenant: Tenant, at index: Int) async throws -> RunOrder {
    let plan = try await BlockingThreads.result { () throws(InvalidInput) -> Plan in
      var plan = try prepared.plan(for: tenant)
      plan.plainSecrets += secrets
      return plan
    }
    let start = try runStart(of: plan, tenant, at: index)
    let saved = try await plans?.saved(plan, start, home: environment["HOME"])
    return try order(plan, start, tenant, keepingTo: saved)
  }

  private func runStart(of plan: Plan, _ tenant: Tenant, at index: Int) throws -> RunStart {
    var generator = SystemRandomNumberGenerator()
    var start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(),
      version: Version.text, service: service,
      labels: prepared.labels(of: tenant, plan, besides: self.start.labels))
    start.environment = self.start.environment
    start.pinned = prepared.pinned
    start.tenant = try prepared.reference(
      to: tenant, at: index, of: self.start.rollout, service)
    return start
  }

  /// Apart from what waits: a machine is large, and would stay in the memory of a task.
  private func order(
    _ plan: Plan, _ start: RunStart, _ tenant: Tenant, keepingTo saved: SavedPlan?
  ) throws -> RunOrder {
    var start = start
    var texts: [StoredText] = []
    if let saved {
      start.pinned?.savedPlan = Hexadecimal.encode(saved.file.text.digest.bytes)
      texts.append(saved.file.text)
    }
    return RunOrder(
      starting: RunMachine(
        plan: plan, start: start, settings: try settings(for: tenant),
        guidedBy: Guidance(decisions: saved?.decisions)),
      texts: texts, whenWaiting: .leave)
  }

  /// What a run of the same tenant did, which was cut off a moment before, may not show yet.
  private func settings(for tenant: Tenant) throws -> RunSettings {
    var settings = RunSettings()
    settings.asksForVoteSlots = prepared.limits.votesAtOnce != nil
    // Requests that wait for their turn are no sign of a silent service.
    if prepared.limits.pace != nil { settings.silence.interval = .seconds(15) }
    let (limit, now) = (settings.lookups.absence, clock.now())
    let recent = RunFilter(limit: 10, tenant: .named(tenant.name), since: now + (.zero - limit))
    let runs = try options.translated { () throws(JournalError) in
      try journal.reader.runs(recent)
    }
    for run in runs
    where run.tenant?.name == tenant.name && !(run.outcome?.allowsContinuation ?? false) {
      settings.lookups.unsettled = max(
        settings.lookups.unsettled, limit - max(.zero, now - run.lastEventAt))
    }
    return settings
  }

  /// A run that took back what it changed would have to begin anew, and a rollout has one run of each tenant.
  private func refuseUndone(_ events: [RunEvent], of run: RunID) throws {
    var overview = RunOverview()
    for event in events { overview.apply(event) }
    guard overview.wasUndone else { return }
    let failure = overview.result?.failure.map { ": \($0.message)" } ?? ""
    throw CommandFailure(
      .invalid,
      "what its run \(run) changed was undone, so that it cannot go on; it ended "
        + "\(overview.result?.outcome.rawValue ?? "")\(failure)",
      hint: "start another rollout for it")
  }

  /// Continues `run` with what is pinned of the rollout.
  private func continuation(of run: RunID, _ tenant: Tenant) async throws -> TenantRun {
    let claim: RunClaim
    do throws(JournalError) {
      claim = try await journal.claim(run)
    } catch .blocked(_, let other) {
      return .blocked(by: other)
    } catch {
      throw CommandFailure(.invalid, error.description, hint: error.hint)
    }
    do {
      let record = try RecordedRun.record(of: run, in: journal, options)
      guard case .runStarted(let start)? = record.events.first?.kind else {
        throw CommandFailure(.invalid, "run \(run) has no beginning")
      }
      try refuseUndone(record.events, of: run)
      var plan = try RunPinning.plan(
        start, prepared.checked, of: .init(phrase: "run \(run)", version: start.version))
      plan.plainSecrets += secrets
      let decisions = try await SavedPlan.decisions(of: start, in: journal, options)
      let machine = try RecordedRun.machine(
        plan, after: record.events, under: claim, guidedBy: Guidance(decisions: decisions),
        calling: service)
      recalled?(run, record.events)
      return .order(RunOrder(resuming: machine, under: claim, whenWaiting: .leave))
    } catch {
      // It was not continued: another process may.
      try? await journal.release(run, epoch: claim.epoch)
      throw error
    }
  }
}

extension TenantRefusal {
  /// A tenant whose inputs cannot be bound.
  init(_ error: InvalidInput, of tenant: String, at index: Int) {
    let first = error.diagnostics.first
    let others = error.diagnostics.count - 1
    self.init(
      tenant: tenant, index: index,
      reason: (first?.message ?? "its inputs cannot be read")
        + (others > 0 ? ", and \(others) more" : ""), hint: first?.hint)
  }
}
