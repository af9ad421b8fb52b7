package import Events
import Operations

extension Reopening {
  /// How the run with these events goes on; they end with its end.
  ///
  /// What failed or was cancelled is attempted again: the innermost step, or the outermost step around
  /// it whose `rescue` or `always` was carried out after that or whose own time was up. What is in doubt is taken up where
  /// it was.
  ///
  /// A call of one of `guarded` operations that may have had its effect is not attempted again either,
  /// however it ended: it is taken up.
  package init(of events: some Sequence<RunEvent>, guarding guarded: Set<String>) {
    var finder = ReopeningFinder(CountedEvents(events).events, guarded)
    finder.collect()
    self.init(again: finder.again, continued: finder.continued, pause: .zero)
  }
}

/// Finds the steps that a run goes on with which was over.
private struct ReopeningFinder {
  /// What is recorded of a step since it began.
  private struct Life {
    let kind: StepSummary.Kind
    let subject: String?
    /// Whether a request of its latest attempt may have had its effect.
    var mayHaveEffect = false
    /// Whether its other parts were stopped because of one that failed.
    var wasStopped = false
    var outcome: Outcome?
    /// How its own work ended, where `rescue` or `always` followed.
    var work: Outcome?
    var hadTimeUp = false
    /// Whether what was changed below it was taken back.
    var wasUndone = false
    /// The steps right below it, those of the latest attempt only.
    var children: [StepPath] = []

    /// Its attempt is over, and another follows.
    mutating func forget() {
      children = []
      hadTimeUp = false
      wasUndone = false
      wasStopped = false
      mayHaveEffect = false
      work = nil
    }
  }

  private var lives: [StepPath: Life] = [:]
  private var roots: [StepPath] = []
  /// Whether what the run changed was taken back.
  private var wasUndone = false
  private(set) var again: [StepPath] = []
  private(set) var continued: [StepPath] = []

  private let guarded: Set<String>

  init(_ events: [RunEvent], _ guarded: Set<String>) {
    self.guarded = guarded
    for event in events { note(event) }
  }

  private mutating func note(_ event: RunEvent) {
    switch event.kind {
    case .stepStarted(let path, let summary): begin(path, summary)
    case .attemptStarted(let path, _), .attemptFailed(let path, _, _, _): lives[path]?.forget()
    case .runResumed(let resumption):
      for path in resumption.reopening?.again ?? [] { lives[path]?.forget() }
    case .requestIntended(let path, _): lives[path]?.mayHaveEffect = true
    case .requestAnswered(let path, let answer):
      if Calls.effect(of: answer.status, asksToWait: false) == .none {
        lives[path]?.mayHaveEffect = false
      }
    case .commandSettled(let path, let verdict):
      if verdict.state == .rejected { lives[path]?.mayHaveEffect = false }
    case .doubtSettled(let path, let verdict):
      if !verdict.isDone { lives[path]?.mayHaveEffect = false }
    case .stopping(let path, .stepFailed): lives[path]?.wasStopped = true
    case .stepFinished(let path, let result): lives[path]?.outcome = result.outcome
    case .workEnded(let path, let end): lives[path]?.work = end.result.outcome
    case .stopping(let path, .timedOut): lives[path]?.hadTimeUp = true
    case .undoing(.root, _): wasUndone = true
    case .undoing(let path, _): lives[path]?.wasUndone = true
    case _: break
    }
  }

  private mutating func begin(_ path: StepPath, _ summary: StepSummary) {
    lives[path] = Life(kind: summary.kind, subject: summary.subject)
    guard let parent = path.stepAround else { return roots.append(path) }
    lives[parent]?.children.append(path)
  }

  /// Goes down from the outermost steps to those that did not end well.
  ///
  /// Of a run that was undone nothing goes on but what is in doubt since: all of it would have to begin anew.
  mutating func collect() {
    guard wasUndone else {
      for root in roots { collect(root) }
      return
    }
    for root in roots where root.components.first == .undo && isInDoubt(root) { collect(root) }
  }

  private func isBad(_ path: StepPath) -> Bool {
    lives[path]?.outcome.map { !$0.allowsContinuation } ?? false
  }

  private mutating func collect(_ path: StepPath) {
    guard isBad(path), let life = lives[path] else { return }
    let bad = life.children.filter(isBad)
    if life.wasUndone {
      return collectUndone(path, bad)
    }
    if life.outcome == .inDoubt {
      collectDoubtful(path, life, bad)
    } else {
      collectFailed(path, life, bad)
    }
  }

  /// A play that was undone begins anew, unless it is not known what the undoing did.
  private mutating func collectUndone(_ path: StepPath, _ bad: [StepPath]) {
    let doubts = bad.filter { $0.components[path.depth] == .undo && isInDoubt($0) }
    guard !doubts.isEmpty else { return again.append(path) }
    for child in doubts { collect(child) }
  }

  /// The request whose effect nobody knows is in the latest part of the step that has one.
  private mutating func collectDoubtful(_ path: StepPath, _ life: Life, _ bad: [StepPath]) {
    for part in [StepPath.Component.always, .rescue] {
      let parts = bad.filter { $0.components[path.depth] == part && isInDoubt($0) }
      guard parts.isEmpty else {
        for child in parts { collect(child) }
        return
      }
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
      guard work.allowsContinuation, !always.isEmpty else { return takeUp(path, life) }
      for child in always { collect(child) }
    } else if !life.kind.isGroup {
      takeUp(path, life)
    } else if life.hadTimeUp || hasManyFailedRounds(life, bad) {
      again.append(path)
    } else if bad.isEmpty {
      // A group that was cancelled between two of its steps goes on with the next one.
      if life.outcome == .cancelled { continued.append(path) } else { again.append(path) }
    } else {
      for child in bad { collect(child) }
    }
  }
}

extension ReopeningFinder {
  /// Another attempt of the step begins, unless it is a call that may have had its effect and must not be
  /// sent twice.
  private mutating func takeUp(_ path: StepPath, _ life: Life) {
    let isGuarded =
      !life.kind.isGroup && life.mayHaveEffect && guarded.contains(life.subject ?? "")
    if isGuarded { continued.append(path) } else { again.append(path) }
  }

  /// Whether several rounds of a loop did not end well, as happens where failures stop no others: the
  /// loop begins them again, within its concurrency.
  private func hasManyFailedRounds(_ life: Life, _ bad: [StepPath]) -> Bool {
    guard life.kind == .forEach, !life.wasStopped,
      bad.contains(where: { lives[$0]?.outcome == .failed })
    else { return false }
    return Set(bad.map { $0.components.dropLast() }).count > 1
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
    case .rescue, .always, .undo: true
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
