import ArgumentParser
import Events
import FoundationEssentials
import Planning
import Reporting
import Rollouts
import Tenants

struct RolloutCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check rollout files, their playbooks and their tenants.",
    discussion: """
      All errors and warnings of all files are reported at once, with file, line and column. Nothing is \
      sent; of secrets, only the form is checked.

        privirun rollout check workflows/rollouts/*.yaml
      """)

  @Argument(help: "The rollout files.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var source: RolloutSourceOptions
  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let report = CheckOutput(.text)
    var isValid = true
    for file in files {
      do {
        try check(file, environment, report)
      } catch let failure as CommandFailure where failure.status == .invalid {
        StandardStream.error.write(failure.message)
        isValid = false
      } catch let ending as CommandEnding where ending.status == .invalid {
        isValid = false
      }
    }
    report.finish()
    guard isValid else { throw CommandEnding(status: .invalid) }
  }

  private func check(
    _ file: String, _ environment: [String: String], _ report: CheckOutput
  ) throws {
    let (definition, texts) = try RolloutDefinition.load(file, report: report.add)
    let choice = try source.environment.choice(
      environment, rolloutFile: definition.environmentName)
    let prepared = try RolloutPreparation(
      options: source, environment: environment, selected: choice.selected,
      report: report.add
    ).prepare(definition, texts)
    if let warning = try prepared.outputsWarning() {
      StandardStream.report([warning], quoting: texts)
    }
    guard !quiet else { return }
    let count = prepared.tenants.count
    let stages = prepared.limits.stages.map(String.init).joined(separator: ", ")
    StandardStream.output.write(
      "\(file) is valid: \(count) \(count == 1 ? "tenant" : "tenants")"
        + (prepared.limits.stages.count > 1 ? ", in stages up to \(stages)" : "") + "\n")
  }
}
