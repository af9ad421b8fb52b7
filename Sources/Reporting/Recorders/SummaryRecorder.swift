package import Events
import Expressions
import Operations

/// Writes one line per step that changed something or left a difference as it is, failures in full, and
/// counts at the end.
///
/// Reads, conditions and skipped steps are only counted. What changes something: a request of an
/// operation that has an effect, a file that was written, keys that were made.
package struct SummaryRecorder: RunRecorder {
  private let style: TerminalStyle
  private let reads: Set<String>
  private let write: @Sendable (String) -> Void
  private var tree: RunTree
  /// The steps that changed something, those included that failed after they did.
  private var changed: Set<StepPath> = []
  /// The steps whose vote or condition is known to be waited for.
  private var waiting: Set<StepPath> = []

  /// `reads` are the ids of the operations that change nothing; commands that it suggests name
  /// `journal`, where there is one.
  package init(
    style: TerminalStyle, reads: Set<String>, journal: JournalReference? = nil,
    write: @escaping @Sendable (String) -> Void
  ) {
    tree = RunTree(journal: journal, isBrief: true)
    self.style = style
    self.reads = reads
    self.write = write
  }

  /// A pause before the next attempt that a person would wonder about.
  private static let longPause = Duration.seconds(3)

  /// Remembers the event, so that later ones are understood and the counts are those of the whole run.
  package mutating func recall(_ event: RunEvent) {
    tree.apply(event)
    if case .stepFinished(let path, let result) = event.kind { count(path, result) }
  }

  /// Writes what the event adds to the summary, which for most events is nothing.
  package mutating func record(_ event: RunEvent) {
    tree.apply(event)
    switch event.kind {
    case .runStarted, .cancelRequested, .serviceChanged, .approvalRequested, .approvalDecided,
      .undoing, .internalError, .runResumed, .doubtSettled:
      write(EventSentence(event, in: tree))
    case .stateCompared(_, let comparison):
      // Recorded again after each request; what is decided stays the same.
      if comparison.done.isEmpty { write(EventSentence(event, in: tree)) }
    case .sessionChanged(_, let change):
      switch change {
      case .lost, .notRevoked: write(EventSentence(event, in: tree))
      case .refreshing, .refreshed, .authenticated, .joined, .closed, .revoked: break
      }
    case .stepWaiting(let path, .condition):
      if waiting.insert(path).inserted { write(EventSentence(event, in: tree)) }
    case .attemptFailed(_, _, _, let pause) where pause >= Self.longPause:
      write(EventSentence(event, in: tree))
    case .stepFinished(let path, let result):
      count(path, result)
      finish(path, result, event)
    case .runFinished(let result):
      write(
        EventSentence(
          result, explaining: EventSentence.isExplained(result, in: tree) ? .byName : .fully,
          in: tree, changes: changed.count))
    case .stepStarted, .attemptStarted, .stepReused, .requestIntended, .actionIntended,
      .requestAnswered, .commandPending, .commandSettled, .dataArrived, .stepWaiting,
      .attemptFailed, .workEnded, .effectRecorded, .stopping, .rollout:
      break
    }
  }

  /// Counts a step that changed something; what it did before it failed is done all the same.
  private mutating func count(_ path: StepPath, _ result: StepResult) {
    guard let node = tree.node(at: path) else { return }
    let hasEffect =
      switch result.outcome {
      case .succeeded: hasChanged(node, result)
      case .failed, .inDoubt, .tolerated, .cancelled: result.change?.isEffect ?? false
      case .unchanged, .skipped: false
      }
    if hasEffect { changed.insert(path) }
  }

  private func finish(_ path: StepPath, _ result: StepResult, _ event: RunEvent) {
    guard let node = tree.node(at: path) else { return }
    switch result.outcome {
    case .failed, .inDoubt:
      if tree.isInnermostStep(node) {
        for line in EventSentence(event, in: tree).details { write(line) }
      } else if node.hasMembersOfTheirOwn {
        write(line(of: node, result))
      }
    case .tolerated: write(line(of: node, result))
    case .succeeded, .cancelled:
      guard hasChanged(node, result) || result.isDrift else { return }
      write(line(of: node, result))
    case .unchanged, .skipped: break
    }
  }

  private func hasChanged(_ node: StepNode, _ result: StepResult) -> Bool {
    if node.exchanges.contains(where: { !reads.contains($0.intent.operation) }) { return true }
    switch node.summary?.kind {
    case .local:
      let action = node.summary?.subject.flatMap(LocalAction.init(rawValue:))
      let makesFiles: Set<LocalAction> = [.writeFile, .generateKeys, .generateSecret]
      return action.map(makesFiles.contains) == true || result.value.namesFile
    case .call: return result.value.namesFile
    case .approve: return true
    case .play, .forEach, .parallel, .block, .assert, .wait, nil: return false
    }
  }

  /// Such as `✓ stores[1]/device (store vault-b)  Enrol it  device.enrol  1.5 s`.
  private func line(of node: StepNode, _ result: StepResult) -> StyledLine {
    let (symbol, role) = result.symbol(style)
    var line = StyledLine(symbol, role)
    line.append(" " + tree.label(of: node.path), .strong)
    line.append(column: node.name)
    line.append(column: node.summary?.kind == .forEach ? nil : node.summary?.subject, .faint)
    if result.outcome != .succeeded {
      line.append(column: result.outcome.word, result.outcome.role)
    }
    line.append(column: node.attemptsText, .notable)
    if let start = node.startedAt, let end = node.finishedAt {
      line.append(column: ElapsedText.text(tree.time.running(from: start, to: end)), .faint)
    }
    line.append(column: result.failure?.message)
    if result.isDrift { line.append(column: result.change?.text, .notable) }
    return line
  }

  private func write(_ sentence: EventSentence) {
    var line = StyledLine()
    if let subject = sentence.subject { line.append("\(subject): ", .strong) }
    line.append(sentence.text, sentence.role)
    write(line)
    for detail in sentence.details { write(detail) }
  }

  private func write(_ line: StyledLine) {
    write(line.rendered(style) + "\n")
  }
}

extension StepNode {
  /// Whether it holds rounds or branches, whose failures it sums up.
  fileprivate var hasMembersOfTheirOwn: Bool {
    switch summary?.kind {
    case .forEach, .parallel: true
    case .call, .local, .play, .block, .assert, .wait, .approve, nil: false
    }
  }
}

extension Value {
  /// Whether the result of a step names a file that it wrote.
  fileprivate var namesFile: Bool {
    guard case .map(let map) = self, case .map? = map["file"] else { return false }
    return true
  }
}
