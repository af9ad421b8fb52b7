import Diagnostics
import Events
import Operations
import Playbooks

extension RunReport {
  private static let head = [
    "step", "title", "kind", "subject", "outcome", "started", "ended", "milliseconds", "attempts",
    "change", "class", "status", "message", "hint", "file", "line",
  ]

  /// A row for each step, in the order they began, below a row with the names of the columns.
  var csv: String {
    tree.nodes.reduce(into: CSVText.row(Self.head)) { text, node in
      guard let summary = node.summary else { return }
      let failure = node.result?.failure
      let elapsed = node.startedAt.flatMap { start in
        node.finishedAt.map { tree.time.running(from: start, to: $0) }
      }
      let cells: [String?] = [
        "\(node.path)", node.title, summary.kind.rawValue, summary.subject,
        node.result?.outcome.rawValue, node.startedAt?.text, node.finishedAt?.text,
        elapsed.map { "\($0.wholeNanoseconds / 1_000_000)" }, "\(node.attempt)",
        node.result?.change?.kind.rawValue, failure?.kind.rawValue,
        failure?.status.map(String.init), failure?.message, failure?.hint, failure?.location?.file,
        failure?.location.map { "\($0.line)" },
      ]
      text += CSVText.row(cells.map { $0 ?? "" })
    }
  }

  /// A test case for each innermost step.
  var junit: String {
    let start = tree.overview.start
    let service = tree.overview.service.map { [("service", $0.shortText)] } ?? []
    let properties =
      (start.map { [("run", $0.run.text)] } ?? []) + service
      + (start?.environment.map { [("environment", $0)] } ?? [])
      + (start?.labels.map { ("label \($0.name)", $0.value) } ?? [])
      + (tree.overview.undone.countText.map { [("undone", $0)] } ?? [])
    let suite = JUnitSuite(
      name: title, file: start?.file, properties: properties, cases: cases + ending,
      startedAt: tree.overview.startedAt, time: tree.time.elapsed)
    return suite.text
  }

  private var cases: [JUnitSuite.Case] {
    tree.nodes.compactMap { node in
      guard tree.isInnermostStep(node), node.summary != nil else { return nil }
      let time = node.startedAt.flatMap { start in
        node.finishedAt.map { tree.time.running(from: start, to: $0) }
      }
      return JUnitSuite.Case(
        name: tree.label(of: node.path), verdict: verdict(of: node), time: time)
    }
  }

  private func verdict(of node: StepNode) -> JUnitSuite.Verdict {
    guard let result = node.result, let outcome = tree.countedOutcome(of: node) else {
      return .error(type: "unfinished", message: "was in progress", details: [])
    }
    switch outcome {
    case .succeeded, .unchanged, .tolerated: return .passed
    case .skipped: return .skipped(message: "its `when` is false")
    case .cancelled: return .skipped(message: "cancelled")
    case .failed: return .init(result.failure, in: outcome)
    case .inDoubt: return .init(result.failure, in: outcome)
    }
  }

  /// A run that failed without a step, or did not end, has a case of its own.
  private var ending: [JUnitSuite.Case] {
    let hasFlaw = cases.contains { $0.verdict.isFlaw }
    guard let result = tree.overview.result else {
      let message = tree.overview.internalError.map { "internal error: \($0)" } ?? state.word
      return [.init(name: "run", verdict: .error(type: "run", message: message, details: []))]
    }
    switch result.outcome {
    case .succeeded, .unchanged, .skipped, .tolerated: return []
    case .failed, .cancelled, .inDoubt:
      guard !hasFlaw else { return [] }
      return [.init(name: "run", verdict: .init(result.failure, in: result.outcome))]
    }
  }
}

extension JUnitSuite.Verdict {
  /// Whether it makes the suite fail.
  fileprivate var isFlaw: Bool {
    switch self {
    case .failed, .error: true
    case .passed, .skipped: false
    }
  }

  /// What ended in `outcome` because of `failure`: in doubt is an error, anything else a failure.
  init(_ failure: Failure?, in outcome: Outcome, besides details: [String] = []) {
    let message = failure?.message ?? outcome.word
    let place = failure?.place.map { "where: \($0)" }
    let hint = failure?.hint.map { "next: \($0)" }
    let lines = details + [place, hint].compactMap(\.self)
    let type = failure?.kind.rawValue ?? outcome.rawValue
    switch outcome {
    case .inDoubt: self = .error(type: Outcome.inDoubt.rawValue, message: message, details: lines)
    case .succeeded, .unchanged, .skipped, .tolerated, .failed, .cancelled:
      self = .failed(type: type, message: message, details: lines)
    }
  }
}
