import ArgumentParser
import Diagnostics
import Files
import FoundationEssentials
import Operations
import OrderedCollections
import Planning
import Playbooks
import Scaffolds

struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Call one operation, recorded like a run of one step.",
    discussion: """
      The fields are checked before anything is sent. `runs`, `show`, `resume` and `resolve` know the \
      call as a run whose only step is called `call`. `privirun operations ID` explains an operation \
      and its fields.

        privirun call utility.check-server-health
        privirun call device.request-unique-identifier --ensure present --with deviceName=vault-a \\
          --username alice@example.com --password env:ALICE_PASSWORD
      """)

  @ArgumentParser.Argument(
    help: "The id of an operation or of a local action.",
    completion: .custom(ShellCompletion.callables))
  var operation: String

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "A field; may be repeated. Lists and maps are JSON or YAML; a secret field takes "
        + "NAME=env:VARIABLE or NAME=file:PATH.", valueName: "name=value"),
    completion: .custom(ShellCompletion.fields))
  var fields: [String] = []

  @Option(
    name: .customLong("with-file"),
    help: ArgumentHelp(
      "A file with fields: YAML, JSON, or NAME=value lines (.env); may be repeated. Later files override "
        + "earlier ones, and --with overrides files; - reads standard input.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json", "env"]))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "Read first, and change only what differs.", valueName: "state"))
  var ensure: Ensurance.State?

  @Option(
    help: ArgumentHelp("The longest time, such as 90s or 1h; default: 2m.", valueName: "time"))
  var timeout: String?

  @OptionGroup(title: "Session") var session: SessionOptions
  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "Sandbox") var sandbox: RunSandboxOptions
  @OptionGroup(title: "API description") var description: DescriptionOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions
  @OptionGroup(title: "Environment") var confirmation: ConfirmationOptions
  @OptionGroup(title: "Telemetry") var tracing: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    try sandbox.refuse(service)
    try StandardInput.refuseSecondReader(files)
  }

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    let variables = ProcessInfo.processInfo.environment
    let choice = try environment.choice(variables)
    let journalSettings = try journal.settings(choice)
    var settings = ServiceSettings(options: service, choice: choice, isQuiet: output.quiet)
    settings.tracesRequests = tracing.traceContext
    let (api, text) = try description.loadWithText()
    let callable = try callable(in: api)
    let prepared = try PreparedCall(
      of: callable, ensure, InputOptions.given(files, fields, in: choice.selected), session,
      timeout: timeout, in: api)
    var (plan, recorded, sizes) = try prepared.plan(
      by: PlaybookChecking(api: api, report: output.report), variables, in: choice.selected)
    let (pinned, texts) = try RunPinning.pin(
      plan, from: PlaybookFiles.callName, recorded, sizes, description: text)
    let target = try sandbox.target(
      for: plan, else: settings, environment: variables, knowing: prepared.profile(in: plan))
    plan.plainSecrets += target.secrets
    try ProtectedEnvironment(choice.selected, calling: target)?
      .confirm("call `\(callable.id)`", confirmation)
    let run = FreshRun(
      plan: plan, pinned: pinned, texts: texts, choice: choice, service: settings, labels: labels,
      openJournal: journalSettings.writerForRunning, journalSettings: journalSettings,
      output: output)
    throw CommandEnding(status: try await run.perform(at: target, variables))
  }

  /// What the argument names; throws with a suggestion.
  private func callable(in api: APIDescription) throws(CommandFailure) -> Callable {
    if let callable = Callable(operation, in: api) { return callable }
    if let objection = Callable.objection(toMessage: operation, in: api) {
      throw CommandFailure(.invalid, objection.message, hint: objection.hint)
    }
    throw CommandFailure(
      .invalid, "there is no operation or local action `\(operation)`",
      hint: OperationNames.suggestion(for: operation, among: Callable.names(in: api))
        ?? "`privirun operations` lists them all")
  }
}

extension Ensurance.State: ExpressibleByArgument {}
