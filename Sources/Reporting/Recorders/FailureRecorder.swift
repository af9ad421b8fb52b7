package import Events

/// Writes why a run did not succeed and which command continues it, and which service does not answer;
/// nothing else.
package struct FailureRecorder: RunRecorder {
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

  /// Writes a line and a hint for a run that did not succeed, and a line for a service that changed.
  package mutating func record(_ event: RunEvent) {
    tree.apply(event)
    if case .serviceChanged = event.kind {
      let sentence = EventSentence(event, in: tree)
      let line = "privirun: \(sentence.subject ?? ""): \(sentence.text)"
      write(style.printable(line) + "\n")
    }
    guard case .runFinished(let result) = event.kind, let failure = result.failure,
      let run = tree.overview.start?.run
    else { return }
    var place = ""
    if let path = result.failedStep {
      let attempts = tree.node(at: path)?.attemptsText.map { " \($0)" } ?? ""
      place = " at `\(path)`\(tree.context(of: path))\(attempts)"
    }
    let line = "privirun: run \(run) \(result.outcome.rawValue)\(place): \(failure.message)"
    write(style.printable(line) + "\n")
    let next = NextCommands(tree.overview, journal: tree.journal)?.text(after: result.outcome)
    if let next { write("  hint: \(style.printable(next))\n") }
  }
}
