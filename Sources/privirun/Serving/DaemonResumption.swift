import Diagnostics
import Events
import Hosting
import Journaling
import Logging
import Networking
import Notifications
import Operations
import Reporting
import Rollouts
import Running
import Serving
import Telemetry

/// Continues a rollout that a daemon started before, with what was recorded of it.
struct DaemonResumption: Sendable {
  let rollouts: DaemonRollouts
  let rollout: RunID

  private var options: DaemonOptions { rollouts.options }
  private var journal: SQLiteJournal { rollouts.journal }

  /// Drives it to its end.
  func perform(_ order: DriveOrder) async throws(ResumeRefusal) -> RolloutConclusion {
    let diagnostics = CollectedDiagnostics(hiding: options.secrets)
    do {
      return try await resume(order, diagnostics)
    } catch let refusal as ResumeRefusal {
      throw refusal
    } catch let failure as CommandFailure where failure.status == .owned {
      throw .owned
    } catch is CancellationError {
      return .left
    } catch {
      await learnSecrets()
      diagnostics.write(to: rollouts.log, ["rollout": "\(rollout.text)"])
      let refusal = diagnostics.refusal(error)
      if let failure = error as? CommandFailure, failure.isLasting {
        throw .impossible(refusal.reason, hint: refusal.hint)
      }
      throw .hindered(refusal.reason, hint: refusal.hint ?? commandHint)
    }
  }

  /// Nothing of what is logged about the failure repeats a secret that its files name now.
  private func learnSecrets() async {
    try? await BlockingThreads.result {
      let name = try rollouts.reader.rollout(matching: rollout.text).name
      guard let definition = rollouts.definitions.lastDefinition(of: name) else { return }
      options.secrets.add(namedByFilesOf: definition)
    }
  }

  private var commandHint: String {
    let commands = RolloutCommands(of: rollout, journal: options.journal.named)
    return "`\(commands.resume)` continues it once the problem is fixed"
  }

  private func resume(
    _ order: DriveOrder, _ diagnostics: CollectedDiagnostics
  ) async throws -> RolloutConclusion {
    let summary = try options.journal.translated { () throws(JournalError) in
      try rollouts.reader.rollout(matching: rollout.text)
    }
    let origins = summary.start?.service
    if origins?.isOwnSandbox ?? false {
      throw ResumeRefusal.impossible(
        "the sandbox that the rollout called ended with its process", hint: nil)
    }
    let environmentName = summary.start?.environment
    let choice = try options.choice(environmentName, report: diagnostics.add)
    let origin = RecordedEnvironment(
      of: "rollout \(rollout)", name: environmentName, service: origins)
    let service = try origin.checked(options.service(choice), options.environment)
    try options.refuse(origin.protected(service))
    let recorded = try await RecordedRollout(
      summary, in: journal, options.journal, takingOver: false)
    do {
      return try await drive(recorded, service, order, rollouts.tracing(choice))
    } catch {
      // It was not continued: another process may.
      try? await journal.release(rollout, epoch: recorded.claim.epoch)
      throw error
    }
  }

  private func drive(
    _ recorded: RecordedRollout, _ service: ServiceSettings, _ order: DriveOrder,
    _ tracing: RequestTracing?
  ) async throws -> RolloutConclusion {
    let start = recorded.start
    let prepared = try await recorded.prepared(options.environment, reading)
    let target = try service.target(
      for: prepared.anyPlan, environment: options.environment, startedWith: start.service)
    let (standings, rows) = try options.journal.translated { () throws(JournalError) in
      (
        try rollouts.reader.tenantRuns(of: rollout).map { TenantStanding($0) },
        try rollouts.reader.allTenantRows(of: rollout)
      )
    }
    let machine = try recorded.machine(prepared.limits, standings, runningAgain: .unfinished)
    return try await rollouts.transports.withTransport(to: target) { transport, origins in
      let clock = try WallClock()
      let runs = TenantRuns(
        prepared: prepared, start: start, journal: journal, options: options.journal,
        service: origins, secrets: target.secrets, clock: clock,
        environment: options.environment)
      var record = RolloutRecord(
        continuing: rollout, under: recorded.claim, limits: prepared.groupLimits)
      record.notices =
        prepared.notifier(of: start, journal: options.journal.named, headStart: .zero).notices
      let conclusion = await DaemonRollout(
        machine: machine, record: record, runs: runs,
        transport: LiveRollout.paced(transport, prepared.limits, clock),
        log: rollouts.log, journal: options.journal.named, outputs: rollouts.outputs,
        telemetry: rollouts.telemetry, tracing: tracing
      ).perform(order, after: recorded.events, rows)
      if conclusion == .left {
        // What was left before it was driven is still this process's.
        try? await journal.release(rollout, epoch: recorded.claim.epoch)
      }
      return conclusion
    }
  }

  /// The current folder is that of the whole process, and stays.
  private var reading: RunPinning.Reading {
    var reading = RunPinning.Reading()
    reading.otherFolder = .refused
    let (descriptions, log, rollout) = (rollouts.descriptions, rollouts.log, rollout)
    reading.describe = { text throws(InvalidInput) in try descriptions.described(by: text) }
    reading.say = { line in log.notice("\(line)", metadata: ["rollout": "\(rollout.text)"]) }
    return reading
  }
}
