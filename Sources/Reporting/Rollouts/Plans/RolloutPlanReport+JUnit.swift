import Diagnostics
import Events
import Playbooks

extension RolloutPlanReport {
  /// The plan as a JUnit report, a test case for each tenant; ends in a newline.
  ///
  /// A tenant for which nothing is to be done passes. One with something to create, change or remove fails,
  /// and so does one with what differs and stays, or what drifted. One of which too little is known counts as
  /// skipped, and one without a complete plan is an error.
  package var junit: String {
    let service = heading.service.map { [("service", $0.shortText)] } ?? []
    let environment = heading.environment.map { [("environment", $0)] } ?? []
    let cases = tenants.rows.map { row in
      JUnitSuite.Case(name: row.tenant, verdict: tenants[row].verdict(row.problem))
    }
    return JUnitSuite(
      name: heading.name, file: heading.file,
      properties: [("playbook", heading.playbook), ("mode", heading.mode.rawValue)] + service
        + environment + [("tenants", "\(heading.tenantCount)")],
      cases: cases + missingCase
    ).text
  }

  /// Tenants that were not planned have a case together.
  private var missingCase: [JUnitSuite.Case] {
    guard missing > 0 else { return [] }
    let message = "\(TenantNames.count(missing)) not planned"
    return [
      JUnitSuite.Case(
        name: "plan", verdict: .error(type: "incomplete", message: message, details: []))
    ]
  }
}

extension TenantOutline {
  fileprivate func verdict(_ problem: TenantProblem?) -> JUnitSuite.Verdict {
    switch problem {
    case .failed(let failure, let step)?:
      return .error(
        type: failure.kind.rawValue, message: failure.message,
        details: [
          step.map { "step: \($0)" }, failure.location?.description, failure.hint,
        ].compactMap(\.self))
    case .incomplete(let cause)?:
      return .error(type: "incomplete", message: cause, details: [])
    case .refused(let refusal)?:
      return .error(
        type: "not-started", message: refusal.reason, details: [refusal.hint].compactMap(\.self))
    case nil: break
    }
    switch subject {
    case .work:
      let differing = PlanSign.allCases.first {
        !$0.isQuiet && $0 != .unknown && counts[$0] > 0
      }
      if let differing {
        let type = hasConflicts ? PlanSign.conflict : differing
        return .failed(type: type.rawValue, message: counts.text, details: [])
      }
      return counts[.unknown] > 0 ? .skipped(message: counts.shortText) : .passed
    case .drift:
      if counts.hasDrift {
        return .failed(type: "drift", message: counts.driftText, details: [])
      }
      return counts[.unknown] > 0
        ? .skipped(message: "\(counts[.unknown]) not compared") : .passed
    }
  }
}
