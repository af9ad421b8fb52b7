import Diagnostics
import Events
import Expressions
import Operations
import Playbooks

/// A failure in full: which step, where in which file, which request, which response,
/// what to do next.
struct FailureExplanation: Sendable {
  private static let longestAnswer = 1000

  /// One line each, the first a headline.
  private(set) var lines: [StyledLine] = []
  /// What the lines below the headline say: a name such as `where`, empty where the one before goes on, and
  /// the text.
  private(set) var facts: [(name: String, text: String)] = []

  /// Whether the reader sees the whole run already.
  enum Place: Sendable {
    /// While the run is in progress, or at its end.
    case live
    /// In `privirun show`.
    case history
  }

  /// Explains why the step at `path` ended in `outcome`.
  init(
    _ failure: Failure, at path: StepPath?, outcome: Outcome, in tree: RunTree,
    place: Place = .live
  ) {
    let node = path.flatMap(tree.node(at:))
    var headline = StyledLine(path.map(tree.label(of:)) ?? "the run", .strong)
    let attempts = node?.attemptsText.map { " \($0)" } ?? ""
    headline.append(" \(outcome.word)\(attempts) (\(failure.kind.rawValue)): ", outcome.role)
    headline.append(failure.message)
    lines.append(headline)

    add("step", node?.name)
    add("where", failure.place)
    // It says it where the message is masked.
    add("reason", failure.reason.flatMap { failure.message.contains($0) ? nil : $0 })
    add("request", Self.request(node?.exchanges.last, failure))
    if outcome == .inDoubt { add("since", node?.exchanges.last?.intendedAt.text) }
    add("response", Self.answer(node?.exchanges.last, failure))
    let isGone = tree.overview.service?.isOwnSandbox ?? false
    let commands = tree.overview.start.map { RunCommands(of: $0.run, journal: tree.journal) }
    let next = Self.advice(failure, outcome, of: node, isGone ? nil : commands)
    for (index, advice) in next.enumerated() {
      add(index == 0 ? "next" : "", advice)
    }
    switch place {
    case .live:
      if let commands { add("more", commands.show) }
    case .history: break
    }
  }

  /// What to do next, the most urgent first.
  private static func advice(
    _ failure: Failure, _ outcome: Outcome, of node: StepNode?, _ commands: RunCommands?
  ) -> [String] {
    switch outcome {
    case .inDoubt:
      return inDoubt(failure, at: node?.path, commands) + (failure.hint.map { [$0] } ?? [])
    case .succeeded, .unchanged, .skipped, .tolerated, .failed, .cancelled:
      return (failure.hint ?? failure.usualHint(of: node?.summary?.kind)).map { [$0] } ?? []
    }
  }

  /// What to do about a request of which nobody knows whether it had its effect.
  private static func inDoubt(
    _ failure: Failure, at path: StepPath?, _ commands: RunCommands?
  ) -> [String] {
    guard let commands, let path else {
      let look = failure.lookup.map { "look with `\($0)`" } ?? "look at the service"
      return ["it may or may not have happened: \(look) before you run it again"]
    }
    let look =
      failure.lookup.map { "`\(commands.resolve)` looks with `\($0)`" }
      ?? "no read shows it: look at the service"
    return [
      "it may or may not have happened: \(look)",
      "if it happened, run `\(commands.assume(path, isReadable: failure.lookup != nil))`; otherwise the "
        + "same with not-done",
    ]
  }

  private mutating func add(_ name: String, _ text: String?) {
    guard let text, !text.isEmpty else { return }
    facts.append((name, text))
    lines.append(Self.line(name, text))
  }

  /// Such as `  next      ask the voters why`.
  static func line(_ name: String, _ text: String) -> StyledLine {
    var line = StyledLine("  " + name.padded(to: max(10, name.count + 2)), .faint)
    line.append(text)
    return line
  }

  private static func request(_ exchange: RecordedExchange?, _ failure: Failure) -> String? {
    guard let exchange else { return failure.operation }
    let intent = exchange.intent
    let command = exchange.answer?.commandID.map { ", command \($0)" }
    return "\(intent.operation), \(intent.text)" + (command ?? "")
  }

  private static func answer(_ exchange: RecordedExchange?, _ failure: Failure) -> String? {
    let status = failure.status ?? exchange?.answer?.status
    var bodies = [failure.answer, exchange?.verdict?.body, exchange?.answer?.body]
    bodies.removeAll { $0 == nil || $0 == .null }
    let body = bodies.first?.map { ValueText.text($0, limit: longestAnswer) }
    let parts = [status.map { "HTTP \($0)" }, body].compactMap(\.self)
    if !parts.isEmpty { return parts.joined(separator: " ") }
    return exchange == nil ? nil : "no response"
  }
}

extension Failure {
  /// Where it is from, as readers see it; nil in the playbook of a single call, which is no file of theirs.
  var place: String? { location.flatMap { $0.isOfCall ? nil : $0.description } }

  /// What helps against such failures of such steps in general.
  func usualHint(of step: StepSummary.Kind?) -> String? {
    switch kind {
    case .network: "check that the service runs and that --api-url and --ws-url lead to it"
    case .timeout where step == .approve: "a longer `timeout` waits longer for the decision"
    case .timeout: "raise the step's `timeout`, or find out why the service is slow"
    case .throttled: "the service asks for fewer requests: run again later, or lower `concurrency`"
    case .serverError: "the service failed: run again later, or add `retry` to the step"
    case .unauthorised: "check the session's username and password"
    case .rejected where step == .approve: "ask who rejected it what must change"
    case .rejected: "the service refused the request: its reason says what to change"
    case .invalid:
      "compare the step's `with` with `privirun operations" + (operation.map { " \($0)`" } ?? "`")
    case .malformed: "check that the address is that of the service, not of a proxy or a page"
    case .expectation where answer != .null: "compare the condition with the response above"
    case .expectation where step == .assert:
      "check the inputs and the results of earlier steps that the condition uses"
    case .expectation, .local: nil
    }
  }
}

extension String {
  /// The text followed by spaces up to `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
