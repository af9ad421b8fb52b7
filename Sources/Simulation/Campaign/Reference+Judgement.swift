import Events
import Machine
import Operations
import Sandbox

/// Whether a run that was disturbed came to what it should.
extension Reference {
  /// A process that is away for longer may find that limits have passed.
  private static let harmlessDowntime = Duration.seconds(2)

  /// The property that the run broke, be it on its way or by what it came to.
  func violation(in report: SimulationReport) -> Violation? {
    if let violation = report.violation { return violation }
    if isComparable(report), let difference = difference(of: report) {
      return Self.found(.finalState, difference, in: report)
    }
    return unexplainedEnd(of: report)
  }

  /// Whether the run is to leave what the undisturbed one did: it succeeded, or failed in the same step and
  /// took back everything.
  private func isComparable(_ report: SimulationReport) -> Bool {
    if report.result.outcome == .succeeded { return true }
    let undone = Self.overview(of: report).undone
    return report.result.outcome == result.outcome && report.result.failedStep == result.failedStep
      && undone.isOfRun && undone.doneCount == undone.count
  }

  private static func overview(of report: SimulationReport) -> RunOverview {
    var overview = RunOverview()
    for event in report.events { overview.apply(event) }
    return overview
  }

  /// What the run left that an undisturbed one does not leave, or the other way round.
  private func difference(of report: SimulationReport) -> String? {
    if let inventory, report.inventory != inventory {
      let lines = report.inventory.differences(from: inventory)
      return "the service holds something else: \(lines.joined(separator: "; "))"
    }
    if let paths, report.paths != paths {
      let paths = report.paths.symmetricDifference(paths).sorted()
      return "other files are there: \(paths.joined(separator: ", "))"
    }
    return nil
  }

  /// Without faults, and when nobody was away for long, a run ends as it does without crashes: doubt is
  /// resolved.
  private func unexplainedEnd(of report: SimulationReport) -> Violation? {
    let outcome = report.result.outcome
    guard report.faults.isEmpty, outcome != result.outcome,
      report.crashes.allSatisfy({ $0.downtime <= Self.harmlessDowntime })
    else { return nil }
    return Self.found(.unexplainedFailure, Self.end(of: report), in: report)
  }

  /// What is wrong with an undisturbed run that does not succeed; one that fails and takes back all it changed
  /// did what its playbook is for.
  static func failure(in report: SimulationReport) -> Violation? {
    guard report.result.outcome != .succeeded else { return nil }
    let undone = overview(of: report).undone
    if report.result.outcome == .failed, undone.isOfRun, undone.failed.isEmpty { return nil }
    return found(.unexplainedFailure, "undisturbed, \(end(of: report))", in: report)
  }

  private static func end(of report: SimulationReport) -> String {
    let result = report.result
    let step = result.failedStep.map { " at `\($0)`" } ?? ""
    let reason = result.failure.map { ": \($0.message)" } ?? ""
    return "the run ended \(result.outcome.rawValue)\(step)\(reason)"
  }

  private static func found(
    _ property: Property, _ detail: String, in report: SimulationReport
  ) -> Violation {
    Violation(
      property: property, detail: detail, at: report.events.last?.at ?? Moment(nanoseconds: 0),
      eventCount: report.events.count)
  }
}
