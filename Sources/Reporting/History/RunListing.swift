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
        ? "no run matches\n" : "no runs yet: `privirun run PLAYBOOK` makes one\n"
    }
    let showsEnvironments = runs.contains { $0.environment != nil }
    let showsLabels = runs.contains { !$0.labels.isEmpty }
    let showsTenants = runs.contains { $0.tenant != nil }
    let head =
      ["RUN", "STARTED", "AGE", "PLAYBOOK"] + (showsTenants ? ["TENANT"] : [])
      + ["OUTCOME", "SINCE", "ELAPSED", "EVENTS"] + (showsEnvironments ? ["ENVIRONMENT"] : [])
      + (showsLabels ? ["LABELS"] : [])
    let rows = runs.map { run in
      let place = [
        run.run.text, run.startedAt.listText, ElapsedText.age(now - run.startedAt), run.playbook,
      ]
      let state = [
        outcomeWord(of: run), since(run).map { "\(ElapsedText.age(now - $0)) ago" } ?? "",
        ElapsedText.text(elapsed(run)), String(run.eventCount),
      ]
      return TextTable.Row(
        cells: place + (showsTenants ? [run.tenant?.name ?? ""] : []) + state
          + (showsEnvironments ? [run.environment ?? ""] : [])
          + (showsLabels ? [run.labels.text] : []),
        role: run.outcome.map(\.listRole) ?? .active)
    }
    return TextTable(head: head, rows: rows).text(style)
  }

  /// One line of JSON: `{"version":1,"runs":[…]}` (`schemas/runs.schema.json`).
  package var json: String {
    let line = EncodedJSON.object([
      "version": .count(EncodedEvent.version), "runs": .list(runs.map(json)),
    ]).line
    return line + "\n"
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
      "rollout": run.tenant.map { .text($0.rollout.text) },
      "tenant": run.tenant.map { .text($0.name) },
    ])
  }
}

extension Outcome {
  /// Runs that went well are not coloured, so that the others stand out.
  var listRole: TerminalStyle.Role {
    switch self {
    case .succeeded, .unchanged, .skipped, .tolerated: .plain
    case .failed, .cancelled, .inDoubt: role
    }
  }
}
