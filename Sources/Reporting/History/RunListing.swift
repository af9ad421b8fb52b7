import Diagnostics
package import Events
import Expressions
package import Operations

/// The runs of a journal, as `privirun runs` shows them.
package struct RunListing: Sendable {
  private let runs: [RunSummary]
  private let progress: [RunID: RunProgress]
  private let elapsed: [RunID: Duration]
  private let now: Moment
  private let isFiltered: Bool

  /// Shows `runs` in the order given, with their age at `now`; `progress` is that of unfinished ones,
  /// and a list that is filtered leaves others out.
  ///
  /// `elapsed` is how long runs were in progress; others were so from their first event to the last.
  package init(
    _ runs: [RunSummary], _ progress: [RunID: RunProgress] = [:],
    elapsed: [RunID: Duration] = [:], at now: Moment, isFiltered: Bool = false
  ) {
    self.elapsed = elapsed
    self.isFiltered = isFiltered
    self.runs = runs
    self.progress = progress
    self.now = now
  }

  /// A table with a head line, or a sentence when there are no runs; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    guard !runs.isEmpty else {
      return isFiltered
        ? "no run has these labels\n" : "no runs yet: `privirun run PLAYBOOK` makes one\n"
    }
    let showsEnvironments = runs.contains { $0.environment != nil }
    let showsLabels = runs.contains { !$0.labels.isEmpty }
    let cells = runs.map { run in
      [
        run.run.text, Self.started(run), ElapsedText.age(now - run.startedAt),
        style.printable(run.playbook), style.printable(outcomeWord(of: run)),
        since(run).map { "\(ElapsedText.age(now - $0)) ago" } ?? "",
        ElapsedText.text(elapsed(run)), String(run.eventCount),
      ] + (showsEnvironments ? [style.printable(run.environment ?? "")] : [])
        + (showsLabels ? [style.printable(run.labels.text)] : [])
    }
    let head =
      ["RUN", "STARTED", "AGE", "PLAYBOOK", "OUTCOME", "SINCE", "ELAPSED", "EVENTS"]
      + (showsEnvironments ? ["ENVIRONMENT"] : []) + (showsLabels ? ["LABELS"] : [])
    let widths = head.indices.map { column in
      ([head] + cells).map { DisplayWidth.columns(of: $0[column]) }.max() ?? 0
    }
    var text = style.paint(Self.row(head, widths), .faint) + "\n"
    for (run, row) in zip(runs, cells) {
      text += style.paint(Self.row(row, widths), run.outcome.map(\.listRole) ?? .active) + "\n"
    }
    return text
  }

  /// One line of JSON: `{"version":1,"runs":[…]}` (`schemas/runs.schema.json`).
  package var json: String {
    let line = EncodedJSON.object([
      "version": .count(EncodedEvent.version), "runs": .list(runs.map(json)),
    ]).line
    return line + "\n"
  }

  /// Such as `2026-01-01 00:00:00Z`.
  private static func started(_ run: RunSummary) -> String {
    "\(run.startedAt.calendarTime.text.replacing("T", with: " "))Z"
  }

  private static func row(_ cells: [String], _ widths: [Int]) -> String {
    var row = ""
    for (column, cell) in cells.enumerated() {
      row += cell
      guard column < cells.count - 1 else { break }
      row += String(
        repeating: " ", count: widths[column] - DisplayWidth.columns(of: cell) + 2)
    }
    return row
  }
}

extension RunListing {
  /// The outcome, or where a run stands that has none yet.
  private func outcomeWord(of run: RunSummary) -> String {
    run.outcome?.word ?? progress[run.run]?.text ?? "unfinished"
  }

  /// Since when a run is over, or stands where it does; nil where that is not known.
  private func since(_ run: RunSummary) -> Moment? {
    run.outcome == nil ? progress[run.run]?.since : run.lastEventAt
  }

  private func elapsed(_ run: RunSummary) -> Duration {
    elapsed[run.run] ?? run.lastEventAt - run.startedAt
  }

  private func json(_ run: RunSummary) -> EncodedJSON {
    .object([
      "run": .text(run.run.text), "playbook": .text(run.playbook), "file": .text(run.file),
      "startedAt": .instant(run.startedAt), "lastEventAt": .instant(run.lastEventAt),
      "elapsedMilliseconds": .milliseconds(elapsed(run)),
      "events": .count(run.eventCount), "outcome": run.outcome.map { .text($0.rawValue) },
      "progress": progress[run.run].map { .text($0.state.rawValue) },
      "driver": progress[run.run]?.driverJSON,
      "since": since(run).map(EncodedJSON.instant),
      "environment": run.environment.map(EncodedJSON.text),
      "labels": EncodedEvent.json(of: run.labels),
    ])
  }
}

extension Outcome {
  /// Runs that went well are not coloured, so that the others stand out.
  fileprivate var listRole: TerminalStyle.Role {
    switch self {
    case .succeeded, .unchanged, .skipped, .tolerated: .plain
    case .failed, .cancelled, .inDoubt: role
    }
  }
}
