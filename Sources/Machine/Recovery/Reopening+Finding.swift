package import Events
import Operations

extension Reopening {
  /// How the run with these events goes on; they end with its end.
  ///
  /// What failed or was cancelled is attempted again: the innermost step, or the outermost step around
  /// it whose `rescue` or `always` was carried out after that or whose own time was up. What is in doubt is taken up where
  /// it was.
  package init(of events: some Sequence<RunEvent>) {
    var finder = ReopeningFinder(CountedEvents(events).events)
    finder.collect()
    self.init(again: finder.again, continued: finder.continued, pause: .zero)
  }
}

/// Finds the steps that a run goes on with which was over.
private struct ReopeningFinder {
  /// What is recorded of a step since it began.
  private struct Life {
    let isGroup: Bool
    var outcome: Outcome?
    /// How its own work ended, where `rescue` or `always` followed.
    var work: Outcome?
    var hadTimeUp = false
    /// The steps right below it, those of the latest attempt only.
    var children: [StepPath] = []
  }

  private var lives: [StepPath: Life] = [:]
  private var roots: [StepPath] = []
  private(set) var again: [StepPath] = []
  private(set) var continued: [StepPath] = []

  init(_ events: [RunEvent]) {
    for event in events { note(event) }
  }

  private mutating func note(_ event: RunEvent) {
    switch event.kind {
    case .stepStarted(let path, let summary): begin(path, isGroup: summary.kind.isGroup)
    case .attemptStarted(let path, _):
      lives[path]?.children = []
      lives[path]?.hadTimeUp = false
    case .stepFinished(let path, let result): lives[path]?.outcome = result.outcome
    case .workEnded(let path, let end): lives[path]?.work = end.result.outcome
    case .stopping(let path, .timedOut): lives[path]?.hadTimeUp = true
    case _: break
    }
  }

  private mutating func begin(_ path: StepPath, isGroup: Bool) {
    lives[path] = Life(isGroup: isGroup)
    guard let parent = path.stepAround else { return roots.append(path) }
    lives[parent]?.children.append(path)
  }

  /// Goes down from the outermost steps to those that did not end well.
  mutating func collect() {
    for root in roots { collect(root) }
  }

  private func isBad(_ path: StepPath) -> Bool {
    lives[path]?.outcome.map { !$0.allowsContinuation } ?? false
  }

  private mutating func collect(_ path: StepPath) {
    guard isBad(path), let life = lives[path] else { return }
    let bad = life.children.filter(isBad)
    if life.outcome == .inDoubt {
      collectDoubtful(path, life, bad)
    } else {
      collectFailed(path, life, bad)
    }
  }

  /// The request whose effect nobody knows is in the latest part of the step that has one.
  private mutating func collectDoubtful(_ path: StepPath, _ life: Life, _ bad: [StepPath]) {
    for part in [StepPath.Component.always, .rescue] {
      let parts = bad.filter { $0.components[path.depth] == part && isInDoubt($0) }
      if !parts.isEmpty { return parts.forEach { collect($0) } }
    }
    let own = bad.filter { !$0.isAftermath(of: path) }
    guard !own.isEmpty else { return continued.append(path) }
    for child in own { collect(child) }
  }

  private func isInDoubt(_ path: StepPath) -> Bool { lives[path]?.outcome == .inDoubt }

  private mutating func collectFailed(_ path: StepPath, _ life: Life, _ bad: [StepPath]) {
    if let work = life.work {
      let always = bad.filter { $0.components[path.depth] == .always }
      // Its own work is done where only its `always` did not end well.
      guard work.allowsContinuation, !always.isEmpty else { return again.append(path) }
      for child in always { collect(child) }
    } else if !life.isGroup || life.hadTimeUp {
      again.append(path)
    } else if bad.isEmpty {
      // A group that was cancelled between two of its steps goes on with the next one.
      if life.outcome == .cancelled { continued.append(path) } else { again.append(path) }
    } else {
      for child in bad { collect(child) }
    }
  }
}

extension StepPath {
  /// The innermost step around this one; nil for an outermost step.
  fileprivate var stepAround: StepPath? {
    let around = components.dropLast()
    guard
      let end = around.lastIndex(where: { if case .step = $0 { true } else { false } })
    else { return nil }
    return StepPath(components: Array(around[...end]))
  }

  /// Whether it belongs to the `rescue` or `always` of the step at `path`, which is around it.
  fileprivate func isAftermath(of path: StepPath) -> Bool {
    switch components[path.depth] {
    case .rescue, .always: true
    case .step, .iteration, .branch: false
    }
  }
}

extension StepSummary.Kind {
  /// Whether the step has steps of its own.
  fileprivate var isGroup: Bool {
    switch self {
    case .play, .forEach, .parallel, .block: true
    case .call, .local, .assert, .wait, .approve: false
    }
  }
}
