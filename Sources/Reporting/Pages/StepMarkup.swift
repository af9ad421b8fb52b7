import Diagnostics
import Events
import Expressions
import Operations
import Playbooks

/// The steps of a run on a page: a list, each step with its details behind its line.
struct StepMarkup {
  /// In characters, of a value.
  private static let longestValue = 400

  let detail: RunDetail
  /// Whether only steps are shown that did not succeed, and those around them.
  private let isSelective: Bool
  /// How many lines there is room for.
  private var room: Int
  /// How many steps that should have been shown were not.
  private var omitted = 0

  private var tree: RunTree { detail.tree }

  /// Shows at most `room` steps; of more, those that did not succeed.
  init(_ detail: RunDetail, room: Int) {
    self.detail = detail
    self.room = room
    isSelective = detail.tree.nodes.count > room
  }

  /// The whole list, and what is left out of it.
  mutating func markup() -> Markup {
    let steps = list(tree.roots)
    var notes: [String] = []
    if isSelective {
      notes.append("Of \(tree.nodes.count) steps, those that did not succeed are shown.")
    }
    if omitted > 0 { notes.append("\(omitted) more are left out.") }
    if !notes.isEmpty, let run = tree.overview.start?.run {
      notes.append("`\(RunCommands(of: run, journal: tree.journal).show)` shows all.")
    }
    guard !notes.isEmpty else { return steps }
    return steps
      + .tag("p", ["class": "faint"], PageText.sentence(notes.joined(separator: " ")))
      + HTMLPage.newline
  }

  private mutating func list(_ indices: [Int]) -> Markup {
    var lines: [Markup] = []
    for index in indices where shows(index) {
      guard room > 0 else {
        omitted += 1
        continue
      }
      room -= 1
      lines.append(.tag("li", [:], step(index)) + HTMLPage.newline)
    }
    return lines.isEmpty ? .empty : .tag("ul", ["class": "steps"], lines) + HTMLPage.newline
  }

  private func shows(_ index: Int) -> Bool {
    guard isSelective else { return true }
    let node = tree.nodes[index]
    return node.isFailure || node.children.contains(where: shows)
  }

  private mutating func step(_ index: Int) -> Markup {
    let node = tree.nodes[index]
    let line = line(node, index)
    let facts = facts(of: node)
    let below = list(node.children)
    guard !facts.isEmpty || !below.isEmpty else { return line }
    let isOpen = !tree.isInnermostStep(node)
    return .tag(
      "details", ["open": isOpen ? "" : nil], .tag("summary", [:], line),
      PageText.facts(facts), below)
  }

  /// What a person sees of a step that is not opened: its symbol, its name, how it ended and how long it took.
  private func line(_ node: StepNode, _ index: Int) -> Markup {
    let (symbol, word, role) = state(of: node, index)
    var line = Markup.tag(
      "span", ["class": role.className, "aria-hidden": "true"], .text(symbol + " "))
    line += .tag("span", ["class": "strong"], .text(node.title))
    if let subject = node.summary?.subject, subject != node.title {
      line += .text(" ") + .tag("span", ["class": "faint"], .text(subject))
    }
    if let word { line += .text(" ") + PageText.colored(word, role) }
    if let attempts = node.attemptsText { line += .text(" \(attempts)") }
    if let start = node.startedAt, let end = node.finishedAt ?? tree.overview.latestAt {
      let time = ElapsedText.text(tree.time.running(from: start, to: end))
      line += .text(" ") + .tag("span", ["class": "faint"], .text(time))
    }
    return line
  }

  private func state(
    of node: StepNode, _ index: Int
  ) -> (symbol: String, word: String?, role: TerminalStyle.Role) {
    let style = TerminalStyle()
    switch node.state {
    case .group: return tree.isDone(index) ? ("·", nil, .faint) : ("…", "in progress", .active)
    case .working, .waiting, .pausing: return ("…", "in progress", .active)
    case .deciding: return ("…", "waits for a decision", .notable)
    case .finished(let result):
      let (symbol, role) = result.symbol(style)
      return (symbol, result.isDrift ? "differs and stays" : result.outcome.word, role)
    }
  }
}

extension StepMarkup {
  private func facts(of node: StepNode) -> [(name: String, content: Markup)] {
    var facts: [(name: String, content: Markup)] = []
    func add(_ name: String, _ text: String?) {
      if let text, !text.isEmpty { facts.append((name, PageText.sentence(text))) }
    }
    if node.summary != nil { add("path", "\(node.path)") }
    if let failure = node.result?.failure {
      add("failure", "\(failure.message) (\(failure.kind.rawValue))")
      add("where", failure.place)
      add("what to do", failure.hint)
    }
    add("change", node.result?.change?.text)
    add("note", node.result?.notice)
    if let request = node.approval {
      add("question", request.message)
      add("decision", node.decision?.text)
    }
    if node.forgottenExchanges > 0 { add("requests", "\(node.forgottenExchanges) earlier ones") }
    for exchange in node.exchanges { facts += self.facts(of: exchange) }
    for failed in node.failedAttempts {
      add(
        "attempt \(failed.attempt)", "\(failed.failure.message) (\(failed.failure.kind.rawValue))")
    }
    if let open = detail.openRequest(of: node) {
      add("unknown", open.text)
      add("what to do", open.next(detail.commands))
    }
    switch node.result?.value {
    case .map(let map) where map.isEmpty: break
    case .null, nil: break
    case let value?: facts.append(("result", Self.code(value)))
    }
    return facts
  }

  private func facts(of exchange: RecordedExchange) -> [(name: String, content: Markup)] {
    let intent = exchange.intent
    var request = Markup.text(intent.text)
    if !intent.arguments.isEmpty { request += .text(" ") + Self.code(.map(intent.arguments)) }
    var facts = [("request", request)]
    guard let answer = exchange.answer else { return facts + [("response", .text("no response"))] }
    facts.append(("response", Self.reply(answer.text, answer.body)))
    if let verdict = exchange.verdict {
      facts.append(("command", Self.reply(verdict.text, verdict.body)))
    }
    return facts
  }

  private static func reply(_ text: String, _ body: Value) -> Markup {
    body == .null ? .text(text) : .text(text + " ") + code(body)
  }

  private static func code(_ value: Value) -> Markup {
    .tag("code", [:], .text(ValueText.text(value, limit: longestValue)))
  }
}
