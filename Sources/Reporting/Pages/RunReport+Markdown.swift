import Events
import Operations

extension RunReport {
  private static let mostExplanations = 20
  /// In bytes, of each part; comments on merge requests have at most 65,536 characters.
  private static let longestSteps = 20_000
  private static let longestFailures = 24_000

  /// The run for a comment on a merge request, below 64,000 bytes; all text from outside is code.
  var markdown: String {
    let style = TerminalStyle()
    var parts = ["### \(MarkdownText.code(title)): \(state.word)\n", place]
    let (failures, omitted) = tree.explanations(limit: Self.mostExplanations)
    if !failures.isEmpty {
      var lines = failures.flatMap { $0.lines.map { $0.rendered(style) } }
      if omitted > 0 { lines.append("\(omitted) more failures") }
      parts.append(
        MarkdownText.block(MarkdownText.fitting(lines, bytes: Self.longestFailures, rest: rest)))
    } else if let message = tree.overview.internalError {
      parts.append(MarkdownText.block(["internal error: \(style.printable(message))"]))
    }
    if let next { parts.append("Next: \(MarkdownText.sentence(next))\n") }
    let lines = steps(style)
    if !lines.isEmpty {
      let shown = MarkdownText.fitting(lines, bytes: Self.longestSteps, rest: rest)
      parts.append(
        "<details><summary>\(tree.countsText)</summary>\n\n"
          + MarkdownText.block(shown) + "\n</details>\n"
      )
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// Where everything is that a comment has no room for.
  private var rest: String {
    tree.overview.start.map { "see `\(RunCommands(of: $0.run, journal: tree.journal).show)`" }
      ?? "see `privirun show`"
  }

  private var place: String {
    let items = facts.filter { $0.name != "version" && $0.name != "steps" }.map { fact in
      "\(fact.name) \(MarkdownText.code(fact.text))"
    }
    return items.isEmpty ? "" : items.joined(separator: ", ") + "\n"
  }

  private func steps(_ style: TerminalStyle) -> [String] {
    func lines(_ indices: [Int], _ depth: Int) -> [String] {
      indices.flatMap { index in
        let line = StepLine(
          style: style,
          now: tree.overview.latestAt ?? tree.overview.startedAt ?? Moment(nanoseconds: 0),
          view: .record
        ).line(index, in: tree, depth: depth).rendered(style)
        return [line] + lines(tree.nodes[index].children, depth + 1)
      }
    }
    return lines(tree.roots, 0)
  }
}
