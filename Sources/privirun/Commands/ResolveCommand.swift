import ArgumentParser
import Events
import Expressions
import FoundationEssentials
import Journaling
import Machine
import Operations
import Reporting

struct ResolveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Find out the outcome of the steps in doubt of a run, and continue it.",
    discussion: """
      A step is in doubt when the outcome of its request is unknown. For each such step, the service \
      is queried with the read that the API description names, and what was sent and what the service \
      shows are printed side by side. The run then continues accordingly after you confirm it, or with \
      --yes. Without a terminal and without --yes it does not continue. If no read shows the outcome, \
      `privirun resume --assume` continues the run with what you say.

        privirun resolve latest
        privirun resolve 7k2 --yes
      """)

  @Argument(
    help: "The run's id, a unique prefix of it, or latest.",
    completion: .custom(ShellCompletion.runs))
  var run: String

  @Flag(help: "Continue the run without confirmation.")
  var yes = false

  @Flag(help: "Continue although the journal lost complete commits; look at the service first.")
  var acceptLoss = false

  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    let environment = ProcessInfo.processInfo.environment
    let choice = try self.environment.choice(environment)
    let options = try self.journal.settings(choice)
    let journal = try options.writerForResuming(run, acceptLoss ? .accepted : .refused)
    let id = try options.translated { () throws(JournalError) in
      try journal.reader.run(matching: run)
    }
    let origin = try RecordedEnvironment(of: id, in: journal.reader, options)
    let service = try origin.checked(
      ServiceSettings(options: service, choice: choice, isQuiet: output.quiet), environment)
    let claim = try await RunTakeOver(journal: journal, isAllowed: false).claim(id)
    do {
      let recorded = try await RecordedRun(
        id, under: claim, in: journal, options, calling: service, environment)
      let status = try await resolve(
        recorded, under: claim, in: journal, options, origin.protected(service))
      throw CommandEnding(status: status)
    } catch let failure as CommandFailure {
      try? await journal.release(id, epoch: claim.epoch)
      throw failure
    }
  }

  private func resolve(
    _ recorded: RecordedRun, under claim: RunClaim, in journal: SQLiteJournal,
    _ options: JournalSettings, _ protected: ProtectedEnvironment?
  ) async throws -> ExitStatus {
    let environment = ProcessInfo.processInfo.environment
    let doubts = try recorded.machine().doubts
    let commands = options.commands(for: recorded.run)
    guard !doubts.isEmpty else {
      throw CommandFailure(
        .invalid, "no step of run \(recorded.run) is in doubt",
        hint: "`\(commands.show)` shows where it stands")
    }
    let answers = try await DoubtInquiry(
      recorded: recorded, environment: environment,
      trace: output.trace(environment: environment)
    ).perform(claim)
    let report = DoubtReport(
      doubts: doubts, answers: answers, now: try WallClock().now(), commands: commands)
    // With JSON, standard output is for events.
    let stream: StandardStream = output.form == .json ? .error : .output
    stream.write(report.text(output.style(environment: environment)))
    if let open = report.unsettled {
      let assume = commands.assume(open.step, isReadable: open.read != nil)
      throw CommandFailure(
        .inDoubt, "nothing shows what happened in `\(open.step)`",
        hint: "look at the service, and then say so: `\(assume)`, or not-done")
    }
    let question = protected.map { "\($0.phrase): continue the run?" } ?? "continue the run?"
    guard yes || TerminalPrompt.confirms(question) else {
      throw CommandFailure(
        .inDoubt, "the run was not continued", hint: "`\(commands.resolve) --yes` continues it")
    }
    return try await recorded.perform(
      guidedBy: Guidance(
        assumptions: report.assumptions,
        reused: try RunRestart.reusedResults(of: recorded, in: journal, options)),
      in: journal, options, output, noWait: false, environment)
  }
}

/// What was sent and what the service shows, side by side.
private struct DoubtReport {
  let doubts: [StepDoubt]
  let answers: [StepPath: DoubtInquiry.Answer]
  let now: Moment
  let commands: RunCommands

  /// What the answers come to, for the run to go on with.
  var assumptions: [StepPath: Assumption] {
    answers.compactMapValues { answer in
      // What was not done is read once more before it is done.
      if case .settled(let verdict) = answer, verdict.isDone { .found(verdict) } else { nil }
    }
  }

  /// The first step of which nothing is known, and whose command the run cannot ask for either.
  var unsettled: StepDoubt? {
    doubts.first { doubt in
      if case .settled? = answers[doubt.step] { return false }
      return !doubt.hasCommand && doubt.asks
    }
  }

  /// A paragraph for each step.
  func text(_ style: TerminalStyle) -> String {
    doubts.map { doubt in
      let since = ElapsedText.text(now - doubt.request.intendedAt)
      let arguments = doubt.request.intent.arguments
      let fields = arguments.names.map { name in
        "\(name): \(EncodedValue.json(arguments[name] ?? .null).line)"
      }.joined(separator: ", ")
      let lines = [
        "\(doubt.step) in doubt for \(since)",
        "  sent      \(doubt.operation.id)" + (fields.isEmpty ? "" : " (\(fields))"),
        "  service   \(answer(to: doubt))",
      ]
      return lines.map { style.printable($0) + "\n" }.joined()
    }.joined(separator: "\n")
  }

  private func answer(to doubt: StepDoubt) -> String {
    switch answers[doubt.step] {
    case .settled(let verdict):
      let read = verdict.operation.map { "\($0) shows: " } ?? ""
      guard verdict.isDone else { return "\(read)it was not done" }
      let fields = verdict.value.isEmptyResult ? "" : " \(EncodedValue.json(verdict.value).line)"
      return "\(read)it was done\(fields)"
    case .unknown(let reason):
      let further = doubt.hasCommand ? "; `resume` requests the outcome of its command" : ""
      return "unknown: \(reason)\(further)"
    case nil:
      return doubt.hasCommand
        ? "the command was accepted; `resume` requests its outcome" : "no read shows it"
    }
  }
}

extension Value {
  /// Whether a result says nothing.
  fileprivate var isEmptyResult: Bool {
    guard case .map(let map) = self else { return false }
    return map.names.allSatisfy { map[$0] == .null }
  }
}
