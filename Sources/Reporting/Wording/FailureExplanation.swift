import Diagnostics
import Events
import Expressions
import Playbooks

/// A failure told in full: which step, where in which file, which request, what the API answered,
/// what to do next.
struct FailureExplanation: Sendable {
  private static let longestAnswer = 1000

  /// One line each, the first a headline.
  private(set) var lines: [StyledLine] = []

  /// Explains why the step at `path` ended in `outcome`.
  init(_ failure: Failure, at path: StepPath?, outcome: Outcome, in tree: RunTree) {
    var headline = StyledLine(path.map(\.description) ?? "the run", .strong)
    headline.append(" \(outcome.word) (\(failure.kind.rawValue)): ", outcome.role)
    headline.append(failure.message)
    lines.append(headline)

    let exchange = path.flatMap(tree.node(at:))?.exchanges.last
    add("where", failure.location?.description)
    add("request", Self.request(exchange, failure))
    add("answered", Self.answer(exchange, failure))
    add("next", failure.hint ?? failure.kind.usualHint)
    if let run = tree.start?.run { add("more", "privirun show \(run)") }
  }

  private mutating func add(_ name: String, _ text: String?) {
    guard let text, !text.isEmpty else { return }
    var line = StyledLine("  " + name.padded(to: 10), .faint)
    line.append(text)
    lines.append(line)
  }

  private static func request(_ exchange: Exchange?, _ failure: Failure) -> String? {
    guard let exchange else { return failure.operation }
    let intent = exchange.intent
    let command = exchange.answer?.commandID.map { ", command \($0)" }
    return "\(intent.operation), \(intent.text)" + (command ?? "")
  }

  private static func answer(_ exchange: Exchange?, _ failure: Failure) -> String? {
    let status = failure.status ?? exchange?.answer?.status
    var bodies = [failure.answer, exchange?.verdict?.body, exchange?.answer?.body]
    bodies.removeAll { $0 == nil || $0 == .null }
    let body = bodies.first?.map { ValueText.text($0, limit: longestAnswer) }
    let parts = [status.map { "HTTP \($0)" }, body].compactMap(\.self)
    if !parts.isEmpty { return parts.joined(separator: " ") }
    return exchange == nil ? nil : "nothing"
  }
}

extension FailureClass {
  /// What helps against such failures in general.
  fileprivate var usualHint: String? {
    switch self {
    case .network: "check that the service runs and that --api-url and --ws-url lead to it"
    case .timeout: "raise the step's `timeout`, or find out why the service is slow"
    case .throttled: "the service asks for fewer requests: run again later, or lower `concurrency`"
    case .serverError: "the service failed: run again later, or add `retry` to the step"
    case .unauthorised: "check the session's username and password"
    case .rejected: "the service refused what was asked: its reason says what to change"
    case .invalid: "compare the step's `with` with `privirun operations ID`"
    case .malformed: "check that the address is that of the service, not of a proxy or a page"
    case .expectation: "compare the condition with the answer above"
    case .local: nil
    }
  }
}

extension String {
  /// The text followed by spaces up to `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
