import Events
import Expressions
import Operations

/// One line for one step of the tree.
struct StepLine: Sendable {
  /// When the tree is looked at.
  enum View: Sendable {
    /// While it is in progress.
    case live
    /// Later, as far as it is recorded.
    case record
  }

  private static let usualTime = Duration.seconds(5)

  let style: TerminalStyle
  let now: Moment
  var view = View.live

  /// The line of the node at `index`, `depth` levels in, in `width` columns when there is a width.
  ///
  /// What a step waits for and how long it has taken stays whole as long as anything else can give
  /// way: first what it calls, then its name, then the indentation.
  func line(_ index: Int, in tree: RunTree, depth: Int, width: Int? = nil) -> StyledLine {
    let node = tree.nodes[index]
    let (symbol, role) = symbol(index, in: tree)
    let subject = node.summary.flatMap { summary in
      summary.subject == node.title || summary.kind == .forEach ? nil : summary.subject
    }
    var layout = LineLayout(
      style: style, indentation: 2 * depth, symbol: (symbol, role),
      title: (node.title, node.summary == nil ? .faint : .plain), subject: subject)
    switch node.state {
    case .group: break
    case .working:
      layout.state = attemptText(node) + (view == .record ? [("was in progress", .active)] : [])
      layout.elapsed = elapsedText(node, in: tree)
    case .waiting(let reason):
      let text =
        view == .record ? reason.pastText(at: now) : reason.text(at: now) + pendingText(node)
      layout.state = attemptText(node) + [(text, .active)]
      layout.elapsed = elapsedText(node, in: tree)
    case .deciding(let request):
      layout.state = attemptText(node) + [(decisionText(request), .notable)]
      layout.message = (request.message, .notable)
      layout.elapsed = elapsedText(node, in: tree)
    case .pausing(let until, let failure):
      layout.state = [("attempt \(node.attempt) \(again(until))", .notable)]
      layout.message = (failure.message, .notable)
    case .finished(let result):
      if result.outcome != .succeeded {
        let word = [result.outcome.word, node.attemptsText].compactMap(\.self)
        layout.state = [(word.joined(separator: " "), role)]
      }
      layout.elapsed = elapsedText(node, in: tree)
      layout.message =
        result.isDrift
        ? result.change.map { ($0.text, .notable) } : result.failure.map { ($0.message, .plain) }
    }
    return layout.line(width: width)
  }

  private func decisionText(_ request: ApprovalRequest) -> String {
    switch view {
    case .record: return "waited for a decision"
    case .live:
      let left = request.deadline.map { ", \(ElapsedText.left(max($0 - now, .zero))) left" }
      return "waits for a decision" + (left ?? "")
    }
  }

  private func again(_ until: Moment) -> String {
    switch view {
    case .live: until > now ? "again in \(ElapsedText.left(until - now))" : "again"
    case .record: "was to follow"
    }
  }

  private func symbol(_ index: Int, in tree: RunTree) -> (String, TerminalStyle.Role) {
    switch tree.nodes[index].state {
    case .finished(let result): return result.symbol(style)
    case .pausing: return (style.choose("↻", "~"), .notable)
    case .group where tree.isDone(index): return (style.choose("·", "."), .faint)
    case .group, .working, .waiting, .deciding:
      switch view {
      case .live: return (Spinner.frame(style, since: tree.overview.startedAt, at: now), .active)
      case .record: return (style.choose("…", ":"), .active)
      }
    }
  }

  private func attemptText(_ node: StepNode) -> [LineLayout.Part] {
    node.attempt > 1 ? [("attempt \(node.attempt)", .notable)] : []
  }

  /// What a command that stays pending for longer than commands take is likely to wait for.
  private func pendingText(_ node: StepNode) -> String {
    guard let since = node.progress?.pendingSince, now - since >= Self.usualTime else { return "" }
    return ", pending: a vote may be open"
  }

  private func elapsedText(_ node: StepNode, in tree: RunTree) -> String? {
    node.startedAt.map {
      ElapsedText.text(tree.time.running(from: $0, to: node.finishedAt ?? now))
    }
  }
}
