import Events
import Expressions
import Operations
import Playbooks

/// The outputs for programs.
extension DriftReport {
  /// One line of JSON (`schemas/drift.schema.json`); secrets masked.
  package var json: String {
    let (heading, ending) = (plan.heading, plan.ending)
    return EncodedJSON.object([
      "version": .count(EncodedEvent.version), "type": "drift",
      "playbook": heading.playbook.map(EncodedJSON.text),
      "file": heading.file.map(EncodedJSON.text), "labels": EncodedEvent.json(of: heading.labels),
      "service": heading.service.map(EncodedEvent.json(of:)), "since": baseline.json,
      "outcome": .text(ending.word), "cause": ending.cause.map(EncodedJSON.text),
      "failure": ending.failure.map(EncodedEvent.json(of:)),
      "failedStep": ending.step.map { .text($0.description) }, "hasDrift": .bool(hasDrift),
      "same": .count(sameCount), "drifted": .list(items.map(\.json)),
    ]).line + "\n"
  }

  /// A JUnit report with a test case for each thing, which fails where it is not as it was left; ends in a
  /// newline.
  ///
  /// What is not known, and what is left out, counts as skipped.
  package var junit: String {
    let drifted = Dictionary(grouping: items, by: \.path)
    let known = plan.signed.map { item in
      let verdict = drifted[item.path].map(Self.verdict) ?? item.driftVerdict
      return JUnitSuite.Case(name: item.step.label, verdict: verdict)
    }
    var others = Set(drifted.keys).subtracting(plan.signed.map(\.path))
    let rest = items.compactMap { item in
      others.remove(item.path).map { path in
        JUnitSuite.Case(name: path.description, verdict: Self.verdict(drifted[path] ?? []))
      }
    }
    return plan.suite(known + rest).text
  }

  private static func verdict(_ items: [DriftedItem]) -> JUnitSuite.Verdict {
    let style = TerminalStyle()
    let parts = items.map { item in
      let name = item.title == item.operation ? item.title : "\(item.title), \(item.operation)"
      return "\(item.kind.rawValue): \(name)"
    }
    let details = items.flatMap { item in
      [item.reason].compactMap(\.self)
        + item.differences.map { item.text(of: $0, style, limit: nil) }
    }
    return .failed(
      type: items.first?.kind.rawValue ?? "", message: parts.joined(separator: "; "),
      details: details)
  }
}

extension PlannedItem {
  /// The verdict of a thing that is as it was left, whatever the playbook asks for now.
  fileprivate var driftVerdict: JUnitSuite.Verdict {
    switch sign {
    case .create?, .change?, .remove?, .drift?, .conflict?, .unchanged?, nil: .passed
    case .unknown?, .skipped?, .failed?: verdict
    }
  }
}

extension DriftReport.Baseline {
  fileprivate var json: EncodedJSON {
    .object(["run": .text(run.text), "finishedAt": .instant(finishedAt)])
  }
}

extension DriftedItem {
  fileprivate var json: EncodedJSON {
    .object([
      "step": .text(path.description), "title": .text(title), "operation": .text(operation),
      "kind": .text(kind.rawValue), "reason": reason.map(EncodedJSON.text),
      "differences": .list(differences.map(Self.json)),
    ])
  }

  private static func json(_ difference: Lookup.Difference) -> EncodedJSON {
    let isSecret = difference.asked.holdsSecret || difference.found.holdsSecret
    return .object([
      "field": .text(difference.field), "left": EncodedValue.json(difference.asked),
      "found": EncodedValue.json(difference.found), "secret": isSecret ? .bool(true) : nil,
    ])
  }
}
