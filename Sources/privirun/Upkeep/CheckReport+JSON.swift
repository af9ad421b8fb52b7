import Events
import Journaling

/// The report for programs (`schemas/journal-check.schema.json`).
extension CheckReport {
  /// One line of JSON about the journal at `path`.
  func json(_ path: String) -> String {
    let line = EncodedJSON.object([
      "version": .count(EncodedEvent.version), "journal": .text(path), "intact": .bool(isIntact),
      "counts": .object([
        "rollouts": .count(counts.rollouts), "runs": .count(counts.runs),
        "events": .count(counts.events), "texts": .count(counts.texts),
        "schedules": .count(counts.schedules), "ticks": .count(counts.ticks),
      ]),
      "problems": .list(problems.map(\.json)), "furtherProblems": .count(furtherProblems),
      "leftovers": .list(leftovers.map(\.json)),
    ]).line
    return line + "\n"
  }
}

extension JournalProblem {
  fileprivate var json: EncodedJSON {
    .object([
      "kind": .text(name),
      "run": record?.kind == .run ? record.map { .text($0.id.text) } : nil,
      "rollout": record?.kind == .rollout ? record.map { .text($0.id.text) } : nil,
      "message": .text(description), "hint": hint.map { .text($0) },
    ])
  }
}

extension JournalLeftover {
  fileprivate var json: EncodedJSON {
    .object(["kind": .text(name), "message": .text(description), "hint": .text(hint)])
  }
}
