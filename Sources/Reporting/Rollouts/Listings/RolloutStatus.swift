package import Events
package import Operations

/// How a rollout stands, as `privirun rollout status` shows it, also while another process drives it.
package struct RolloutStatus: Sendable {
  private static let mostReasons = 10
  private static let mostTenants = 10

  private let view: RolloutView
  private let progress: RunProgress?
  private let tick: ListedTick?
  private let journal: JournalReference?
  private let now: Moment
  private var counts = TenantCounts()
  private var reasons = ReasonTable()
  private var changes = ChangeCounts()
  /// The tenants in progress that began first.
  private var running: [TenantRow] = []
  private var latestAt: Moment?

  /// How the rollout of `view` stands at `now`; nil `progress` leaves open who drives it.
  ///
  /// The tenants are added one by one. A schedule started it for `tick`, or none did. Suggested commands name
  /// the `journal` unless it is nil.
  package init(
    _ view: RolloutView, _ progress: RunProgress? = nil, tick: ListedTick? = nil,
    journal: JournalReference? = nil, at now: Moment
  ) {
    self.view = view
    self.progress = progress
    self.tick = tick
    self.journal = journal
    self.now = now
    latestAt = view.latestAt
  }

  /// Adds a tenant; each of the selected ones is added once.
  package mutating func add(_ row: TenantRow) {
    counts[row.state] += 1
    reasons.add(row)
    for (kind, count) in row.changes.counts { changes.add(kind, count: count) }
    for moment in [row.startedAt, row.endedAt].compactMap(\.self) {
      latestAt = max(latestAt ?? moment, moment)
    }
    guard row.state == .running else { return }
    running.append(row)
    if running.count > Self.mostTenants * 4 { running = slowest }
  }

  private var slowest: [TenantRow] {
    Array(
      running.sorted { ($0.startedAt ?? now, $0.index) < ($1.startedAt ?? now, $1.index) }
        .prefix(Self.mostTenants))
  }

  /// The rollout, its counts, why tenants did not succeed, what is in progress and what to do next; ends in a
  /// newline.
  package func text(_ style: TerminalStyle) -> String {
    guard let start = view.start else { return "this rollout has no first event\n" }
    var title = StyledLine(start.name, .strong)
    title.append(column: "rollout \(start.rollout)")
    let outcome = view.result?.outcome
    title.append(
      column: outcome?.word ?? view.standing(progress), outcome?.role ?? .active)
    var lines = [title]
    for (name, text) in facts(start) { lines.append(RunDetail.fact(name, text)) }
    if !reasons.isEmpty {
      lines.append(StyledLine())
      lines.append(StyledLine("why tenants did not succeed", .strong))
      lines += reasons.lines(style, limit: Self.mostReasons)
    }
    var text = lines.map { $0.rendered(style) + "\n" }.joined()
    if !running.isEmpty {
      var listing = TenantListing(slowest, at: now)
      listing.running = progress.runningWord
      text += "\n" + listing.text(style)
    }
    if counts[.running] > slowest.count {
      text += "\(counts[.running] - slowest.count) more are \(progress.runningWord)\n"
    }
    let next = nextSteps(start)
    if !next.isEmpty { text += "\n" }
    for (index, sentence) in next.enumerated() {
      text += FailureExplanation.line(index == 0 ? "next" : "", sentence).rendered(style) + "\n"
    }
    return text
  }

  /// The same for programs, on one line (`schemas/rollout-report.schema.json`, without `tenants`).
  package var json: String {
    RolloutJSON.head(
      view, progress, tick: tick, counts: counts, reasons: reasons, changes: changes,
      latestAt: latestAt
    ).line + "\n"
  }

  private func facts(_ start: RolloutStart) -> [(name: String, text: String)] {
    var facts: [(name: String, text: String)] = []
    func add(_ name: String, _ text: String?) {
      if let text, !text.isEmpty { facts.append((name, text)) }
    }
    add("file", start.file)
    add("playbook", start.playbook)
    add("environment", start.environment)
    add("service", start.service?.shortText)
    add("label", start.labels.text)
    add("schedule", tick?.start)
    add("started", view.startedAt?.text)
    if let startedAt = view.startedAt {
      let end = view.endedAt ?? (progress?.driver == nil ? latestAt ?? now : now)
      add("elapsed", ElapsedText.text(end - startedAt))
    }
    add("tenants", counts.text(running: progress.runningWord))
    add("changes", changes.text)
    if start.stages.count > 1 { add("stage", "\(view.stage) of \(start.stages.count)") }
    switch view.hold {
    case .baking(let until):
      add("waits", "after stage \(view.stage), \(ElapsedText.left(until - now)) left")
    case .approval: add("waits", "for the approval to go on after stage \(view.stage)")
    case nil: break
    }
    add("paused", view.pausedAt.map { "since \($0.text)" })
    add("stopped", (view.result?.stop ?? view.stop)?.text)
    return facts
  }

  private func nextSteps(_ start: RolloutStart) -> [String] {
    let commands = RolloutCommands(of: start.rollout, journal: journal)
    // What a process drives needs nothing.
    guard progress?.driver == nil else { return commands.next(during: view) }
    return commands.next(after: counts, view) + ["`\(commands.report)` writes a report"]
  }
}
