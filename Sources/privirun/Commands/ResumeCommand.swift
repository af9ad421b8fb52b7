import ArgumentParser
import Events
import FoundationEssentials
import Journaling
import Machine
import Operations
import Planning
import Reporting

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Continue a run that was interrupted, failed, was cancelled, is waiting or in doubt.",
    discussion: """
      The run continues in the folder that it was started in, with the playbook, the inputs and the \
      API description that it was started with, even if the files have changed since. It calls the \
      same service unless --api-url names another.

      An interrupted run continues where it stopped. A run that failed or was cancelled continues with \
      the steps that did not succeed. A request that was in flight is sent again only if that does no \
      harm; otherwise the service is queried to find out whether the request took effect. If no read \
      shows it, the step is in doubt, which means that the outcome is unknown, until --assume says \
      what happened.

      RUN is a run's id, any unique prefix of it, or `latest`. A run that another process drives is \
      refused with status 75; --take-over ends that process first. STEP is the step's path as \
      `privirun show RUN` prints it.

        privirun resume latest
        privirun resume 7k2 --take-over
        privirun resume 7k2 --assume gate/vote=done --result '{"poolId": "p-17"}'
        privirun resume 7k2 --from devices
      """)

  @Argument(
    help: "The run's id, a unique prefix of it, or latest.",
    completion: .custom(ShellCompletion.runs))
  var run: String

  @Option(
    help: ArgumentHelp(
      "What happened in a step in doubt; may be repeated.", valueName: "step=done|not-done"))
  var assume: [String] = []

  @Option(
    help: ArgumentHelp(
      "The result of a step that is assumed to be done, where no read shows it, as a JSON object; a "
        + "secret one as env:VARIABLE or file:PATH. With several steps, STEP= comes first; may be "
        + "repeated.", valueName: "[step=]json"))
  var result: [String] = []

  @Option(
    help: ArgumentHelp(
      "Start a new run that reuses the results from before this step, round or branch.",
      valueName: "step"))
  var from: String?

  @Flag(help: "End the process that drives the run, if it is on this machine, and take over.")
  var takeOver = false

  @Flag(help: "Stop with status 3 when the run can only continue after a person's decision.")
  var noWait = false

  @Flag(help: "Continue although the journal lost complete commits; look at the service first.")
  var acceptLoss = false

  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Environment") var confirmation: ConfirmationOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions
  @OptionGroup(title: "Telemetry") var tracing: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard !assume.isEmpty || result.isEmpty else {
      throw ValidationError("--result goes with --assume")
    }
    guard from == nil || assume.isEmpty && !takeOver else {
      throw ValidationError(
        "--from starts a new run, so --assume and --take-over do not go with it")
    }
  }

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    SharedHeap.use()
    let environment = ProcessInfo.processInfo.environment
    let results = try result.map { try ResultArgument($0) }
    let choice = try self.environment.choice(environment)
    let options = try self.journal.settings(choice)
    var service = ServiceSettings(options: service, choice: choice, isQuiet: output.quiet)
    service.tracesRequests = tracing.traceContext
    let journal = try options.writerForResuming(run, acceptLoss ? .accepted : .refused)
    let id = try options.translated { () throws(JournalError) in
      try journal.reader.run(matching: run)
    }
    if let from {
      let status = try await RunRestart(
        run: id, journal: journal, options: options, service: service, output: output,
        noWait: noWait, confirmation: confirmation
      ).perform(from: from, environment)
      throw CommandEnding(status: status)
    }
    var continuation = RunContinuation(
      journal: journal, options: options, service: service, output: output, noWait: noWait,
      confirmation: confirmation)
    continuation.assume = assume
    continuation.results = results
    continuation.takesOver = takeOver
    throw CommandEnding(status: try await continuation.perform(id, environment))
  }
}
