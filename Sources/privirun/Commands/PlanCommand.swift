import ArgumentParser
import Events
import FoundationEssentials
import Hosting
import Journaling
import Machine
import Operations
import Planning
import Reporting
import Running

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
      fail; a plan that failed is not saved. With --exit-code, it is 6 when there is something to do.
      """)

  @Argument(
    help: "The playbook; - reads standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var playbook: String

  @Flag(help: "Send nothing: what depends on the service is unknown.")
  var offline = false

  @Option(
    help: ArgumentHelp(
      "Keep the plan in this file, for `privirun run --plan`; secrets are sealed under the journal's key.",
      valueName: "file"), completion: .file())
  var save: String?

  @Flag(
    help: "Report only what differs from what the last successful run with these inputs left.")
  var driftOnly = false

  @Flag(
    help: """
      Print the value of each input and where it came from, secrets as •••, and exit with 0; nothing \
      is sent.
      """)
  var showInputs = false

  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Inputs") var inputs: InputOptions
  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "Sandbox") var sandbox: RunSandboxOptions
  @OptionGroup(title: "API description") var description: DescriptionOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions
  @OptionGroup(title: "Output") var output: PlanOutputOptions

  func validate() throws {
    try sandbox.refuse(service)
    try StandardInput.refuseSecondReader([playbook] + inputs.files)
    if showInputs, save != nil || output.form == .json {
      throw ValidationError(
        "--show-inputs prints the inputs and makes no plan, so that "
          + "\(save != nil ? "--save has nothing to keep" : "it does not go with --output json")")
    }
    if save != nil, driftOnly {
      throw ValidationError(
        "--drift-only compares with what a run left, so that there is no plan for --save to keep")
    }
    guard offline else { return }
    if sandbox.sandbox || !service.given.isEmpty {
      throw ValidationError("--offline calls no service, so none can be given with it")
    }
    if save != nil || driftOnly {
      throw ValidationError(
        "--offline shows nothing of the service, so that \(save != nil ? "--save" : "--drift-only") "
          + "has nothing to go by")
    }
  }

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    let environment = ProcessInfo.processInfo.environment
    let choice = try self.environment.choice(environment)
    let journal = try journal.settings(choice)
    let service = ServiceSettings(options: service, choice: choice, isQuiet: output.quiet)
    let (api, _) = try description.loadWithText()
    let (checked, texts, _) = try PlaybookChecking(api: api, report: StandardStream.report)
      .loadRecorded(playbook)
    if showInputs {
      return try inputs.show(
        checked, quoting: texts, environment, in: choice.selected, report: StandardStream.report)
    }
    if !offline {
      try sandbox.requireTarget(for: checked.planned, else: service, environment: environment)
    }
    var (plan, sizes) = try inputs.plan(
      checked, quoting: texts, environment, in: choice.selected, report: StandardStream.report)
    let target: ServiceTarget =
      offline ? .nothing : try sandbox.target(for: plan, else: service, environment: environment)
    plan.plainSecrets += target.secrets
    let planRun = PlanRun(
      plan: plan, planning: Planning(isOffline: offline),
      labels: labels.added(to: plan.runLabels, choice.selected),
      environmentName: choice.selected?.name)
    let (baseline, (outcome, forecast)) = try await target.withTransport { transport, service in
      // Without one, nothing has to be read.
      let baseline =
        driftOnly
        ? try DriftBaseline(of: planRun.plan, at: service, in: try journal.reader(), journal) : nil
      let trace = output.trace(environment: environment)
      let forecast = try await PlanHost.with(transport, environment, trace: trace) { host in
        try await planRun.forecast(in: host, at: service)
      }
      return (baseline, forecast)
    }
    let shown = outcome.events.scrubbed(by: SecretScrubber(baseline?.events.secrets ?? []))
    let report = PlanReport(
      of: shown, reads: offline ? .omitted : .made, votes: forecast.votes,
      lifetimes: forecast.lifetimes, isFinal: api.isFinal
    ).noting(UndoGaps(of: planRun.plan))
    let status = try status(of: report, outcome)
    if let baseline {
      let drift = DriftReport(
        of: report, since: baseline.summary,
        DriftFinding(left: baseline.events, found: outcome.events))
      output.write(drift, environment: environment)
      throw CommandEnding(status: self.status(of: drift, status))
    }
    output.write(report, environment: environment)
    if let save {
      let contents = try FileContents(of: plan, sizes.keys, home: environment["HOME"])
      try keep(outcome.events(with: contents), at: save, sealedFor: journal, report)
    }
    throw CommandEnding(status: status)
  }

  /// How a look for drift ends whose plan ends with `status`.
  private func status(of drift: DriftReport, _ status: ExitStatus) -> ExitStatus {
    // A conflict is drift, and no failure of the look.
    guard !drift.failed else { return status }
    if drift.comparedNothing { return .failed }
    return drift.hasDrift && output.exitCode ? .different : .succeeded
  }

  private func keep(
    _ events: [RunEvent], at path: String, sealedFor settings: JournalSettings, _ report: PlanReport
  ) throws {
    guard !report.failed else {
      // How it ended decides on the exit code.
      StandardStream.error.write("privirun: the plan is not complete, so that it was not saved\n")
      return
    }
    let path = try CommandPath.expand(path)
    let journal = try CommandPath.expand(settings.path)
    try settings.translated { () throws(JournalError) in
      try PlanFile.write(events, to: path, sealedFor: journal, key: settings.key)
    }
    guard !output.quiet else { return }
    StandardStream.error.write(
      "privirun: the plan is in \(path); `privirun run --plan` with the same playbook and inputs does it\n"
    )
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
    case .waiting, .notStarted, .lost, .blocked, .unrecorded: return .cancelled
    }
  }
}
