import Events
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Playbooks
import Reporting
import Running
import Telemetry

/// One run against a real service: recorded, shown, and stopped by signals.
struct LiveRun {
  let order: RunOrder
  let transport: any Transport
  let service: ServiceSettings
  let journal: SQLiteJournal
  /// What is suggested for the run.
  let commands: RunCommands
  let output: OutputOptions
  let clock: WallClock
  let environment: [String: String]

  private var start: RunStart { order.machine.start }
  private var run: RunID { start.run }

  /// Drives the run to its end and says how that was; `earlier` are the events of a run that is
  /// continued.
  func perform(after earlier: [RunEvent] = []) async throws -> ExitStatus {
    try await OwnTelemetry(
      environment: environment, isQuiet: output.quiet, clock: clock,
      sendsTraceContext: service.sendsTraceContext
    )
    .exporting(over: try service.connections(environment)) { telemetry in
      telemetry?.recall(earlier, of: run, calling: order.machine.api)
      return try await perform(after: earlier, telemetry)
    }
  }

  private func perform(
    after earlier: [RunEvent], _ telemetry: RunTelemetry?
  ) async throws -> ExitStatus {
    let reporter = Reporter(
      output.recorder(
        run: run, reads: order.machine.unchanging, journal: commands.journal,
        environment: environment))
    // A view continues where the run does.
    await reporter.recall(earlier)
    let decisions =
      asksPeople
      ? TerminalDecisions(
        of: run, commands, reporter, output.style(environment: environment)) : nil
    let host = Host(environment: hostEnvironment(reporter, decisions, telemetry))
    await decisions?.note(earlier)
    host.start(order)
    host.close()
    let interrupts = interrupts()
    defer { withExtendedLifetime(interrupts) {} }
    let cancellations = interrupts.signals
    let ending = try await withThrowingTaskGroup(of: RunEnding?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await tick(reporter) }
      group.addTask {
        for await _ in cancellations { host.cancelAll() }
        return nil
      }
      group.addTask {
        await decisions?.serve(host)
        return nil
      }
      group.addTask { try await host.drive()[run] }
      while let ending = try await group.next() {
        if let ending { return ending }
      }
      throw CancellationError()
    }
    return try status(of: ending)
  }

  /// Whether the person at the terminal is asked for decisions.
  private var asksPeople: Bool {
    order.whenWaiting == .wait && output.form != .json && !output.quiet
      && TerminalDecisions.arePossible
  }

  private func hostEnvironment(
    _ reporter: Reporter, _ decisions: TerminalDecisions?, _ telemetry: RunTelemetry?
  ) -> HostEnvironment {
    let api = telemetry.map { _ in order.machine.api }
    var hosting = HostEnvironment(
      journal: journal,
      tools: RunTools(
        transport: transport,
        localActions: .live(home: environment["HOME"]),
        offload: BlockingThreads.perform, now: { clock.now() }),
      observe: { run, events in
        telemetry?.record(events, of: run, calling: api)
        await reporter.record(events)
        await decisions?.note(events)
      },
      now: { clock.now() },
      sleep: { try await Task.sleep(for: $0) },
      trace: output.trace(environment: environment))
    if service.sendsTraceContext {
      let tracing = RequestTracing(
        environment, continuing: TraceParent(environment: environment))
      hosting.requestHeaders = { tracing.headers(of: $0, intent: $1) }
    }
    return hosting
  }

  /// The signals that stop the run; what a view does not show is printed on standard error.
  private func interrupts() -> Interrupts {
    let grace = DurationText.text(RunSettings().stopping.cancelGrace)
    let isTold = !output.quiet || output.form == .json
    return Interrupts(
      notice: isTold
        ? ""
        : "privirun: stopping: what is in flight has \(grace) to finish; Ctrl-C again stops at once\n",
      farewell: "privirun: stopped at once: what was in flight may have happened\n"
        + "  hint: \(howToGoOn)\n")
  }

  /// What shows the state of a run that stopped early, and what continues it where that is possible.
  private var howToGoOn: String {
    let show = "`\(commands.show)` shows how far the run got"
    return start.service?.isOwnSandbox ?? false
      ? show : show + ", and `\(commands.resume)` continues it"
  }

  /// The exit status of `ending`; what cannot be recorded is not done.
  ///
  /// The run then stops where it is, and what was in progress is in doubt. Nothing was sent when not
  /// even the first event could be recorded.
  private func status(of ending: RunEnding) throws -> ExitStatus {
    switch ending {
    case .finished(let result): return ExitStatus(result)
    case .waiting(let paths):
      StandardStream.error.write(
        DecisionText.waiting(for: requests(of: paths), in: start, commands))
      return .inDoubt
    case .notStarted: return .cancelled
    case .faulty(let message):
      throw CommandFailure(
        .fault, "internal error in run \(run): \(message)",
        hint: "report it with the output of `\(commands.show) --output json`")
    case .lost(let owner):
      throw CommandFailure(
        .owned, JournalError.owned(run: run, by: owner).description,
        hint: "this process stopped: nothing was sent since the other one took the run over")
    case .blocked(let other):
      let error = JournalError.blocked(run: run, by: other)
      throw CommandFailure(.owned, error.description, hint: error.hint)
    case .unrecorded(let error, eventCount: 0):
      throw CommandFailure(
        .invalid, "the run was not started, because it cannot be recorded: \(error)",
        hint: error.hint)
    case .unrecorded(let error, _):
      let message = "run \(run) stopped because it could not be recorded: \(error)"
      if case .replaced = error { throw CommandFailure(.inDoubt, message, hint: error.hint) }
      throw CommandFailure(
        .inDoubt, message, hint: error.hint.map { "\($0); \(howToGoOn)" } ?? howToGoOn)
    }
  }

  /// The steps at `paths`, with the fields that their records ask for.
  private func requests(of paths: [StepPath]) -> [(StepPath, [ApprovalField])] {
    let events = (try? journal.reader.record(of: run).events) ?? []
    let awaited = RunTree(events).awaitedDecisions
    return paths.map { path in
      (path, awaited.first { $0.step == path }?.request.fields ?? [])
    }
  }

  /// Lets a live view show that time goes by, ten times a second.
  private func tick(_ reporter: Reporter) async throws -> RunEnding? {
    guard output.form == .pretty else { return nil }
    while !Task.isCancelled {
      guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { break }
      if !StandardStream.output.isBehind { await reporter.tick(at: clock.now()) }
    }
    return nil
  }
}
