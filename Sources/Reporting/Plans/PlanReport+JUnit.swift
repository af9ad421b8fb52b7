import Diagnostics
import Events
import Operations
import Playbooks

extension PlanReport {
  /// The plan as a JUnit report, a test case for each thing; ends in a newline.
  ///
  /// What is as asked passes. What would be created, changed or removed fails, and so does what differs and
  /// stays. What is not known, and what is left out, counts as skipped.
  package var junit: String {
    suite(signed.map { JUnitSuite.Case(name: $0.step.label, verdict: $0.verdict) }).text
  }

  /// A suite of this playbook; the failure of a plan that no case shows is a case of its own.
  func suite(_ cases: [JUnitSuite.Case]) -> JUnitSuite {
    let service = heading.service.map { [("service", $0.shortText)] } ?? []
    let environment = heading.environment.map { [("environment", $0)] } ?? []
    let labels = heading.labels.map { ("label \($0.name)", $0.value) }
    return JUnitSuite(
      name: heading.playbook ?? "plan", file: heading.file,
      properties: service + environment + labels,
      cases: cases + endingCase(besides: cases))
  }

  private func endingCase(besides cases: [JUnitSuite.Case]) -> [JUnitSuite.Case] {
    let hasError = cases.contains { if case .error = $0.verdict { true } else { false } }
    switch ending {
    case .complete: return []
    case .failed where hasError: return []
    case .failed(let failure, _):
      return [JUnitSuite.Case(name: "plan", verdict: .init(failure))]
    case .incomplete(let how):
      let verdict = JUnitSuite.Verdict.error(type: "incomplete", message: how, details: [])
      return [JUnitSuite.Case(name: "plan", verdict: verdict)]
    }
  }
}

extension JUnitSuite.Verdict {
  init(_ failure: Failure) {
    self = .error(
      type: failure.kind.rawValue, message: failure.message,
      details: [failure.location?.description, failure.hint].compactMap(\.self))
  }
}

extension PlannedItem {
  /// How a plan says whether a thing is as asked.
  var verdict: JUnitSuite.Verdict {
    switch sign {
    case .unchanged?, nil: return .passed
    case .skipped?: return .skipped(message: "skipped")
    case .unknown?: return .skipped(message: reason ?? StateChange.Kind.unknown.phrase)
    case .failed?: return failure.map(JUnitSuite.Verdict.init) ?? .passed
    case .create?: return difference("to create")
    case .change?: return difference("to change")
    case .remove?: return difference("to remove")
    case .drift?: return difference("differs and stays")
    case .conflict?: return difference("conflict")
    }
  }

  private func difference(_ what: String) -> JUnitSuite.Verdict {
    let parts = [title == subject ? nil : title, subject].compactMap(\.self)
    let message = "\(what): \(parts.joined(separator: ", "))"
    let fields = differences.map {
      $0.planText(TerminalStyle(), limit: nil, stays: sign?.stays ?? false)
    }
    return .failed(
      type: sign?.rawValue ?? "", message: message,
      details: [reason, failure?.message].compactMap(\.self) + fields)
  }
}
