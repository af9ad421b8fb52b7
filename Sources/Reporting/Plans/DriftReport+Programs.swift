import Events
import Expressions
import Operations
import Playbooks

/// The outputs for programs.
extension DriftReport {
  /// One line of JSON (`schemas/drift.schema.json`); secrets masked.
  package var json: String { encoded.line + "\n" }

  /// The same as a part of other documents.
  var encoded: EncodedJSON {
    let (heading, ending) = (plan.heading, plan.ending)
    return .object([
      "version": .count(EncodedEvent.version), "type": "drift",
      "playbook": heading.playbook.map(EncodedJSON.text),
      "file": heading.file.map(EncodedJSON.text), "labels": EncodedEvent.json(of: heading.labels),
      "service": heading.service.map(EncodedEvent.json(of:)),
      "environment": heading.environment.map(EncodedJSON.text), "since": baseline.json,
      "outcome": .text(ending.word), "cause": ending.cause.map(EncodedJSON.text),
      "failure": ending.failure.map(EncodedEvent.json(of:)),
      "failedStep": ending.step.map { .text($0.description) }, "hasDrift": .bool(hasDrift),
      "same": .count(finding.same.count), "drifted": .list(items.map(\.json)),
      "notCompared": .list(finding.uncompared.map(\.json)),
    ])
  }

  /// A JUnit report with a test case for each thing that the run left, which fails where it is not as it was
  /// left; ends in a newline.
  ///
  /// What was not compared counts as skipped. A step that could not be planned is an error.
  package var junit: String {
    func verdicts<Item>(
      _ items: [Item], _ path: (Item) -> StepPath, _ verdict: ([Item]) -> JUnitSuite.Verdict
    ) -> [StepPath: JUnitSuite.Verdict] {
      Dictionary(grouping: items, by: path).mapValues(verdict)
    }
    // A step of several things has one case, in which the worst counts.
    var rest = verdicts(finding.same, { $0 }, { _ in .passed })
      .merging(verdicts(finding.uncompared, \.path, Self.verdict)) { $1 }
      .merging(verdicts(items, \.path, Self.verdict)) { $1 }
    let planned = plan.signed.compactMap { item in
      let verdict = rest.removeValue(forKey: item.path)
      return (item.sign == .failed ? item.verdict : verdict).map {
        JUnitSuite.Case(name: item.step.label, verdict: $0)
      }
    }
    let others = (items.map(\.path) + finding.uncompared.map(\.path) + finding.same)
      .compactMap { path in
        rest.removeValue(forKey: path).map {
          JUnitSuite.Case(name: path.description, verdict: $0)
        }
      }
    return plan.suite(planned + others).text
  }

  private static func verdict(_ items: [UncomparedItem]) -> JUnitSuite.Verdict {
    .skipped(message: "not compared: " + items.map(\.reason).joined(separator: "; "))
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

extension DriftReport.Baseline {
  var json: EncodedJSON {
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

extension UncomparedItem {
  fileprivate var json: EncodedJSON {
    .object([
      "step": .text(path.description), "title": .text(title), "operation": .text(operation),
      "reason": .text(reason),
    ])
  }
}
