import Events
import Expressions
import Operations

/// One line for one step of the tree.
struct StepLine: Sendable {
  /// Turns ten times a second.
  private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
  private static let asciiSpinner = ["|", "/", "-", "\\"]

  let style: TerminalStyle
  let now: Moment

  /// The line of the node at `index`, `depth` levels in.
  func line(_ index: Int, in tree: RunTree, depth: Int) -> StyledLine {
    let node = tree.nodes[index]
    var line = StyledLine(String(repeating: "  ", count: depth))
    let (symbol, role) = symbol(index, in: tree)
    line.append(symbol, role)
    line.append(" " + node.title, node.summary == nil ? .faint : .plain)
    if let subject = node.summary?.subject, subject != node.title {
      line.append(column: subject, .faint)
    }
    switch node.state {
    case .group: break
    case .working:
      line.append(column: attemptText(node), .notable)
      line.append(column: elapsedText(node), .faint)
    case .waiting(let reason):
      line.append(column: attemptText(node), .notable)
      line.append(column: reason.text(at: now), .active)
      line.append(column: elapsedText(node), .faint)
    case .pausing(let until, let failure):
      let left = until > now ? "again in \(ElapsedText.left(until - now))" : "again"
      line.append(column: "attempt \(node.attempt) \(left): \(failure.message)", .notable)
    case .finished(let result):
      if result.outcome != .succeeded { line.append(column: result.outcome.word, role) }
      line.append(column: elapsedText(node), .faint)
      if let failure = result.failure { line.append(column: failure.message) }
    }
    return line
  }

  /// A sign that work goes on.
  func spinner(since start: Moment?) -> String {
    let frames = style.symbols == .unicode ? Self.spinner : Self.asciiSpinner
    let elapsed = max(0, (now - (start ?? now)).wholeNanoseconds)
    return frames[Int(elapsed / 100_000_000 % Int64(frames.count))]
  }

  private func symbol(_ index: Int, in tree: RunTree) -> (String, TerminalStyle.Role) {
    switch tree.nodes[index].state {
    case .finished(let result): (result.outcome.symbol(style), result.outcome.role)
    case .pausing: (style.choose("↻", "~"), .notable)
    case .working, .waiting: (spinner(since: tree.startedAt), .active)
    case .group:
      tree.isDone(index)
        ? (style.choose("·", "."), .faint) : (spinner(since: tree.startedAt), .active)
    }
  }

  private func attemptText(_ node: StepNode) -> String? {
    node.attempt > 1 ? "attempt \(node.attempt)" : nil
  }

  private func elapsedText(_ node: StepNode) -> String? {
    node.startedAt.map { ElapsedText.text((node.finishedAt ?? now) - $0) }
  }
}
