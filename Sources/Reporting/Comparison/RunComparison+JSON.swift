import Events
import Expressions
import Operations

/// The form that `schemas/diff.schema.json` describes.
extension RunComparison {
  /// One line of JSON; `extent` says whether steps that are the same are listed.
  package func json(_ extent: Extent = .differences) -> String {
    EncodedJSON.object([
      "version": .count(EncodedEvent.version), "type": "diff", "differs": .bool(differs),
      "secretsCompared": .bool(comparesSecrets), "from": from.json, "to": to.json,
      "time": time?.json, "facts": .list(facts.map(\.json)), "inputs": .list(inputs.map(\.json)),
      "counts": counts.json,
      "steps": .list(steps.filter { shows($0, extent) }.map(\.json)),
      "outputs": .list(outputs.map(\.json)), "ending": .list(ending.map(\.json)),
    ]).line + "\n"
  }
}

extension RunComparison.Heading {
  fileprivate var json: EncodedJSON {
    .object([
      "run": run.map { .text($0.text) }, "playbook": playbook.map(EncodedJSON.text),
      "startedAt": startedAt.map(EncodedJSON.instant), "state": .text(ending),
      "elapsedMilliseconds": duration.map(EncodedJSON.milliseconds),
    ])
  }
}

extension RunComparison.Counts {
  fileprivate var json: EncodedJSON {
    .object([
      "same": .count(same), "different": .count(different), "onlyFrom": .count(removed),
      "onlyTo": .count(added), "slower": .count(slower), "faster": .count(faster),
    ])
  }
}

extension ComparedValue {
  fileprivate var json: EncodedJSON {
    .object([
      "name": .text(name), "from": from.map(EncodedValue.json), "to": to.map(EncodedValue.json),
      "secret": [from, to].contains { $0?.holdsSecret ?? false } ? .bool(true) : nil,
      "generated": isGenerated ? .bool(true) : nil,
    ])
  }
}

extension ComparedTime {
  fileprivate var json: EncodedJSON {
    .object([
      "fromMilliseconds": .milliseconds(from), "toMilliseconds": .milliseconds(to),
      "differenceMilliseconds": .milliseconds(difference),
      "differencePercent": percent.map { .number(($0 * 10).rounded() / 10) },
      "notable": .bool(isNotable),
    ])
  }
}

extension ComparedStep {
  fileprivate var json: EncodedJSON {
    var (first, second, count): (Side?, Side?, Int?)
    switch presence {
    case .both(let before, let after): (first, second) = (before, after)
    case .removed(let side, let steps): (first, count) = (side, steps)
    case .added(let side, let steps): (second, count) = (side, steps)
    }
    return .object([
      "presence": .text(first == nil ? "to" : second == nil ? "from" : "both"),
      "same": .bool(isSame), "from": first?.json, "to": second?.json,
      "steps": count.map(EncodedJSON.count),
      "differences": differences.isEmpty ? nil : .list(differences.map(\.json)),
      "time": time?.json,
    ])
  }
}

extension ComparedStep.Side {
  fileprivate var json: EncodedJSON {
    .object([
      "step": .text(path.description), "label": .text(label), "name": name.map(EncodedJSON.text),
      "kind": kind.map { .text($0.rawValue) }, "subject": subject.map(EncodedJSON.text),
      "outcome": outcome.map { .text($0.rawValue) },
    ])
  }
}
