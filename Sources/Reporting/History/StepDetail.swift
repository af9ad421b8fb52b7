import Events
import Expressions
import Operations
import Playbooks

/// A step with its requests, attempts and failure, and the steps below it.
struct StepDetail: Sendable {
  let run: RunDetail
  let style: TerminalStyle
  /// In characters; nil for no limit.
  let longestValue: Int?

  private var tree: RunTree { run.tree }

  func lines(_ index: Int, depth: Int) -> [StyledLine] {
    guard run.shows(index) else { return [] }
    let node = tree.nodes[index]
    let line = StepLine(
      style: style, now: tree.overview.latestAt ?? Moment(nanoseconds: 0), view: .record)
    var lines = [line.line(index, in: tree, depth: depth)]
    if run.showsPath(of: node) {
      lines.append(RunDetail.fact("path", "\(node.path)", depth: depth + 2))
    }
    if node.forgottenExchanges > 0 {
      lines.append(
        RunDetail.fact("requests", "\(node.forgottenExchanges) earlier ones", depth: depth + 2))
    }
    lines += approval(of: node, depth: depth + 2)
    lines += attempts(of: node, depth: depth + 2)
    return lines + node.children.flatMap { self.lines($0, depth: depth + 1) }
  }

  /// What a person is asked to decide and to fill in, and what they decided.
  private func approval(of node: StepNode, depth: Int) -> [StyledLine] {
    guard let request = node.approval else { return [] }
    var lines = [RunDetail.fact("question", style.printable(request.message), depth: depth)]
    if let decision = node.decision {
      let fields = decision.fields.isEmpty ? .null : Value.map(decision.fields)
      return lines + [
        RunDetail.fact("decision", style.printable(decision.text) + body(fields), depth: depth)
      ]
    }
    for field in request.fields {
      let about = field.summary.map { ", \($0)" } ?? ""
      lines.append(
        RunDetail.fact(
          "field", style.printable("\(field.name) (\(field.type)\(about))"), depth: depth))
    }
    if let deadline = request.deadline {
      lines.append(
        RunDetail.fact(
          "deadline", deadline.text,
          depth: depth))
    }
    return lines
  }

  /// The requests, and after those of each failed attempt, why it failed.
  private func attempts(of node: StepNode, depth: Int) -> [StyledLine] {
    var lines: [StyledLine] = []
    var exchanges = node.exchanges[...]
    for failed in node.failedAttempts {
      let own = exchanges.prefix { $0.intent.attempt <= failed.attempt }
      exchanges = exchanges.dropFirst(own.count)
      for exchange in own { lines += self.lines(exchange, depth: depth) }
      let failure = failed.failure
      lines.append(
        RunDetail.fact(
          "failed", "attempt \(failed.attempt) (\(failure.kind.rawValue)): \(failure.message)",
          depth: depth))
    }
    lines += exchanges.flatMap { self.lines($0, depth: depth) }
    guard let open = run.openRequest(of: node) else { return lines }
    return lines + [
      RunDetail.fact("unknown", open.text, depth: depth),
      RunDetail.fact("next", open.next(run.commands), depth: depth),
    ]
  }

  private func lines(_ exchange: RecordedExchange, depth: Int) -> [StyledLine] {
    let intent = exchange.intent
    var lines = [RunDetail.fact("request", intent.text, depth: depth)]
    if !intent.arguments.isEmpty {
      let arguments = ValueText.text(.map(intent.arguments), limit: longestValue)
      lines.append(RunDetail.fact("arguments", arguments, depth: depth + 1))
    }
    guard let answer = exchange.answer else {
      return lines + [RunDetail.fact("response", "no response", depth: depth + 1)]
    }
    let text = answer.text + Self.after(exchange.answeredAt, exchange.intendedAt)
    lines.append(RunDetail.fact("response", text + body(answer.body), depth: depth + 1))
    if let verdict = exchange.verdict {
      let text = verdict.text + Self.after(exchange.settledAt, exchange.intendedAt)
      lines.append(RunDetail.fact("command", text + body(verdict.body), depth: depth + 1))
    }
    return lines
  }

  private static func after(_ end: Moment?, _ start: Moment) -> String {
    end.map { ", after \(ElapsedText.text($0 - start))" } ?? ""
  }

  private func body(_ body: Value) -> String {
    switch body {
    case .null: ""
    case .bool, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type,
      .secret, .unknown:
      ": " + ValueText.text(body, limit: longestValue)
    }
  }
}
