import ArgumentParser
import Diagnostics
import Events
import FoundationEssentials
import Journaling
import Networking
import Operations
import Planning
import Reporting
import Running
import Sandbox

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a playbook.",
    discussion: """
      The playbook and its inputs are checked before anything is sent. Every step is recorded in \
      the journal. Ctrl-C, SIGTERM and SIGHUP stop the run cleanly; a second one stops it immediately.

        privirun run workflows/onboard-tenant.yaml --sandbox \\
          --input username=alice@example.com --input password=env:ALICE_PASSWORD
      """)

  @Argument(help: "The playbook.", completion: .file(extensions: ["yaml", "yml"]))
  var playbook: String

  @OptionGroup(title: "Inputs") var inputs: InputOptions
  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "API description") var description: DescriptionOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    let environment = ProcessInfo.processInfo.environment
    let api = try description.load()
    let (checked, texts) = try PlaybookChecking(api: api, report: output.report).load(playbook)
    var plan = try inputs.plan(checked, quoting: texts, environment, reporting: output)
    let target = try service.target(for: plan, environment: environment)
    plan.plainSecrets += target.secrets
    let journal = try journal.writer()
    let result = try await target.withTransport { transport, service in
      try await LiveRun(
        plan: plan, labels: labels, transport: transport, service: service, journal: journal,
        output: output,
        environment: environment
      ).perform()
    }
    throw CommandEnding(status: ExitStatus(result))
  }
}
