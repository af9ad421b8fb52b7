import ArgumentParser
import Diagnostics
import FoundationEssentials
import Operations
import Planning
import Running
import Sandbox
import Simulation

struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Test a playbook with faults and crashes in virtual time.",
    discussion: """
      The playbook runs against a simulated service in this process, which starts empty. Nothing is \
      sent and no file is written: files that the playbook reads are read, and files that it writes \
      are kept in memory. Connections break, messages are lost, duplicated and late, and the process \
      that drives the run crashes at any point, after which another one continues the run. Every \
      decision is an approval.

      Each run is checked: no outcome is lost, no command takes effect twice, a run that succeeds \
      leaves the same state as a run without faults, nothing waits longer than its limit, and no event \
      holds a secret. The first run that breaks one of these rules is shortened as far as possible and \
      printed; the exit code is then 1.

        privirun simulate workflows/onboard-tenant.yaml --runs 1000 --crashes every \\
          --input username=alice@example.com --input password=env:ALICE_PASSWORD
      """)

  @Argument(help: "The playbook.", completion: .file(extensions: ["yaml", "yml"]))
  var playbook: String

  @Option(help: "The number of random runs, 0 to 10000000.")
  var runs = 100

  @Option(help: "The seed of the first random run; each later run takes the next number.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Faults of the random runs, such as none, heavy, or slow=5%:2s,drop=1%; docs/sandbox.md lists "
        + "them.", valueName: "spec"),
    transform: FaultSpec.read)
  var faults = FaultSpec(.light)

  @Option(
    help: """
      Where the process crashes: none, random (at random points of the random runs) or every (also \
      at every point of one run without faults, and at pairs of points).
      """)
  var crashes = Campaign.CrashMode.random

  @Option(
    help: """
      Where a run without faults is given up, planned and started anew, to check that the new run does \
      exactly what the plan says: none or every (at every point, and after its end).
      """)
  var plans = Campaign.PlanMode.none

  @Option(
    help: ArgumentHelp(
      "Carry out the steps up to this one once, without faults, and start every run after it.",
      valueName: "step"))
  var after: String?

  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Inputs") var inputs: InputOptions
  @OptionGroup(title: "Simulated service") var service: SimulatedServiceOptions
  @OptionGroup(title: "API description") var description: DescriptionOptions
  @OptionGroup(title: "Output") var output: ReportOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  func validate() throws {
    try StandardInput.refuseSecondReader([playbook] + inputs.files)
    guard (0...10_000_000).contains(runs) else {
      throw ValidationError("--runs must be 0 to 10000000")
    }
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let report = { StandardStream.report($0, quoting: $1) }
    let (checked, texts) = try PlaybookChecking(api: try description.load(), report: report)
      .load(playbook)
    let choice = try self.environment.choice(environment)
    let (plan, _) = try inputs.plan(
      checked, quoting: texts, environment, in: choice.selected, report: report)
    let clock = ContinuousClock()
    let start = clock.now
    var outcome = SimulationOutcome(order, of: plan)
    do throws(CampaignSubject.Problem) {
      let subject = try CampaignSubject(scenario(plan, environment), after: after)
      let campaign = Campaign(
        over: subject, runs: runs, seed: seed, faults: faults, crashMode: crashes, planMode: plans,
        workers: ProcessInfo.processInfo.activeProcessorCount)
      let result = await campaign.perform { finding in
        StandardStream.error.write(
          "privirun: broken: \(finding.violation.property.rawValue); shortening the run\n")
      }
      outcome.take(result, over: subject)
    } catch {
      try outcome.take(error)
    }
    outcome.realTime = clock.now - start
    StandardStream.output.write(output.form == .json ? outcome.json : outcome.text)
    if outcome.finding != nil { throw CommandEnding(status: .failed) }
  }

  private var order: SimulationOutcome.Order {
    SimulationOutcome.Order(
      playbook: playbook, runs: runs, seed: seed, faults: faults, crashes: crashes, plans: plans,
      after: after)
  }

  /// Every simulation begins at the same instant, so that the same seed gives the same run on any day.
  private func scenario(_ plan: Plan, _ environment: [String: String]) -> Scenario {
    Scenario(
      plan: plan, vault: service.vault,
      files: SimulatedFiles(above: .live(home: environment["HOME"])),
      start: Moment(nanoseconds: 1_800_000_000_000_000_000))
  }
}

extension Campaign.CrashMode: ExpressibleByArgument {}
extension Campaign.PlanMode: ExpressibleByArgument {}
