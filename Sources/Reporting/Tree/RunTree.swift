package import Events
import Operations
package import OrderedCollections

/// A run as people see it: what it is, its steps as a tree, how it ended.
///
/// It lines up what `RunOverview` and `StepProgress` make of the events, and keeps what the machine
/// forgets: steps that are over, earlier requests, failed attempts.
///
///     var tree = RunTree()
///     for event in events { tree.apply(event) }
///     for step in tree.nodes where step.result?.outcome == .failed { print(step.path) }
package struct RunTree: Sendable, Hashable {
  /// The run as a whole.
  package internal(set) var overview = RunOverview()
  /// When the run was in progress.
  package internal(set) var time = RunTime()
  /// The latest change of each session, by the username that its events name, in the order they first
  /// appeared; ended ones stay.
  package internal(set) var sessions: OrderedDictionary<String, SessionChange> = [:]
  /// All steps in the order they appeared; children are indices into this.
  package internal(set) var nodes = ChunkedArray<StepNode>()
  /// The outermost steps.
  package internal(set) var roots: [Int] = []
  var indices: [StepPath: Int] = [:]

  /// The journal as suggested commands must name it; nil when they find it without.
  let journal: JournalReference?

  /// What a view of a run in progress need not keep; nil for a tree that keeps everything.
  var forgetting: Forgetting?

  /// The tree of a run that has no events yet; a brief one forgets the requests and values of steps
  /// that ended well, and in a large run the parts of groups that did.
  package init(journal: JournalReference? = nil, isBrief: Bool = false) {
    self.journal = journal
    forgetting = isBrief ? Forgetting() : nil
  }

  /// The tree after all of `events`.
  package init(_ events: some Sequence<RunEvent>, journal: JournalReference? = nil) {
    self.init(journal: journal)
    for event in events { apply(event) }
  }

  /// The step at `path`, when it appeared.
  package func node(at path: StepPath) -> StepNode? {
    indices[path].map { nodes[$0] }
  }

  /// Whether nothing at or below the node is in progress any more.
  package func isDone(_ index: Int) -> Bool {
    switch nodes[index].state {
    case .finished: true
    case .working, .waiting, .deciding, .pausing: false
    // Further changes may be undone.
    case .group where nodes[index].path.components == [.undo]: overview.result != nil
    case .group: nodes[index].children.allSatisfy(isDone)
    }
  }

  /// The steps that wait for a person's decision, and what they decide.
  package var awaitedDecisions: [(step: StepPath, request: ApprovalRequest)] {
    nodes.compactMap { node in
      if case .deciding(let request) = node.state { (node.path, request) } else { nil }
    }
  }

  /// Whether every innermost step in progress waits for a person's decision.
  package var waitsForDecisionsOnly: Bool {
    let working = nodes.filter { isAtWork($0) }
    return !working.isEmpty
      && working.allSatisfy { if case .deciding = $0.state { true } else { false } }
  }

  /// What a person should know at the end of the run, each once.
  var notices: [String] {
    nodes.compactMap { $0.result?.notice }.reduce(into: forgetting?.notices ?? []) {
      notices, notice in
      if !notices.contains(notice) { notices.append(notice) }
    }
  }

  /// Whether it is a step that does something itself, or a group that came to no step of its own.
  ///
  /// The steps of its `rescue` and `always` are not its own.
  func isInnermostStep(_ node: StepNode) -> Bool {
    switch node.summary?.kind {
    case .call, .local, .assert, .wait, .approve: true
    case .play, .forEach, .parallel, .block, nil:
      node.result != nil && node.forgottenSteps == 0
        && node.children.allSatisfy { nodes[$0].isAftermath }
    }
  }

  /// The innermost steps in progress.
  var placesAtWork: [StepPath] {
    nodes.compactMap { isAtWork($0) ? $0.path : nil }
  }

  /// Whether the step itself is in progress, and not its `rescue` or `always`.
  func isAtWork(_ node: StepNode) -> Bool {
    isInnermostStep(node) && node.result == nil && node.children.isEmpty
  }

  /// How many innermost steps ended in which way, in the order of `Outcome`.
  ///
  /// A step that failed inside a group whose `rescue` succeeded counts as tolerated.
  package var outcomeCounts: [(outcome: Outcome, count: Int)] {
    var counts = forgetting?.counts ?? [:]
    for node in nodes {
      if let outcome = countedOutcome(of: node) { counts[outcome, default: 0] += 1 }
    }
    return Outcome.allCases.compactMap { outcome in counts[outcome].map { (outcome, $0) } }
  }

  /// The outcome that an innermost step counts under; nil for others and while it is in progress.
  func countedOutcome(of node: StepNode) -> Outcome? {
    guard isInnermostStep(node), let outcome = node.result?.outcome else { return nil }
    return outcome == .failed && isInsideTolerated(node.path) ? .tolerated : outcome
  }

  private func isInsideTolerated(_ path: StepPath) -> Bool {
    path.components.indices.dropFirst().contains { end in
      node(at: StepPath(components: Array(path.components[..<end])))?.result?.outcome == .tolerated
    }
  }

  /// The index of the node at `path`, made with all that is above it.
  mutating func index(at path: StepPath) -> Int {
    if let index = indices[path] { return index }
    let parent = StepPath(components: Array(path.components.dropLast()))
    let parentIndex = parent.components.isEmpty ? nil : index(at: parent)
    let index = place(StepNode(path: path))
    indices[path] = index
    if let parentIndex {
      nodes[parentIndex].children.append(index)
    } else {
      roots.append(index)
    }
    return index
  }
}
