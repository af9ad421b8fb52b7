import Events
import Journaling
import Machine
import Operations
import Reporting

/// Continues a recorded run, as `resume` and `run --resume` do.
struct RunContinuation {
  let journal: SQLiteJournal
  let options: JournalSettings
  let service: ServiceSettings
  let output: OutputOptions
  let noWait: Bool
  /// Whether a person is asked first in a protected environment.
  let confirmation: ConfirmationOptions
  /// What a person says about steps in doubt.
  var assume: [String] = []
  /// The results of steps that are assumed to be done.
  var results: [ResultArgument] = []
  /// Whether the process that drives the run is ended first.
  var takesOver = false

  /// Becomes the owner of `run` and drives it to its end.
  func perform(_ run: RunID, _ environment: [String: String]) async throws -> ExitStatus {
    try refuseSucceeded(run)
    let origin = try RecordedEnvironment(of: run, in: journal.reader, options)
    let service = try origin.checked(service, environment)
    try origin.confirm(service, "continue run \(run)", confirmation)
    let claim = try await RunTakeOver(journal: journal, isAllowed: takesOver).claim(run)
    do {
      // Another process may have driven it to its end before this one became its owner.
      try refuseSucceeded(run)
      let recorded = try await RecordedRun(
        run, under: claim, in: journal, options, calling: service, environment)
      reportCancellation(of: recorded)
      let guidance = Guidance(
        assumptions: try assumptions(about: recorded),
        reused: try RunRestart.reusedResults(of: recorded, in: journal, options),
        decisions: try await SavedPlan.decisions(of: recorded, in: journal, options))
      return try await recorded.perform(
        guidedBy: guidance, in: journal, options, output, noWait: noWait, environment)
    } catch let failure as CommandFailure where [.invalid, .inDoubt].contains(failure.status) {
      // It was not continued: another process may.
      try? await journal.release(run, epoch: claim.epoch)
      throw failure
    }
  }

  /// Says that the run finishes its cancellation, and does not go on yet.
  private func reportCancellation(of recorded: RecordedRun) {
    var overview = RunOverview()
    for event in recorded.events { overview.apply(event) }
    guard overview.cancel != nil, overview.result == nil, !output.quiet else { return }
    let resume = options.commands(for: recorded.run).resume
    StandardStream.error.write(
      "privirun: the cancellation of the run finishes first; afterwards, `\(resume)` continues it\n"
    )
  }

  /// What is said about steps in doubt; throws where only a person knows and nobody said so.
  private func assumptions(about recorded: RecordedRun) throws -> [StepPath: Assumption] {
    let doubts = try recorded.machine().doubts
    let commands = options.commands(for: recorded.run)
    let assumptions = try AssumptionReading(doubts: doubts, commands: commands)
      .assumptions(assume, results: results)
    for doubt in doubts where doubt.hasCommand && assumptions[doubt.step] == .notDone {
      guard !output.quiet else { break }
      StandardStream.error.write(
        "privirun: the service accepted the command of `\(doubt.step)`: its outcome is requested first, "
          + "and not-done counts only if the service does not know the command\n")
    }
    guard case .runFinished? = recorded.events.last?.kind,
      let open = doubts.first(where: { $0.needsPerson && assumptions[$0.step] == nil })
    else { return assumptions }
    let assume = commands.assume(open.step, isReadable: open.read != nil)
    throw CommandFailure(
      .inDoubt,
      "step `\(open.step)` is in doubt: nothing shows whether `\(open.operation.id)` happened",
      hint: "look at the service, and then say so: `\(assume)`, or not-done")
  }

  /// Nothing of a run goes on that took back what it changed.
  private func refuseUndone(_ run: RunID) throws {
    guard try RecordedRun.wasUndone(run, in: journal, options) else { return }
    throw CommandFailure(
      .invalid, "what run \(run) changed was undone, so that it cannot go on",
      hint: "run the playbook again, or start a new run with the same inputs: "
        + "`\(options.commands(for: run).resume) --from STEP`")
  }

  private func refuseSucceeded(_ run: RunID) throws {
    let summary = try options.translated { () throws(JournalError) in
      try journal.reader.summary(of: run)
    }
    guard let outcome = summary?.outcome else { return }
    if [.failed, .cancelled].contains(outcome) { try refuseUndone(run) }
    guard outcome.allowsContinuation else { return }
    throw CommandFailure(
      .invalid, "run \(run) has already ended (\(outcome.rawValue))",
      hint: "`\(options.commands(for: run).show)` shows it; run the playbook again for another run")
  }
}
