package import Events
package import Operations

/// Draws the run as a live tree on a terminal.
///
/// Parts that are done scroll up for good; the rest is redrawn in place, at most thirty times a
/// second of event time, and whenever `tick` is called.
package struct PrettyRecorder: RunRecorder {
  private static let pauseBetweenDrawings = Duration.milliseconds(33)

  private let renderer: TreeRenderer
  private let size: @Sendable () -> TerminalSize
  private let write: @Sendable (String) -> Void
  private var tree: RunTree
  private var region = LiveRegion()
  private var drawnAt: Moment?
  private var printsHeader = false
  /// How many of the outermost steps have scrolled up.
  private var printedRoots = 0

  /// `size` is asked before every drawing, so that a resized terminal is noticed; commands that it
  /// suggests name `journal`, where there is one.
  package init(
    style: TerminalStyle, journal: JournalReference? = nil,
    size: @escaping @Sendable () -> TerminalSize,
    write: @escaping @Sendable (String) -> Void
  ) {
    tree = RunTree(journal: journal, isBrief: true)
    renderer = TreeRenderer(style: style)
    self.size = size
    self.write = write
  }

  /// Applies the event; it is drawn with the next one.
  package mutating func recall(_ event: RunEvent) {
    tree.apply(event)
    printsHeader = true
  }

  /// Leaves the last drawing on the terminal; the next one comes below it.
  package mutating func yieldTerminal() {
    region = LiveRegion()
  }

  /// Applies the event and draws, unless the last drawing is less than 33 ms of event time ago.
  ///
  /// The start and the end of the run, requests to stop and changes of the service are drawn at
  /// once.
  package mutating func record(_ event: RunEvent) {
    tree.apply(event)
    switch event.kind {
    case .runStarted:
      printsHeader = true
      draw(at: event.at)
    case .serviceChanged, .cancelRequested, .approvalRequested, .undoing, .internalError,
      .runFinished, .runResumed:
      draw(at: event.at)
    case .sessionChanged, .stepStarted, .attemptStarted, .stepReused, .requestIntended,
      .actionIntended, .requestAnswered, .commandPending, .commandSettled, .doubtSettled,
      .stateCompared,
      .dataArrived,
      .stepWaiting, .approvalDecided, .attemptFailed, .workEnded, .effectRecorded, .stopping,
      .stepFinished,
      .rollout:
      if let drawnAt, event.at - drawnAt < Self.pauseBetweenDrawings { return }
      draw(at: event.at)
    }
  }

  /// Draws the tree as it looks at `now`, between the start and the end of the run.
  package mutating func tick(at now: Moment) {
    guard tree.overview.start != nil, tree.overview.result == nil else { return }
    draw(at: now)
  }

  private mutating func draw(at now: Moment) {
    drawnAt = now
    let terminal = size()
    let size = TerminalSize(columns: terminal.columns - 1, lines: terminal.lines)
    var permanent = printsHeader ? renderer.header(tree, width: size.columns) : []
    printsHeader = false
    while printedRoots < tree.roots.count,
      tree.overview.result != nil || tree.isDone(tree.roots[printedRoots])
    {
      permanent += renderer.finished(
        root: tree.roots[printedRoots], of: tree, at: now, width: size.columns)
      printedRoots += 1
    }
    var live: [String] = []
    if tree.overview.result == nil {
      live = renderer.live(roots: tree.roots[printedRoots...], of: tree, at: now, size: size)
    } else {
      permanent += renderer.summary(tree, width: size.columns)
    }
    let text = region.redraw(permanent: permanent, lines: live, columns: terminal.columns)
    if !text.isEmpty { write(text) }
  }
}
