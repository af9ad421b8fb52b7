import ArgumentParser
import Events
import FoundationEssentials
import Journaling
import Planning
import Reporting
import Rollouts

struct RolloutRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a rollout.",
    discussion: """
      The rollout file, its playbook and its tenants are checked before anything is sent. Every tenant \
      has a run of its own, which is recorded in the journal. Ctrl-C, SIGTERM and SIGHUP stop the rollout \
      cleanly; a second one stops it immediately, and `privirun rollout resume` continues it.

        privirun rollout run workflows/rollouts/onboard-tenants.yaml
        privirun rollout run rollout.yaml --only 'acme-*' --concurrency 5
      """)

  @Argument(help: "The rollout file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Do exactly what this plan says, which `privirun rollout plan --save` made; a tenant of which "
        + "something moved since is refused.", valueName: "file"), completion: .file())
  var plan: String?

  @Flag(help: "Stop with status 3 when the rollout can only continue after a person's decision.")
  var noWait = false

  @OptionGroup var source: RolloutSourceOptions
  @OptionGroup(title: "Environment") var confirmation: ConfirmationOptions
  @OptionGroup(title: "Telemetry") var tracing: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    SharedHeap.use()
    let environment = ProcessInfo.processInfo.environment
    let (definition, texts) = try RolloutDefinition.load(file, report: output.report)
    let status = try await RolloutRunning(
      source: source, confirmation: confirmation, tracing: tracing, output: output,
      environment: environment, noWait: noWait, savedPlan: plan
    ).perform(definition, texts)
    throw CommandEnding(status: status)
  }
}
