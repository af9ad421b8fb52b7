import Cryptography
import Machine
import Events
import Journaling
import Networking
import Operations
import Planning
import Playbooks
import Reporting
import Running
import Synchronization

/// One run against a real service: recorded, shown, and stopped by signals.
struct LiveRun {
  let plan: Plan
  let labels: LabelOptions
  let transport: any Transport
  /// Nil when the plan calls no operation.
  let service: ServiceOrigins?
  let journal: SQLiteJournal
  let output: OutputOptions
  let environment: [String: String]

  /// Runs to the end and says how that was.
  func perform() async throws -> RunResult {
    var generator = SystemRandomNumberGenerator()
    let clock = try WallClock()
    let start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(), version: Version.text,
      service: service,
      labels: labels.added(to: plan.runLabels))
    let reporter = Reporter(
      output.recorder(run: start.run, reads: plan.api.reads, environment: environment))
    let recording = Recording(of: start.run, in: journal)
    let runner = Runner(
      environment: RunnerEnvironment(
        transport: transport,
        localActions: LocalActions(
          files: .live(home: environment["HOME"]), randomBytes: RandomBytes.system.draw),
        record: recording.record,
        observe: { events in await reporter.record(events) },
        offload: BlockingThreads.perform,
        now: { clock.now() },
        sleep: { try await Task.sleep(for: $0) },
        trace: output.trace(environment: environment)))
    let interrupts = interrupts(of: start.run)
    defer { withExtendedLifetime(interrupts) {} }
    let cancellations = interrupts.signals
    return try await withThrowingTaskGroup(of: RunResult?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await tick(reporter, clock) }
      group.addTask {
        try await drive(
          RunMachine(plan: plan, start: start), of: start.run, by: runner, recording,
          until: cancellations)
      }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }

  /// The signals that stop the run; what a view does not show is printed on standard error.
  private func interrupts(of run: RunID) -> Interrupts {
    let grace = DurationText.text(RunSettings().cancelGrace)
    let isTold = !output.quiet || output.form == .json
    return Interrupts(
      notice: isTold
        ? ""
        : "privirun: stopping: what is in flight has \(grace) to finish; Ctrl-C again stops at once\n",
      farewell: "privirun: stopped at once: what was in flight may have happened\n"
        + "  hint: `privirun show \(run)` shows how far the run got\n")
  }

  /// Lets `runner` run `machine` to its end.
  ///
  /// What cannot be recorded is not done: the run then stops where it is, and what was in progress is
  /// in doubt. Nothing was sent when not even the first event could be recorded.
  private func drive(
    _ machine: RunMachine, of run: RunID, by runner: Runner, _ recording: Recording,
    until cancellations: AsyncStream<Void>
  ) async throws -> RunResult {
    do {
      let ended = try await runner.run(machine, cancellations: cancellations)
      guard case .finished(let result) = ended.state.phase else { throw CancellationError() }
      return result
    } catch let error as JournalError where !recording.hasBegun {
      throw CommandFailure(
        .invalid, "the run was not started, because it cannot be recorded: \(error)",
        hint: error.hint)
    } catch let error as JournalError {
      if case .replaced = error {
        throw CommandFailure(
          .inDoubt, "run \(run) stopped because it could not be recorded: \(error)",
          hint: error.hint)
      }
      let further = "`privirun show \(run)` shows how far it got"
      throw CommandFailure(
        .inDoubt, "run \(run) stopped because it could not be recorded: \(error)",
        hint: error.hint.map { "\($0); \(further)" } ?? further)
    }
  }

  /// Lets a live view show that time goes by, ten times a second.
  private func tick(_ reporter: Reporter, _ clock: WallClock) async throws -> RunResult? {
    guard output.form == .pretty else { return nil }
    while !Task.isCancelled {
      guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { break }
      if !StandardStream.output.isBehind { await reporter.tick(at: clock.now()) }
    }
    return nil
  }
}

/// Records the events of a run, and whether any was recorded.
private final class Recording: Sendable {
  private let run: RunID
  private let journal: SQLiteJournal
  private let head = Mutex(JournalHead.empty)

  init(of run: RunID, in journal: SQLiteJournal) {
    self.run = run
    self.journal = journal
  }

  /// Whether the first event is on the disk.
  var hasBegun: Bool { head.withLock { $0.count > 0 } }

  @Sendable func record(_ events: [RunEvent]) async throws {
    let expected = head.withLock { $0 }
    let part = JournalCommit.Part(run: run, expected: expected, epoch: 0, events: events)
    switch await journal.commit(JournalCommit([part])) {
    case .committed(let heads): head.withLock { $0 = heads.first ?? expected }
    case .conflict(let error), .unknown(let error): throw error
    case .fenced(let run, let owner): throw JournalError.owned(run: run, by: owner)
    }
  }
}
