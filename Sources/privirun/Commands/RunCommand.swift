import ArgumentParser
import Diagnostics
import Events
import FoundationEssentials
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Reporting
import Rollouts
import Running
import Sandbox

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a playbook.",
    discussion: """
      The playbook and its inputs are checked before anything is sent. Every step is recorded in \
      the journal. Ctrl-C, SIGTERM and SIGHUP stop the run cleanly; a second one stops it immediately. \
      Traces and metrics are exported by OTLP where the variable OTEL_EXPORTER_OTLP_ENDPOINT names a \
      receiver; docs/telemetry.md explains the other variables OTEL_..., and TRACEPARENT.

        privirun run workflows/onboard-tenant.yaml --sandbox \\
          --input username=alice@example.com --input password=env:ALICE_PASSWORD
      """)

  @Argument(
    help: "The playbook; - reads standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var playbook: String

  @Flag(help: "Stop with status 3 when the run can only continue after a person's decision.")
  var noWait = false

  @Flag(
    help: """
      Continue the latest run of the same playbook with the same inputs, from the same folder, \
      unless it succeeded; start a new run if there is none.
      """)
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Do exactly what this plan says, which `privirun plan --save` made; refuse, with what moved, "
        + "where the playbook, its inputs or the state of the service changed since.",
      valueName: "file"), completion: .file())
  var plan: String?

  @Option(
    help: ArgumentHelp(
      "Run the playbook for every tenant of this CSV, YAML, JSON or JSON lines file, as `privirun rollout "
        + "run` does.", valueName: "file"), completion: .file())
  var tenants: String?

  @Flag(
    help: """
      Print the value of each input and where it came from, secrets as •••, and exit with 0; nothing \
      is sent.
      """)
  var showInputs = false

  @OptionGroup var source: RolloutSourceOptions
  @OptionGroup(title: "Telemetry") var tracing: TraceOptions
  @OptionGroup(title: "Environment") var confirmation: ConfirmationOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  private var inputs: InputOptions { source.inputs }
  private var labels: LabelOptions { source.labels }
  private var sandbox: RunSandboxOptions { source.sandbox }

  func validate() throws {
    try StandardInput.refuseSecondReader([playbook] + inputs.files + [tenants].compactMap(\.self))
    if showInputs, output.output == .json {
      throw ValidationError("--show-inputs prints text, and does not go with --output json")
    }
    if tenants != nil {
      if showInputs { throw ValidationError("--show-inputs does not go with --tenants") }
      if resume {
        throw ValidationError("--resume does not go with --tenants: use `rollout resume`")
      }
    } else if let option = source.rollout.given.first {
      throw ValidationError("\(option) goes with --tenants")
    }
    guard plan != nil else { return }
    if resume { throw ValidationError("--plan starts a new run, and --resume continues one") }
    if sandbox.sandbox {
      throw ValidationError("--plan was made for a service, and --sandbox starts another one")
    }
  }

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    SharedHeap.use()
    let environment = ProcessInfo.processInfo.environment
    if let tenants { throw CommandEnding(status: try await rollout(over: tenants, environment)) }
    let choice = try source.environment.choice(environment)
    let journalSettings = try source.journal.settings(choice)
    var service = ServiceSettings(
      options: source.service, choice: choice, isQuiet: output.quiet)
    service.tracesRequests = tracing.traceContext
    let (api, description) = try source.description.loadWithText()
    let (checked, sources, files) = try PlaybookChecking(api: api, report: output.report)
      .loadRecorded(playbook)
    if showInputs {
      return try inputs.show(
        checked, quoting: sources, environment, in: choice.selected, report: output.report)
    }
    try sandbox.requireTarget(for: checked.planned, else: service, environment: environment)
    var (plan, sizes) = try inputs.plan(
      checked, quoting: sources, environment, in: choice.selected, report: output.report)
    var (pinned, pinnedTexts) = try RunPinning.pin(
      plan, from: try CommandPath.expand(playbook), files, sizes, description: description)
    let target = try sandbox.target(for: plan, else: service, environment: environment)
    plan.plainSecrets += target.secrets
    let saved = try self.plan.map { try SavedPlan(at: $0, journalSettings) }
    if let saved {
      try saved.requireSame(
        plan, try FileContents(of: plan, sizes.keys, home: environment["HOME"]))
      pinned.savedPlan = Hexadecimal.encode(saved.file.text.digest.bytes)
      pinnedTexts.append(saved.file.text)
    }
    try ProtectedEnvironment(choice.selected, calling: target)?
      .confirm("run `\(plan.playbook.name)` (\(plan.playbook.file))", confirmation)
    let journal = resume ? try journalSettings.writerForRunning() : nil
    if let journal {
      let continuation = RunContinuation(
        journal: journal, options: journalSettings, service: service, output: output,
        noWait: noWait, confirmation: ConfirmationOptions(yes: true))
      if let status = try await resumed(plan, pinned, continuation, environment) {
        throw CommandEnding(status: status)
      }
    }
    let run = FreshRun(
      plan: plan, pinned: pinned, texts: pinnedTexts, choice: choice, service: service,
      labels: labels, openJournal: { try journal ?? journalSettings.writerForRunning() },
      journalSettings: journalSettings, output: output, noWait: noWait)
    throw CommandEnding(
      status: try await run.perform(at: target, keepingTo: saved, environment))
  }

  /// Runs the playbook for every tenant of the file at `tenants`.
  private func rollout(
    over tenants: String, _ environment: [String: String]
  ) async throws -> ExitStatus {
    let playbook = try CommandPath.expand(playbook)
    return try await RolloutRunning(
      source: source, confirmation: confirmation, tracing: tracing, output: output,
      environment: environment, noWait: noWait, savedPlan: plan
    ).perform(RolloutDefinition(of: playbook, tenants: tenants), SourceTexts())
  }

  /// Continues the latest run of the same plan, unless it succeeded or there is none.
  private func resumed(
    _ plan: Plan, _ pinned: PinnedPlan, _ continuation: RunContinuation,
    _ environment: [String: String]
  ) async throws -> ExitStatus? {
    let search = LatestRun(
      journal: continuation.journal, options: continuation.options,
      selected: continuation.service.choice.selected)
    guard let run = try search.unfinished(of: plan, pinned) else { return nil }
    try sandbox.refuseContinuation(of: run, plan)
    if !output.quiet {
      StandardStream.error.write("privirun: run \(run) is continued\n")
    }
    return try await continuation.perform(run, environment)
  }
}
