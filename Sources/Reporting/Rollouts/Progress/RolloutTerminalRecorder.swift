package import Events
package import Operations

/// Draws the progress of a rollout in place on a terminal.
///
/// Tenants that did not succeed, and changes of the rollout, scroll up for good.
package struct RolloutTerminalRecorder: RolloutRecorder {
  private static let pauseBetweenDrawings = Duration.milliseconds(100)

  private let drawing: RolloutDrawing
  private let journal: JournalReference?
  private let reportFile: String?
  private let size: @Sendable () -> TerminalSize
  private let write: @Sendable (String) -> Void
  private var progress = RolloutProgress()
  private var region = LiveRegion()
  private var drawnAt: Moment?
  /// What scrolls up with the next drawing.
  private var permanent: [String] = []

  /// `size` is asked before every drawing, so that a resized terminal is noticed; commands that it suggests
  /// name `journal`, where there is one; `reportFile` is where the report will be.
  package init(
    style: TerminalStyle, journal: JournalReference? = nil, reportFile: String? = nil,
    size: @escaping @Sendable () -> TerminalSize, write: @escaping @Sendable (String) -> Void
  ) {
    drawing = RolloutDrawing(style: style)
    self.journal = journal
    self.reportFile = reportFile
    self.size = size
    self.write = write
  }

  /// Remembers the event, so that later ones are understood.
  package mutating func recall(_ event: RunEvent) { progress.recall(event) }

  /// Remembers how the tenant stands.
  package mutating func recall(_ row: TenantRow) { progress.recall(row) }

  /// Leaves the last drawing on the terminal; the next one comes below it.
  package mutating func yieldTerminal() { region = LiveRegion() }

  /// Applies the event and draws, unless the last drawing is less than 100 ms of event time ago.
  package mutating func record(_ event: RunEvent, of run: RunID) {
    if let ended = progress.apply(event, of: run) { note(ended) }
    if case .rollout(let kind) = event.kind {
      note(kind, of: run)
      draw(at: event.at)
    } else if drawnAt.map({ event.at - $0 >= Self.pauseBetweenDrawings }) ?? true {
      draw(at: event.at)
    }
  }

  /// The tenant scrolls up.
  package mutating func leave(_ run: RunID, as state: TenantState) {
    if let ended = progress.leave(run, as: state) { note(ended) }
  }

  /// The tenant scrolls up.
  package mutating func hold(_ tenant: String, until other: RunID) {
    permanent.append(HeldTenant.line(tenant, until: other).rendered(drawing.style))
  }

  /// Draws the progress as it looks at `now`, between the start and the end of the rollout.
  package mutating func tick(at now: Moment) {
    guard progress.view.start != nil, progress.view.result == nil else { return }
    progress.tick(at: now)
    draw(at: now)
  }

  private mutating func note(_ ended: RolloutProgress.Ended) {
    guard ended.row.state.needsAttention else { return }
    let style = drawing.style
    permanent.append(ended.line(style).rendered(style, width: size().columns - 1))
  }

  private mutating func note(_ event: RolloutEvent, of rollout: RunID) {
    switch event {
    case .tenantRefused, .stageProved, .finished, .baking: break
    case .started, .stageStarted, .gateEvaluated, .approvalRequested, .approvalDecided, .paused,
      .unpaused, .stopping, .resumed:
      // Never cut: it names the service and the environment, or a command.
      let line = event.line(RolloutCommands(of: rollout, journal: journal))
      permanent.append(line.rendered(drawing.style))
    }
  }

  private mutating func draw(at now: Moment) {
    drawnAt = now
    let terminal = size()
    let size = TerminalSize(columns: terminal.columns - 1, lines: terminal.lines)
    var above = permanent
    permanent = []
    var live: [String] = []
    if progress.view.result == nil {
      live = drawing.lines(progress, at: now, size: size)
    } else {
      let ending = RolloutEnding(progress: progress, journal: journal, reportFile: reportFile)
      above += ending.lines(drawing.style, width: size.columns)
    }
    let text = region.redraw(permanent: above, lines: live, columns: terminal.columns)
    if !text.isEmpty { write(text) }
  }
}
