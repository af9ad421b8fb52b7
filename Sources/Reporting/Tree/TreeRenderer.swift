import Events
package import Operations
import OrderedCollections

/// Draws a run's tree as lines; a function of the tree, the time and the size.
package struct TreeRenderer: Sendable {
  /// A finished part longer than this shows only what did not succeed.
  private static let longestPart = 200

  let style: TerminalStyle

  /// A renderer whose lines have the colours and symbols of `style`.
  package init(style: TerminalStyle) {
    self.style = style
  }

  /// The head line of a run.
  package func header(_ tree: RunTree, width: Int) -> [String] {
    guard let start = tree.overview.start else { return [] }
    var line = StyledLine(start.playbook, .strong)
    line.append(column: "run \(start.run)", .faint)
    line.append(column: start.file, .faint)
    line.append(
      column: PlaceText.text(start.service, environment: start.environment), .faint)
    line.append(column: start.tenant.map { "tenant \($0.name)" })
    line.append(column: start.labels.text)
    return [line.rendered(style, width: width)]
  }

  /// A part of the tree that is done, whole if it is not too long.
  package func finished(root: Int, of tree: RunTree, at now: Moment, width: Int) -> [String] {
    let all = indices(below: root, in: tree) { _ in true }
    let shown =
      all.count <= Self.longestPart
      ? all
      : indices(below: root, in: tree) { index in
        tree.nodes[index].result.map { $0.outcome != .succeeded || $0.isDrift } ?? false
      }
    var lines = render(shown, of: tree, at: now, width: width)
    if shown.count < all.count {
      lines.append(note("\(all.count - shown.count) more succeeded", width: width))
    }
    return lines
  }

  /// What is in progress below `roots` and a status line, in at most `size.lines - 1` lines.
  ///
  /// When the whole does not fit, done steps are left out, then what is below the last line.
  package func live(
    roots: ArraySlice<Int>, of tree: RunTree, at now: Moment, size: TerminalSize
  ) -> [String] {
    let room = size.lines - 2
    let all = roots.flatMap { indices(below: $0, in: tree) { _ in true } }
    var shown = all
    var notes: [String] = []
    if all.count > room {
      shown = roots.flatMap { indices(below: $0, in: tree) { !tree.isDone($0) } }
      let done = stepCount(all, in: tree) - stepCount(shown, in: tree)
      if done > 0 { notes.append(note("\(done) more done", width: size.columns)) }
      let excess = shown.count - (room - notes.count)
      if excess > 0 {
        let left = shown.dropLast(min(shown.count, excess + 1))
        let hidden = stepCount(shown, in: tree) - stepCount(Array(left), in: tree)
        shown = Array(left)
        notes.append(note("\(hidden) more in progress", width: size.columns))
      }
    }
    return render(shown, of: tree, at: now, width: size.columns) + notes
      + [status(tree, at: now).rendered(style, width: size.columns)]
  }

  /// How the run ended, why, and what it put out.
  package func summary(_ tree: RunTree, width: Int) -> [String] {
    guard let result = tree.overview.result else { return [] }
    let sentence = EventSentence(result, explaining: .fully, in: tree)
    var line = StyledLine("\(result.outcome.symbol(style)) ", result.outcome.role)
    line.append(sentence.text, sentence.role)
    return ["", line.rendered(style)] + sentence.details.map { $0.rendered(style) }
  }

  /// How many of them are steps that hold no others.
  private func stepCount(_ shown: [(index: Int, depth: Int)], in tree: RunTree) -> Int {
    shown.reduce(0) { count, line in
      let node = tree.nodes[line.index]
      return count + node.forgottenSteps + (tree.isInnermostStep(node) ? 1 : 0)
    }
  }

  private func status(_ tree: RunTree, at now: Moment) -> StyledLine {
    var line = StyledLine(Spinner.frame(style, since: tree.overview.startedAt, at: now), .active)
    line.append(
      tree.overview.cancel == nil ? " running" : " cancelling",
      tree.overview.cancel == nil ? .plain : .notable)
    line.append(column: progress(tree), .faint)
    if let cancel = tree.overview.cancel {
      line.append(column: cancel.text(at: now), .notable)
      line.append(column: CancelText.second, .notable)
    }
    for (username, change) in tree.sessions {
      if case .lost(let reason) = change {
        line.append(column: "session \(username) lost: \(reason)", .notable)
      }
    }
    for (address, change) in tree.overview.silent.sorted(by: { $0.key < $1.key }) {
      line.append(column: "\(address) \(change.text)", .notable)
    }
    line.append(column: tree.time.elapsed(at: now).map(ElapsedText.text), .faint)
    return line
  }

  /// Such as `12 succeeded, 2 in progress`.
  private func progress(_ tree: RunTree) -> String {
    let working = tree.nodes.count { tree.isAtWork($0) }
    let counts = tree.outcomeCounts.map { "\($0.count) \($0.outcome.word)" }
    return (counts + (working > 0 ? ["\(working) in progress"] : [])).joined(separator: ", ")
  }

  private func note(_ text: String, width: Int) -> String {
    StyledLine(style.choose("… ", "... ") + text, .faint).rendered(style, width: width)
  }

  private func render(
    _ shown: [(index: Int, depth: Int)], of tree: RunTree, at now: Moment, width: Int
  ) -> [String] {
    let line = StepLine(style: style, now: now)
    return shown.map {
      line.line($0.index, in: tree, depth: $0.depth, width: width).rendered(style, width: width)
    }
  }

  /// The node and those below it that match or hold one that matches, in reading order.
  private func indices(
    below root: Int, depth: Int = 0, in tree: RunTree, where matches: (Int) -> Bool
  ) -> [(index: Int, depth: Int)] {
    let below = tree.nodes[root].children.flatMap {
      indices(below: $0, depth: depth + 1, in: tree, where: matches)
    }
    return below.isEmpty && !matches(root) ? [] : [(root, depth)] + below
  }
}
