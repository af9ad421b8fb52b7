package import Events
import Expressions
import Operations

/// One run in full, as `privirun show RUN` shows it.
package struct RunDetail: Sendable {
  static let longestValue = 400
  /// So many steps are named where the record of an interrupted run ends.
  private static let mostPlaces = 5

  let tree: RunTree

  /// Shows the run that `events` record.
  package init(_ events: some Sequence<RunEvent>) {
    tree = RunTree(events)
  }

  /// The run, its inputs, its steps as a tree with their requests, its failure and its outputs;
  /// ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    var lines = head
    for root in tree.roots {
      lines += StepDetail(tree: tree, style: style).lines(root, depth: 0)
    }
    if !tree.roots.isEmpty { lines.append(StyledLine()) }
    lines += ending
    return lines.map { $0.rendered(style) + "\n" }.joined()
  }

  private var head: [StyledLine] {
    guard let start = tree.start else { return [StyledLine("this run has no first event")] }
    var title = StyledLine(start.playbook, .strong)
    title.append(column: "run \(start.run)")
    let outcome = tree.result?.outcome
    title.append(column: outcome?.word ?? "unfinished", outcome?.role ?? .active)
    var lines = [title]
    lines.append(Self.fact("file", start.file))
    if let begin = tree.startedAt, let end = tree.latestAt {
      lines.append(
        Self.fact("started", InstantText.microseconds(nanosecondsSince1970: begin.nanoseconds)))
      lines.append(Self.fact("elapsed", ElapsedText.text(end - begin)))
    }
    lines.append(Self.fact("steps", tree.countsText))
    lines.append(Self.fact("plan", start.planDigest))
    lines.append(Self.fact("program", start.version))
    if let service = start.service { lines.append(Self.fact("service", service.api)) }
    for (name, text) in ValueText.members(of: start.inputs, limit: Self.longestValue) {
      lines.append(Self.fact("input", "\(name) = \(text)"))
    }
    for session in tree.sessions { lines.append(Self.fact("session", session.username)) }
    return lines + [StyledLine()]
  }

  private var ending: [StyledLine] {
    guard let result = tree.result else {
      let places = tree.placesAtWork.prefix(Self.mostPlaces).map { "`\($0)`" }
      let atWork = places.isEmpty ? "" : ", at " + places.joined(separator: ", ")
      return [
        StyledLine("the record ends here\(atWork): the run goes on, or was interrupted", .notable)
      ]
    }
    let sentence = EventSentence(result, explaining: .inHistory, in: tree)
    return [StyledLine(sentence.text, sentence.role)] + sentence.details
  }

  static func fact(_ name: String, _ text: String, depth: Int = 1) -> StyledLine {
    var line = StyledLine(String(repeating: "  ", count: depth) + name.padded(to: 10), .faint)
    line.append(text)
    return line
  }
}
