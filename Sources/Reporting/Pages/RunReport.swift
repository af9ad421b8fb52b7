package import Events
package import Operations
import Playbooks

/// The report of one run, as `privirun report RUN` writes it.
///
///     try RunReport(events).write(.html) { try file.append($0) }
package struct RunReport: Sendable {
  let detail: RunDetail
  let progress: RunProgress?

  var tree: RunTree { detail.tree }

  /// The report of the run that `events` record; nil `progress` leaves open where an unfinished run stands.
  ///
  /// Suggested commands name the `journal` unless it is nil. `api` says which reads show what requests did
  /// that were in flight.
  package init(
    _ events: some Sequence<RunEvent>, _ progress: RunProgress? = nil,
    journal: JournalReference? = nil, api: APIDescription? = nil
  ) {
    detail = RunDetail(events, progress, journal: journal, api: api)
    self.progress = progress
  }

  /// Gives the report to `write` in one or more pieces, in order.
  package func write<Problem: Error>(
    _ format: ReportFormat, to write: (String) throws(Problem) -> Void
  ) throws(Problem) {
    switch format {
    case .html: try write(html)
    case .junit: try write(junit)
    case .json: try write(detail.json)
    case .markdown: try write(markdown)
    case .csv: try write(csv)
    }
  }
}

extension RunReport {
  /// How the run ended, or where it stands.
  var state: (word: String, role: TerminalStyle.Role) {
    if let outcome = tree.overview.result?.outcome { return (outcome.word, outcome.role) }
    return (progress?.text ?? "unfinished", .active)
  }

  var title: String { tree.overview.start?.playbook ?? "run" }

  /// What the run is and how it went, in names and texts.
  var facts: [(name: String, text: String)] {
    guard let start = tree.overview.start else { return [] }
    var facts = [("run", start.run.text)]
    if start.file != PlaybookFiles.callName { facts.append(("file", start.file)) }
    func add(_ name: String, _ text: String?) {
      if let text, !text.isEmpty { facts.append((name, text)) }
    }
    add("tenant", start.tenant?.name)
    add("rollout", start.tenant?.rollout.text)
    add("environment", start.environment)
    add("service", tree.overview.service?.shortText)
    add("labels", start.labels.text)
    add("started", tree.overview.startedAt?.text)
    add(tree.overview.result == nil ? "last event" : "ended", tree.overview.latestAt?.text)
    add("elapsed", tree.time.text)
    add("steps", tree.countsText)
    add("changes", tree.overview.changes.text)
    add("undone", tree.overview.undone.countText)
    add("not undone", tree.overview.undone.failedText)
    add("left as changed", tree.overview.undone.keptText)
    add("version", start.version)
    return facts
  }

  /// What to do after this end, in one sentence; nil where nothing is left to do.
  var next: String? {
    guard let outcome = tree.overview.result?.outcome else { return detail.progressText }
    return NextCommands(tree.overview, journal: tree.journal)?.text(after: outcome)
  }
}
