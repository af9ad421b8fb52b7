import ArgumentParser
import Events
import FoundationEssentials
import Hosting
import Machine
import Operations
import Planning
import Reporting

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what a run would do; only reads are sent.",
    discussion: """
      Goes through the playbook with the same inputs as `run` and shows what each step would do. \
      Reads are sent and each session logs in once; nothing is changed, neither at the service nor \
      on this machine, and nothing is recorded.

        privirun plan workflows/onboard-tenant.yaml \\
          --input username=alice@example.com --input password=env:ALICE_PASSWORD

      + is created, ~ changed, - removed; = is unchanged; ! differs and stays as it is; ? is known \
      only in the run; . is skipped.

      The exit code is 0 for a complete plan, and 1 for a plan that failed or says that a run would \
      fail. With --exit-code, it is 6 when there is something to do.
      """)

  @Argument(help: "The playbook.", completion: .file(extensions: ["yaml", "yml"]))
  var playbook: String

  @Flag(help: "Send nothing: what depends on the service is unknown.")
  var offline = false

  @OptionGroup(title: "Inputs") var inputs: InputOptions
  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "Sandbox") var sandbox: RunSandboxOptions
  @OptionGroup(title: "API description") var description: DescriptionOptions
  @OptionGroup(title: "Output") var output: PlanOutputOptions

  func validate() throws {
    try sandbox.refuse(service)
    guard offline, sandbox.sandbox || !service.given.isEmpty else { return }
    throw ValidationError("--offline calls no service, so none can be given with it")
  }

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    let environment = ProcessInfo.processInfo.environment
    let (api, _) = try description.loadWithText()
    let (checked, texts, _) = try PlaybookChecking(api: api, report: StandardStream.report)
      .loadRecorded(playbook)
    var (plan, _) = try inputs.plan(
      checked, quoting: texts, environment, report: StandardStream.report)
    let target: ServiceTarget =
      offline ? .nothing : try sandbox.target(for: plan, else: service, environment: environment)
    plan.plainSecrets += target.secrets
    let planRun = PlanRun(
      plan: plan, planning: Planning(isOffline: offline), labels: labels.added(to: plan.runLabels),
      environment: environment, trace: output.trace(environment: environment))
    let outcome = try await target.withTransport { try await planRun.perform(over: $0, at: $1) }
    let report = PlanReport(of: outcome.events, reads: offline ? .omitted : .made)
    output.write(report, environment: environment)
    throw CommandEnding(status: try status(of: report, outcome))
  }

  private func status(of report: PlanReport, _ outcome: PlanRun.Outcome) throws -> ExitStatus {
    switch outcome.ending {
    case .finished(let result):
      let status = ExitStatus(result)
      guard status == .succeeded else { return status }
      if report.hasConflicts { return .failed }
      return output.exitCode && report.hasWork ? .different : .succeeded
    case .faulty(let message):
      throw CommandFailure(.fault, "internal error in a plan: \(message)", hint: "report it")
    case .waiting, .notStarted, .lost, .unrecorded: return .cancelled
    }
  }
}
