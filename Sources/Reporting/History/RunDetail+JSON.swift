import Events
import Expressions
import Operations

extension RunDetail {
  /// One line of JSON: the run with its steps as a tree (`schemas/run.schema.json`).
  package var json: String {
    let outcome = tree.overview.result?.outcome.rawValue
    let detail = EncodedJSON.object([
      "version": .count(EncodedEvent.version),
      "run": tree.overview.start.map { .text($0.run.text) },
      "playbook": tree.overview.start.map { .text($0.playbook) },
      "file": tree.overview.start.map { .text($0.file) },
      "rollout": (tree.overview.start?.tenant).map { .text($0.rollout.text) },
      "tenant": (tree.overview.start?.tenant).map { .text($0.name) },
      "labels": tree.overview.start.flatMap { EncodedEvent.json(of: $0.labels) },
      "planDigest": tree.overview.start.map { .text($0.planDigest) },
      "inputs": tree.overview.start.map { EncodedValue.json($0.inputs) },
      "programVersion": tree.overview.start.map { .text($0.version) },
      "service": tree.overview.start?.service.map(EncodedEvent.json(of:)),
      "environment": tree.overview.start?.environment.map(EncodedJSON.text),
      "startedAt": tree.overview.startedAt.map(EncodedJSON.instant),
      "lastEventAt": tree.overview.latestAt.map(EncodedJSON.instant),
      "elapsedMilliseconds": tree.time.elapsed.map(EncodedJSON.milliseconds),
      "outcome": outcome.map(EncodedJSON.text),
      "progress": progress.map { .text($0.state.rawValue) }, "driver": progress?.driverJSON,
      "since": since.map(EncodedJSON.instant),
      "outputs": tree.overview.result.map { EncodedValue.json($0.outputs) },
      "failure": tree.overview.result?.failure.map(EncodedEvent.json(of:)),
      "failedStep": tree.overview.result?.failedStep.map { .text($0.description) },
      "undone": tree.overview.undone.json,
      "steps": .list(tree.roots.filter(shows).map(step)),
    ])
    return detail.line + "\n"
  }

  private func step(_ index: Int) -> EncodedJSON {
    let node = tree.nodes[index]
    return .object([
      "step": .text(node.path.description), "kind": node.summary.map { .text($0.kind.rawValue) },
      "title": .text(node.title), "element": node.element.map(EncodedJSON.text),
      "subject": node.summary?.subject.map(EncodedJSON.text),
      "startedAt": node.startedAt.map(EncodedJSON.instant),
      "finishedAt": node.finishedAt.map(EncodedJSON.instant),
      "outcome": node.result.map { .text($0.outcome.rawValue) },
      "value": node.result.map { EncodedValue.json($0.value) },
      "failure": node.result?.failure.map(EncodedEvent.json(of:)),
      "notice": node.result?.notice.map(EncodedJSON.text),
      "approval": node.approval.map(EncodedEvent.json(of:)),
      "decision": node.decision.map(EncodedEvent.json(of:)),
      "forgottenRequests": node.forgottenExchanges > 0 ? .count(node.forgottenExchanges) : nil,
      "unknown": openRequest(of: node)?.json,
      "requests": node.exchanges.isEmpty ? nil : .list(node.exchanges.map(Self.request)),
      "failedAttempts": node.failedAttempts.isEmpty
        ? nil : .list(node.failedAttempts.map(Self.failedAttempt)),
      "steps": node.children.isEmpty ? nil : .list(node.children.filter(shows).map(step)),
    ])
  }

  private static func request(_ exchange: RecordedExchange) -> EncodedJSON {
    let intent = exchange.intent
    let answer = exchange.answer
    return .object([
      "attempt": .count(intent.attempt), "operation": .text(intent.operation),
      "method": .text(intent.method), "path": .text(intent.path),
      "arguments": EncodedValue.json(intent.arguments),
      "intendedAt": .instant(exchange.intendedAt),
      "answeredAt": exchange.answeredAt.map(EncodedJSON.instant),
      "status": answer.map { .count($0.status) },
      "commandId": answer?.commandID.map(EncodedJSON.text),
      "requestId": answer?.requestID.map(EncodedJSON.text),
      "body": answer.map { EncodedValue.json($0.body) },
      "settledAt": exchange.settledAt.map(EncodedJSON.instant),
      "command": exchange.verdict.map(EncodedEvent.json(of:)),
    ])
  }

  private static func failedAttempt(_ failed: StepNode.FailedAttempt) -> EncodedJSON {
    .object([
      "attempt": .count(failed.attempt), "at": .instant(failed.at),
      "failure": EncodedEvent.json(of: failed.failure),
    ])
  }
}

extension UndoTally {
  /// Nil where no playbook took anything back.
  fileprivate var json: EncodedJSON? {
    guard !isEmpty else { return nil }
    func list(_ steps: [StepPath]) -> EncodedJSON { .list(steps.map { .text($0.description) }) }
    return .object([
      "count": .count(count), "done": .count(doneCount),
      "failed": failed.isEmpty ? nil : list(failed), "kept": kept.isEmpty ? nil : list(kept),
    ])
  }
}
