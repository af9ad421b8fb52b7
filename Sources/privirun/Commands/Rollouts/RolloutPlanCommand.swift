import ArgumentParser
import FoundationEssentials
import Reporting
import Rollouts

struct RolloutPlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what a rollout would do; only reads are sent.",
    discussion: """
      Plans the run of every tenant. Reads are sent and each tenant's session logs in once; nothing is \
      changed, and nothing is recorded.

        privirun rollout plan workflows/rollouts/onboard-tenants.yaml
        privirun rollout plan rollout.yaml --save rollout.plan --output markdown

      The exit code is 0 for a complete plan, and 1 for one that failed or says that a run would fail; a \
      plan that failed is not saved. With --exit-code, it is 6 when there is something to do.
      """)

  @Argument(help: "The rollout file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Flag(help: "Send nothing: what depends on the service is unknown.")
  var offline = false

  @Option(
    help: ArgumentHelp(
      "Keep the plans in this file, for `privirun rollout run --plan`; secrets are sealed under the "
        + "journal's key.", valueName: "file"), completion: .file())
  var save: String?

  @OptionGroup var source: RolloutSourceOptions
  @OptionGroup(title: "Output") var output: PlanOutputOptions

  func validate() throws {
    guard offline else { return }
    if save != nil {
      throw ValidationError(
        "--offline shows nothing of the service, so that --save has nothing to go by")
    }
    if source.sandbox.sandbox || !source.service.given.isEmpty {
      throw ValidationError("--offline calls no service, so none can be given with it")
    }
  }

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    let environment = ProcessInfo.processInfo.environment
    let (definition, texts) = try RolloutDefinition.load(
      file, report: { StandardStream.report($0, quoting: $1) })
    var planning = RolloutPlanning(source: source, environment: environment, output: output)
    planning.save = save
    planning.isOffline = offline
    throw CommandEnding(status: try await planning.perform(definition, texts))
  }
}
