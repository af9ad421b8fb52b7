package import Events
import Expressions
import Operations

/// Writes one line per change, for logs and other places that are no terminal.
///
/// A line begins with how long the run has been in progress and the step; failures are explained in
/// full.
package struct PlainRecorder: RunRecorder {
  private let style: TerminalStyle
  private let write: @Sendable (String) -> Void
  private var tree: RunTree

  /// A recorder that gives each line, with its newline, to `write`; commands that it suggests name
  /// `journal`, where there is one.
  package init(
    style: TerminalStyle, journal: JournalReference? = nil,
    write: @escaping @Sendable (String) -> Void
  ) {
    tree = RunTree(journal: journal, isBrief: true)
    self.style = style
    self.write = write
  }

  /// Remembers the event, so that later ones are understood.
  package mutating func recall(_ event: RunEvent) { tree.apply(event) }

  /// Writes a line and the details below it, unless only a resumed run needs the event.
  package mutating func record(_ event: RunEvent) {
    tree.apply(event)
    guard event.kind.concernsPeople else { return }
    let sentence = EventSentence(event, in: tree)
    var line = StyledLine(
      ElapsedText.offset(tree.time.elapsed ?? .zero), .faint)
    line.append("  ")
    if let subject = sentence.subject { line.append("\(subject): ", .strong) }
    line.append(sentence.text, sentence.role)
    write(line)
    for detail in sentence.details { write(detail) }
  }

  private func write(_ line: StyledLine) {
    write(line.rendered(style) + "\n")
  }
}

extension RunEvent.Kind {
  /// Whether it says something that the events around it do not.
  fileprivate var concernsPeople: Bool {
    switch self {
    case .attemptStarted(_, let attempt): attempt > 1
    // Recorded again after each request; what is decided stays the same.
    case .stateCompared(_, let comparison): comparison.done.isEmpty
    case .actionIntended, .workEnded, .effectRecorded, .stopping, .sessionChanged(_, .refreshing):
      false
    case .runStarted, .sessionChanged, .stepStarted, .stepReused, .requestIntended,
      .requestAnswered, .commandPending, .commandSettled, .doubtSettled, .dataArrived, .stepWaiting,
      .approvalRequested, .approvalDecided, .attemptFailed, .undoing, .stepFinished,
      .serviceChanged,
      .cancelRequested, .internalError, .runFinished, .runResumed, .rollout:
      true
    }
  }
}
