import ArgumentParser
import Events
import FoundationEssentials
import Planning
import Reporting
import Rollouts
import Tenants

struct RolloutCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a rollout file, its playbook and its tenants.",
    discussion: """
      Every error is reported at once, with file, line and column. Nothing is sent; of secrets, only \
      the form is checked.

        privirun rollout check workflows/rollouts/onboard-tenants.yaml
      """)

  @Argument(help: "The rollout file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var source: RolloutSourceOptions
  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let (definition, texts) = try RolloutDefinition.load(
      file, report: { StandardStream.report($0, quoting: $1) })
    let choice = try source.environment.choice(
      environment, rolloutFile: definition.environmentName)
    let prepared = try RolloutPreparation(
      options: source, environment: environment, selected: choice.selected,
      report: { StandardStream.report($0, quoting: $1) }
    ).prepare(definition, texts)
    guard !quiet else { return }
    let count = prepared.tenants.count
    let stages = prepared.limits.stages.map(String.init).joined(separator: ", ")
    StandardStream.output.write(
      "\(file) is valid: \(count) \(count == 1 ? "tenant" : "tenants")"
        + (prepared.limits.stages.count > 1 ? ", in stages up to \(stages)" : "") + "\n")
  }
}
