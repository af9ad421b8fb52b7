import Diagnostics
import Events
import Planning
import Sandbox
import Simulation

/// What a simulation came to, to be printed.
struct SimulationOutcome {
  /// What was asked for.
  struct Order {
    let playbook: String
    let runs: Int
    let seed: UInt64
    let faults: FaultSpec
    let crashes: Campaign.CrashMode
    let plans: Campaign.PlanMode
    let after: String?
  }

  let order: Order
  /// The steps of the outermost playbook.
  private let steps: [String]
  private(set) var result = CampaignResult()
  private(set) var finding: Finding?
  /// Whether what a successful run leaves could be compared.
  private(set) var comparesFinalState = true
  var realTime = Duration.zero

  init(_ order: Order, of plan: Plan) {
    self.order = order
    steps = plan.playbook.steps.map(\.id)
  }

  mutating func take(_ result: CampaignResult, over subject: CampaignSubject) {
    self.result = result
    finding = result.finding
    comparesFinalState = subject.reference.inventory != nil
  }

  /// An undisturbed run broke a property, or there is no such step to begin after.
  mutating func take(_ problem: CampaignSubject.Problem) throws {
    switch problem {
    case .noSuchStep(let name):
      throw CommandFailure(
        .invalid, "no step `\(name)` came to its end",
        hint: didYouMean(name, among: steps)
          ?? "the steps are \(steps.joined(separator: ", ")); those inside others are written like "
          + "stores[0]/device")
    case .violation(let violation, let report):
      finding = Finding(undisturbed: violation, report)
    }
  }

  /// How many times faster than real time the runs were; nil when there were none.
  var ratio: Double? {
    guard result.tally.runs > 0, realTime > .zero else { return nil }
    return result.tally.virtualTime / realTime
  }
}
