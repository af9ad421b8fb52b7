package import Events
package import Operations

/// The report of a rollout, as `privirun report ROLLOUT` writes it.
///
/// It goes through the tenants twice and keeps little of them, so that there may be many.
///
///     try RolloutReport(view, TenantSource(rows)).write(.html) { try file.append($0) }
package struct RolloutReport {
  let view: RolloutView
  let source: TenantSource
  /// Where it stands if it is not over.
  let progress: RunProgress?
  let journal: JournalReference?
  private let now: Moment?

  /// The report of the rollout of `view` with the tenants of `source`.
  ///
  /// Of a rollout that is not over, `progress` is where it stands, and `now` when, which counts while a process
  /// drives it. Suggested commands name the `journal` unless it is nil.
  package init(
    _ view: RolloutView, _ source: TenantSource, _ progress: RunProgress? = nil,
    journal: JournalReference? = nil, at now: Moment? = nil
  ) {
    self.progress = view.result == nil ? progress : nil
    self.view = view
    self.source = source
    self.journal = journal
    self.now = self.progress?.driver == nil ? nil : now
  }

  /// Gives the report to `write` in pieces, in order; throws what that or the source throws.
  package func write(_ format: ReportFormat, to write: (String) throws -> Void) throws {
    let digest = try digest()
    switch format {
    case .html: try writePage(digest, to: write)
    case .junit: try writeJUnit(digest, to: write)
    case .json: try writeJSON(digest, to: write)
    case .markdown: try write(markdown(digest))
    case .csv: try writeTable(to: write)
    }
  }

  /// The whole report as one text.
  package func text(_ format: ReportFormat) throws -> String {
    var text = ""
    try write(format) { text += $0 }
    return text
  }

  /// When what is in progress is looked at.
  var end: Moment? { now ?? view.latestAt }

  private func digest() throws -> RolloutDigest {
    var digest = RolloutDigest(view, end: end)
    try source.visit { digest.add($0) }
    return digest
  }
}

/// What a report has to know of all tenants before it writes about the first.
struct RolloutDigest: Sendable {
  /// So many tenants are shown with their steps.
  static let mostDetails = 100
  private static let mostBars = 60

  private(set) var counts = TenantCounts()
  private(set) var reasons = ReasonTable()
  private(set) var changes = ChangeCounts()
  private(set) var verdicts = JUnitSuite.Counts()
  private(set) var bars: BoundedBars
  /// The first tenants that need attention.
  private(set) var details: [TenantRow] = []
  /// When the last thing happened, in the rollout or in a run of it.
  private(set) var latestAt: Moment?

  init(_ view: RolloutView, end: Moment?) {
    latestAt = view.latestAt
    bars = BoundedBars(limit: Self.mostBars, end: end ?? Moment(nanoseconds: 0))
  }

  mutating func add(_ row: TenantRow) {
    counts[row.state] += 1
    reasons.add(row)
    verdicts.add(row.verdict)
    for (kind, count) in row.changes.counts { changes.add(kind, count: count) }
    for moment in [row.startedAt, row.endedAt].compactMap(\.self) {
      latestAt = max(latestAt ?? moment, moment)
    }
    if let start = row.startedAt {
      let bar = TimelineDrawing.Bar(
        label: row.name, start: start, end: row.endedAt, state: row.state.words,
        role: row.state.role)
      bars.add(bar, isNotable: row.state.needsAttention)
    }
    if row.state.needsAttention, details.count < Self.mostDetails { details.append(row) }
  }

  /// How many tenants need attention.
  var attentionCount: Int {
    TenantState.allCases.filter(\.needsAttention).reduce(0) { $0 + counts[$1] }
  }
}

extension RolloutReport {
  /// How the rollout ended, or where it stands.
  var state: (word: String, role: TerminalStyle.Role) {
    if let outcome = view.result?.outcome { return (outcome.word, outcome.role) }
    return (view.standing(progress), .active)
  }

  var title: String { view.start?.name ?? "rollout" }

  var commands: RolloutCommands? {
    view.start.map { RolloutCommands(of: $0.rollout, journal: journal) }
  }

  /// What to do next, the most urgent first; what a process drives needs nothing.
  func next(_ digest: RolloutDigest) -> [String] {
    guard let commands else { return [] }
    return progress?.driver == nil
      ? commands.next(after: digest.counts, view) : commands.next(during: view)
  }

  /// What the rollout is and how it went, in names and texts.
  func facts(_ digest: RolloutDigest) -> [(name: String, text: String)] {
    guard let start = view.start else { return [] }
    var facts = [("rollout", start.rollout.text)]
    func add(_ name: String, _ text: String?) {
      if let text, !text.isEmpty { facts.append((name, text)) }
    }
    add("file", start.file)
    add("playbook", start.playbook)
    add("mode", start.mode == .apply ? nil : start.mode.rawValue)
    add("environment", start.environment)
    add("service", start.service?.shortText)
    add("labels", start.labels.text)
    add("tenants", "\(start.tenantCount) from \(start.tenantsFile)")
    add("started", view.startedAt?.text)
    add(view.result == nil ? "last event" : "ended", digest.latestAt?.text)
    if let startedAt = view.startedAt, let latestAt = digest.latestAt {
      let parts = view.resumptions.isEmpty ? "" : " (\(view.resumptions.count + 1) parts)"
      add("elapsed", ElapsedText.text(latestAt - startedAt) + parts)
    }
    if start.stages.count > 1 { add("stage", "\(view.stage) of \(start.stages.count)") }
    add("stopped", (view.result?.stop ?? view.stop)?.text)
    add("changes", digest.changes.text)
    add("version", start.version)
    return facts
  }
}
