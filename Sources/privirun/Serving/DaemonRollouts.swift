import Diagnostics
import Events
import Hosting
import Journaling
import Logging
import Networking
import Notifications
import Operations
import Planning
import Reporting
import Rollouts
import Schedules
import Serving
import Telemetry
import Tenants

/// Starts and continues the rollouts of a daemon against real services.
struct DaemonRollouts: Sendable {
  let options: DaemonOptions
  let journal: SQLiteJournal
  /// Reads the journal while it commits.
  let reader: JournalReader
  let definitions: ServedDefinitions
  let log: Logger
  let descriptions: DescriptionCache
  let transports = SharedTransports()
  /// What exports traces and metrics; nil for nothing.
  var telemetry: RunTelemetry?

  /// What notifies of due instants.
  var ticks: TickNotices {
    TickNotices(
      definitions: definitions, journal: options.journal.named, secrets: options.secrets)
  }

  /// What writes the outputs of rollouts.
  var outputs: DaemonOutputs {
    DaemonOutputs(reader: reader, log: log, secrets: options.secrets)
  }

  /// What the scheduler uses of it.
  var runner: RolloutRunner {
    RolloutRunner(
      prepare: { start throws(StartRefusal) in try await prepare(start) },
      standing: { rollout throws(JournalError) in try await standing(of: rollout) },
      resume: { rollout, order throws(ResumeRefusal) in
        try await DaemonResumption(rollouts: self, rollout: rollout).perform(order)
      },
      settle: { await settle($0) },
      handleCancellation: { [journal] in await journal.handleCancellation(of: $0) })
  }

  private func prepare(_ start: ScheduledStart) async throws(StartRefusal) -> PreparedStart {
    guard let definition = definitions.definition(of: start.schedule) else {
      throw StartRefusal("the rollout file \(start.file) is not served any more")
    }
    let diagnostics = CollectedDiagnostics(hiding: options.secrets)
    let fields: Logger.Metadata = ["schedule": "\(start.schedule)", "file": "\(start.file)"]
    do {
      // Files are read and programs run meanwhile; at most eight rollouts are prepared at once.
      let ready = try await BlockingThreads.result {
        try DaemonPreparation(rollouts: self, definition: definition, diagnostics: diagnostics)
          .ready()
      }
      diagnostics.write(to: log, fields)
      return started(ready, start)
    } catch {
      diagnostics.write(to: log, fields)
      throw diagnostics.refusal(error)
    }
  }

  private func started(_ ready: ReadyRollout, _ start: ScheduledStart) -> PreparedStart {
    var ready = ready
    ready.prepared.origin.schedule = NotifiedSchedule(start)
    guard ready.prepared.definition.mode == .apply else {
      return PreparedStart(nil) { [ready] order in
        await DaemonPlanning(
          rollouts: self, ready: ready, id: NoticeID.plan(of: start.schedule, due: start.due)
        ).perform(order)
      }
    }
    let rollout = RunID.random
    return PreparedStart(rollout) { [ready] order in await drive(ready, as: rollout, order) }
  }

  private func drive(
    _ ready: ReadyRollout, as rollout: RunID, _ order: DriveOrder
  ) async -> RolloutConclusion {
    do {
      return try await transports.withTransport(to: ready.target) { transport, origins in
        let prepared = ready.prepared
        let clock = try WallClock()
        let (start, texts) = try prepared.start(
          as: rollout, at: origins, labels: ready.labels,
          environmentName: ready.choice.selected?.name)
        var record = RolloutRecord(new: rollout, texts: texts, limits: prepared.groupLimits)
        record.ledger = order.ledger
        record.notices = notices(
          prepared.notifier(of: start, journal: options.journal.named, headStart: .zero),
          with: order.ledger)
        let runs = TenantRuns(
          prepared: prepared, start: start, journal: journal, options: options.journal,
          service: origins, secrets: ready.target.secrets, clock: clock,
          environment: options.environment)
        return await DaemonRollout(
          machine: RolloutMachine(start: start, limits: prepared.limits), record: record,
          runs: runs, transport: LiveRollout.paced(transport, prepared.limits, clock),
          log: log, journal: options.journal.named, outputs: outputs, telemetry: telemetry,
          tracing: tracing(ready.choice)
        ).perform(order)
      }
    } catch {
      return .notStarted(CollectedDiagnostics(hiding: options.secrets).refusal(error))
    }
  }

  /// The notifications about a rollout, and about what else is decided with its start.
  private func notices(
    _ notifier: RolloutNotifier, with ledger: [LedgerChange]
  ) -> @Sendable (RunEvent) -> [StoredNotice] {
    let others = ledger.flatMap { ticks.notices(of: $0) }
    return { event in
      if case .rollout(.started) = event.kind { return others + notifier.notices(of: event) }
      return notifier.notices(of: event)
    }
  }

  /// The trace context of the requests of a rollout in the environment of `choice`; nil for none.
  ///
  /// Whoever started the daemon did not start the rollout, so that it continues no trace.
  func tracing(_ choice: EnvironmentChoice) -> RequestTracing? {
    options.service(choice).sendsTraceContext
      ? RequestTracing(options.environment, continuing: nil) : nil
  }

  /// How a rollout stands, whoever drives it.
  private func standing(of rollout: RunID) async throws(JournalError) -> RolloutStanding {
    do {
      return try await BlockingThreads.result { [reader] () throws(JournalError) in
        guard let outcome = try reader.rollout(matching: rollout.text).outcome else {
          return try reader.driver(of: rollout).map { .driven(by: $0) } ?? .free
        }
        let last = try reader.record(of: rollout).events.last?.kind
        guard case .rollout(.finished(let result))? = last else {
          return .ended(outcome, TenantCounts())
        }
        if result.isWaiting {
          let mayGoOn = try reader.mayGoOn(rollout, waitingRuns: result.counts[.waiting])
          return mayGoOn ? .free : .waiting(result.counts)
        }
        return .ended(outcome, result.counts)
      }
    } catch let error as JournalError {
      if case .unknownRollout = error { throw .unknownRun(prefix: rollout.text) }
      throw error
    } catch {
      // A thread throws nothing else.
      throw .inaccessible(path: options.journal.path, reason: "\(error)")
    }
  }
}

/// Rollouts that are over.
extension DaemonRollouts {
  /// Writes the outputs of `rollout` again: who drove it may have died once its end was recorded.
  private func settle(_ rollout: RunID) async {
    let summary = try? await BlockingThreads.result { [reader] in
      try reader.rollout(matching: rollout.text)
    }
    guard let start = summary?.start else { return }
    await outputs.write(rollout, of: start.name) { try await outputsFile(of: start) }
  }

  private func outputsFile(of start: RolloutStart) async throws -> RolloutOutputsFile? {
    guard let text = try await RunPinning.text(start.definition, in: journal),
      let path = RolloutOrigin(text: text)?.definition.outputsPath
    else { return nil }
    var reading = RunPinning.Reading()
    reading.otherFolder = .refused
    reading.describe = { [descriptions] text throws(InvalidInput) in
      try descriptions.described(by: text)
    }
    reading.say = { _ in }
    let checked = try await RunPinning.checked(
      start.pinned, of: .init(phrase: "rollout \(start.rollout)", version: start.version),
      in: journal, reading)
    return RolloutOutputsFile(path: try CommandPath.expand(path), playbook: checked.planned)
  }
}
