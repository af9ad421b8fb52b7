import Cryptography
import Events
import Hosting
import Journaling
import Networking
import Notifications
import Operations
import Planning
import Reporting
import Rollouts
import Running
import Synchronization
import Telemetry
import Tenants

/// One rollout against a real service: recorded, shown, and stopped by signals.
struct LiveRollout {
  let prepared: PreparedRollout
  let start: RolloutStart
  let machine: RolloutMachine
  let record: RolloutRecord
  let runs: TenantRuns
  let transport: PacedTransport
  let output: OutputOptions
  let environment: [String: String]
  /// Whether a rollout that only a person brings any further is left.
  let noWait: Bool
  /// Trust and proxies of what is sent besides requests to the service.
  let connections: TransportOptions
  /// Whether requests carry the trace context of their run.
  let tracesRequests: Bool

  private var journal: SQLiteJournal { runs.journal }
  private var options: JournalSettings { runs.options }
  private var clock: WallClock { runs.clock }

  /// Drives the rollout until nothing is left to do; `events` and `rows` are what was recorded of one that
  /// is continued.
  func perform(
    after events: [RunEvent] = [], _ rows: [TenantRow] = []
  ) async throws -> ExitStatus {
    try await OwnTelemetry(
      environment: environment, isQuiet: output.quiet, clock: clock,
      sendsTraceContext: tracesRequests
    )
    .exporting(over: connections) { telemetry in
      telemetry?.recall(events, of: start.rollout)
      return try await perform(after: events, rows, telemetry)
    }
  }

  private func perform(
    after events: [RunEvent], _ rows: [TenantRow], _ telemetry: RunTelemetry?
  ) async throws -> ExitStatus {
    let notifier = notifier
    guard !notifier.isIdle else {
      return try await perform(after: events, rows, telemetry) { _ in }
    }
    let notices = OwnNotices(
      journal: journal, connections: connections, environment: environment, clock: clock,
      isQuiet: output.quiet)
    return try await notices.delivering { dispatch in
      try await perform(after: events, rows, telemetry) {
        dispatch.add($0.flatMap(notifier.notices))
      }
    }
  }

  /// `recorded` receives the events of the rollout itself.
  private func perform(
    after events: [RunEvent], _ rows: [TenantRow], _ telemetry: RunTelemetry?,
    recorded: @escaping @Sendable ([RunEvent]) -> Void
  ) async throws -> ExitStatus {
    let reporter = RolloutReporter(recorder())
    await reporter.recall(events, rows)
    let driven = driven(reporter, telemetry, recorded)
    let surroundings = driven.surroundings(whenWaiting: noWait ? .leave : .wait)
    var record = record
    record.notices = notifier.notices
    let driver = RolloutDriver(machine, recordedIn: record, environment: surroundings)
    let interrupts = interrupts()
    defer { withExtendedLifetime(interrupts) {} }
    let end = try await withThrowingTaskGroup(of: RolloutEnd?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await tick(driven) }
      group.addTask { [signals = interrupts.signals] in
        for await _ in signals { driver.cancel() }
        return nil
      }
      group.addTask { try await drive(driver) }
      while let end = try await group.next() {
        if let end { return end }
      }
      throw CancellationError()
    }
    if let fault = driven.faults.first {
      throw internalError(fault.message, in: fault.run)
    }
    switch end {
    case .waiting, .left:
      try reportWaiting()
      return .inDoubt
    case .finished(let result):
      try prepared.outputsFile()?.write(start.rollout, in: journal.reader)
      return try status(of: result)
    }
  }

  private func driven(
    _ reporter: RolloutReporter, _ telemetry: RunTelemetry?,
    _ recorded: @escaping @Sendable ([RunEvent]) -> Void
  ) -> DrivenRollout {
    var driven = DrivenRollout(
      runs: runs, transport: transport, reporter: reporter,
      trace: output.trace(environment: environment), recorded: recorded)
    driven.telemetry = telemetry
    if tracesRequests {
      driven.tracing = RequestTracing(
        environment, continuing: TraceParent(environment: environment))
    }
    return driven
  }

  private func internalError(_ message: String, in run: RunID) -> CommandFailure {
    CommandFailure(
      .fault, "internal error in run \(run): \(message)",
      hint: "report it with the output of `\(options.commands(for: run).show) --output json`")
  }

  private func drive(_ driver: RolloutDriver) async throws -> RolloutEnd {
    do {
      return try await driver.drive()
    } catch let failure as RolloutFailure {
      throw self.failure(failure)
    }
  }

  /// `transport` at the pace of `limits`: everything that is sent for a rollout shares it.
  static func paced(
    _ transport: any Transport, _ limits: RolloutLimits, _ clock: WallClock
  ) -> PacedTransport {
    PacedTransport(
      over: transport, pace: limits.pace, now: { clock.now() },
      sleep: { try await Task.sleep(for: $0) })
  }

  /// What makes the notifications about the rollout.
  private var notifier: RolloutNotifier {
    prepared.notifier(
      of: start, journal: options.named, headStart: NoticeDispatch.headStart)
  }

  private func recorder() -> any RolloutRecorder {
    let write: @Sendable (String) -> Void = { StandardStream.output.post($0) }
    let style = output.style(environment: environment)
    switch output.form {
    case .json: return RolloutJSONRecorder(rollout: start.rollout, write: write)
    case _ where output.quiet:
      return QuietRolloutRecorder(style: style, journal: options.named) {
        StandardStream.error.post($0)
      }
    case .plain, .summary:
      return RolloutPlainRecorder(style: style, journal: options.named, write: write)
    case .pretty:
      return RolloutTerminalRecorder(
        style: style, journal: options.named, size: { .ofStandardOutput }, write: write)
    }
  }

  private func interrupts() -> Interrupts {
    let commands = RolloutCommands(of: start.rollout, journal: options.named)
    let resume =
      start.service?.isOwnSandbox ?? false ? "" : ", and `\(commands.resume)` continues it"
    // What is printed live, or read by a program, says so itself.
    let isSaid = output.form == .json || output.form == .pretty && !output.quiet
    return Interrupts(
      notice: isSaid
        ? ""
        : "privirun: stopping: no further tenant starts, and those in progress are cancelled; "
          + "Ctrl-C again stops at once\n",
      farewell: "privirun: stopped at once: what was in flight may have happened\n"
        + "  hint: `\(commands.status)` shows how far the rollout got\(resume)\n")
  }

  /// Lets time pass in the view, ten times a second where it is live.
  private func tick(_ driven: DrivenRollout) async throws -> RolloutEnd? {
    let pause: Duration = output.form == .pretty ? .milliseconds(100) : .seconds(1)
    while !Task.isCancelled {
      guard (try? await Task.sleep(for: pause)) != nil else { break }
      await driven.notices.report(to: driven.reporter)
      if !StandardStream.output.isBehind { await driven.reporter.tick(at: clock.now()) }
    }
    return nil
  }
}

/// How it ends.
extension LiveRollout {
  /// Names what a rollout that is left needs from a person.
  private func reportWaiting() throws {
    guard let view = try? RolloutReading(start.rollout.text, in: journal.reader, options).view
    else { return }
    let commands = RolloutCommands(of: start.rollout, journal: options.named)
    let need: String
    if view.isPaused {
      need = "for the end of its pause\n  hint: `\(commands.unpause)` ends it"
    } else if case .approval = view.hold {
      need = "for an approval after stage \(view.stage)\n  hint: `\(commands.approve)` gives it"
    } else {
      need = "for decisions in the runs of tenants\n  hint: `\(commands.status)` lists them"
    }
    StandardStream.error.write(
      "privirun: the rollout \(start.rollout) waits \(need), and `\(commands.resume)` goes on\n")
  }

  private func status(of result: RolloutResult) throws -> ExitStatus {
    switch result.outcome {
    case .succeeded, .unchanged, .skipped, .tolerated: .succeeded
    case .inDoubt: .inDoubt
    case .cancelled: .cancelled
    case .failed: try onlyUnreachable(result.counts[.failed]) ? .unreachable : .failed
    }
  }

  /// Whether none of the failed tenants failed for another reason than that the service could not be
  /// reached; one without a run did.
  private func onlyUnreachable(_ count: Int) throws -> Bool {
    try options.translated { () throws(JournalError) in
      let failed = try journal.reader.tenantRuns(of: start.rollout).filter { $0.state == .failed }
      guard count > 0, failed.count == count else { return false }
      for row in failed {
        let failure = try journal.reader.end(of: row.run)?.failure
        guard failure?.isUnreachable ?? false else { return false }
      }
      return true
    }
  }

  private func failure(_ failure: RolloutFailure) -> CommandFailure {
    let commands = RolloutCommands(of: start.rollout, journal: options.named)
    switch failure {
    case .lost(let owner):
      return CommandFailure(
        .owned, JournalError.owned(run: start.rollout, by: owner).description,
        hint: "this process stopped: nothing was sent since the other one took the rollout over")
    case .unrecorded(let error, eventCount: 0):
      return CommandFailure(
        .invalid, "the rollout was not started, because it cannot be recorded: \(error)",
        hint: error.hint)
    case .unrecorded(let error, _):
      let resume = "`\(commands.resume)` continues it"
      return CommandFailure(
        .inDoubt, "the rollout stopped because it could not be recorded: \(error)",
        hint: error.hint.map { "\($0); \(resume)" } ?? resume)
    case .faulty(let message):
      return CommandFailure(
        .fault, "internal error in the rollout \(start.rollout): \(message)",
        hint: "report it with the output of `\(commands.status) --output json`")
    }
  }
}
