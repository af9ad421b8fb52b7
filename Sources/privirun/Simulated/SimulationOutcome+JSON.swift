import Events
import Expressions
import Machine
import Operations
import Sandbox
import Simulation

/// The report for programs (`schemas/simulation.schema.json`).
extension SimulationOutcome {
  /// One line of JSON.
  var json: String { encoded.line + "\n" }

  private var encoded: EncodedJSON {
    let tally = result.tally
    return .object([
      "version": .count(EncodedEvent.version),
      "type": "simulation",
      "playbook": .text(order.playbook),
      "seed": .text(String(order.seed)),
      "faultSpec": .text(order.faults.description),
      "crashMode": .text(order.crashes.rawValue),
      "planMode": .text(order.plans.rawValue),
      "after": order.after.map { .text($0) },
      "runs": .count(result.runs),
      "crashPoints": .count(result.points),
      "crashPairs": .count(result.pairs),
      "plans": .count(result.plans.plans),
      "planSteps": Self.counts(
        StateChange.Kind.allCases.map { ($0.rawValue, result.plans.steps[$0]) }),
      "planEnds": .object([
        "refused": .count(result.plans.refusals), "unknown": .count(result.plans.openEnds),
        "conflict": .count(result.plans.conflicts),
      ]),
      "crashes": .count(tally.crashes),
      "resolutions": .count(tally.resolutions),
      "faults": Self.counts(FaultKind.allCases.map { ($0.rawValue, tally.faults[$0]) }),
      "outcomes": Self.counts(Outcome.allCases.map { ($0.rawValue, tally.outcomes[$0]) }),
      "comparesFinalState": .bool(comparesFinalState),
      "virtualMilliseconds": .milliseconds(tally.virtualTime.whole),
      "realMilliseconds": .milliseconds(realTime.whole),
      "ratio": ratio.map { .count(Int($0)) },
      "violation": finding.map(Self.encoded),
    ])
  }

  /// The counts that there are, by name.
  private static func counts(_ counts: [(name: String, count: Int?)]) -> EncodedJSON {
    var map = ValueMap()
    for (name, count) in counts { map[name] = count.map { .int(Int64($0)) } }
    return EncodedValue.json(map)
  }

  private static func encoded(_ finding: Finding) -> EncodedJSON {
    let violation = finding.violation
    return .object([
      "property": .text(violation.property.rawValue),
      "summary": .text(violation.property.summary),
      "detail": .text(violation.detail),
      "seed": finding.isUndisturbed ? nil : .text(String(finding.smallest.seed)),
      "attempts": .count(finding.attempts),
      "eventCount": .count(violation.eventCount),
      "crashes": .list((finding.report?.crashes ?? []).map(encoded)),
      "faults": .list(
        (finding.report?.trace?.injections ?? []).map { injection, moment in
          .object([
            "kind": .text(injection.kind.rawValue), "decision": .count(injection.decision),
            "at": .instant(moment),
          ])
        }),
      "events": .list(events(of: finding)),
    ])
  }

  private static func encoded(_ crash: Simulation.PerformedCrash) -> EncodedJSON {
    .object([
      "point": .count(crash.point.number), "eventCount": .count(crash.point.eventCount),
      "place": .text(crash.point.place.phrase), "at": .instant(crash.point.at),
      "downtimeMilliseconds": .milliseconds(crash.downtime),
    ])
  }

  private static func events(of finding: Finding) -> [EncodedJSON] {
    guard let report = finding.report, let run = report.state.start?.run else { return [] }
    return report.events.map { EncodedEvent($0, of: run).json }
  }
}

extension Duration {
  /// The same in whole milliseconds.
  fileprivate var whole: Duration { .milliseconds(wholeNanoseconds / 1_000_000) }
}
