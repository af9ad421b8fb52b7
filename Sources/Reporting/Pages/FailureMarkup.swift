import Events

/// A failure on a page: which step, why, where in which file, which request and response, what to do.
enum FailureMarkup {
  /// The failure under a heading of its own.
  static func block(_ explanation: FailureExplanation) -> Markup {
    guard let headline = explanation.lines.first else { return .empty }
    return .tag(
      "article", [:], .tag("h3", [:], PageText.sentence(headline.text)), facts(explanation))
      + HTMLPage.newline
  }

  /// What is said about it below its heading.
  static func facts(_ explanation: FailureExplanation) -> Markup {
    var rows: [(name: String, content: Markup)] = []
    for fact in explanation.facts {
      guard fact.name.isEmpty, let last = rows.indices.last else {
        rows.append((fact.name == "next" ? "what to do" : fact.name, PageText.sentence(fact.text)))
        continue
      }
      rows[last].content += .written("<br>") + PageText.sentence(fact.text)
    }
    return PageText.facts(rows)
  }
}

extension RunTree {
  /// The innermost steps whose end made the run fail, or is in doubt, in the order they appeared.
  var failedSteps: [StepNode] {
    nodes.filter { node in
      switch countedOutcome(of: node) {
      case .failed, .inDoubt: node.result?.failure != nil
      case .succeeded, .unchanged, .skipped, .tolerated, .cancelled, nil: false
      }
    }
  }

  /// Why the run did not succeed, at most `limit` steps; and how many more there are.
  func explanations(limit: Int) -> (shown: [FailureExplanation], omitted: Int) {
    let failed = failedSteps
    if failed.isEmpty, let result = overview.result, let failure = result.failure {
      let explanation = FailureExplanation(
        failure, at: result.failedStep, outcome: result.outcome, in: self, place: .history)
      return ([explanation], 0)
    }
    let shown = failed.prefix(limit).compactMap { node in
      node.result.flatMap { result in
        result.failure.map { failure in
          FailureExplanation(
            failure, at: node.path, outcome: result.outcome, in: self, place: .history)
        }
      }
    }
    return (shown, failed.count - shown.count)
  }
}
