package import Events
package import Operations

/// Writes a line for each tenant that ended, one for each change of the rollout, and one with the progress every
/// few seconds; for logs and other places that are no terminal.
package struct RolloutPlainRecorder: RolloutRecorder {
  private let style: TerminalStyle
  private let journal: JournalReference?
  private let reportFile: String?
  private let interval: Duration
  private let write: @Sendable (String) -> Void
  private var progress = RolloutProgress()
  /// When the progress was written last.
  private var writtenAt: Moment?
  private var writtenCount = 0

  /// A recorder that gives each line, with its newline, to `write`; the progress at most every `interval`.
  ///
  /// Commands that it suggests name `journal`, where there is one; `reportFile` is where the report will be.
  package init(
    style: TerminalStyle, journal: JournalReference? = nil, reportFile: String? = nil,
    interval: Duration = .seconds(10), write: @escaping @Sendable (String) -> Void
  ) {
    self.style = style
    self.journal = journal
    self.reportFile = reportFile
    self.interval = interval
    self.write = write
  }

  /// Remembers the event, so that later ones are understood.
  package mutating func recall(_ event: RunEvent) { progress.recall(event) }

  /// Remembers how the tenant stands.
  package mutating func recall(_ row: TenantRow) { progress.recall(row) }

  /// Writes what the event adds, and the progress when it is time.
  package mutating func record(_ event: RunEvent, of run: RunID) {
    if let ended = progress.apply(event, of: run) { write(ended.line(style)) }
    if case .rollout(let kind) = event.kind { write(kind, run) }
    writtenAt = writtenAt ?? event.at
    writeProgress(at: event.at)
  }

  /// Writes a line for the tenant.
  package mutating func leave(_ run: RunID, as state: TenantState) {
    if let ended = progress.leave(run, as: state) { write(ended.line(style)) }
  }

  /// Writes a line for the tenant.
  package mutating func hold(_ tenant: String, until other: RunID) {
    write(HeldTenant.line(tenant, until: other))
  }

  /// Writes the progress when it is time.
  package mutating func tick(at now: Moment) {
    progress.tick(at: now)
    writeProgress(at: now)
  }

  private func write(_ event: RolloutEvent, _ rollout: RunID) {
    switch event {
    case .finished:
      let ending = RolloutEnding(progress: progress, journal: journal, reportFile: reportFile)
      for line in ending.lines(style) { write(line + "\n") }
    case .tenantRefused: break
    case .started, .stageStarted, .stageProved, .baking, .gateEvaluated, .approvalRequested,
      .approvalDecided, .paused, .unpaused, .stopping, .resumed:
      write(event.line(RolloutCommands(of: rollout, journal: journal)))
    }
  }

  private mutating func writeProgress(at now: Moment) {
    guard progress.view.result == nil, let writtenAt, now - writtenAt >= interval else { return }
    // Where nothing ends, the same line need not come as often.
    guard progress.endedCount != writtenCount || now - writtenAt >= interval * 6 else { return }
    self.writtenAt = now
    writtenCount = progress.endedCount
    write(progress.line)
  }

  private func write(_ line: StyledLine) {
    var whole = StyledLine(ElapsedText.offset(progress.elapsed ?? .zero), .faint)
    whole.append("  ")
    whole.append(line)
    write(whole.rendered(style) + "\n")
  }
}
