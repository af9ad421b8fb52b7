import Diagnostics
import Expressions
import Operations
import Playbooks

extension EncodedEvent {
  static func members(of start: RunStart) -> Members {
    present([
      "playbook": .text(start.playbook), "file": .text(start.file),
      "planDigest": .text(start.planDigest), "inputs": EncodedValue.json(start.inputs),
      // A text, because readers in other languages round integers beyond 2^53.
      "seed": .text(String(start.seed)), "programVersion": .text(start.version),
      "service": start.service.map(json(of:)), "labels": json(of: start.labels),
    ])
  }

  /// The form of a run's labels, which other outputs share; nil when there are none.
  package static func json(of labels: [RunLabel]) -> EncodedJSON? {
    guard !labels.isEmpty else { return nil }
    return .object(labels.map { EncodedJSON.Member(name: $0.name, value: .text($0.value)) })
  }

  static func members(of change: SessionChange, username: String) -> Members {
    let (state, reason): (String, String?) =
      switch change {
      case .authenticated: ("authenticated", nil)
      case .joined: ("joined", nil)
      case .lost(let reason): ("lost", reason)
      case .closed: ("closed", nil)
      case .revoked: ("revoked", nil)
      case .notRevoked(let reason): ("not-revoked", reason)
      }
    return present([
      "username": .text(username), "state": .text(state), "reason": reason.map(EncodedJSON.text),
    ])
  }

  static func members(of summary: StepSummary) -> Members {
    present([
      "kind": .text(summary.kind.rawValue), "title": .text(summary.title),
      "subject": summary.subject.map(EncodedJSON.text),
      "element": summary.element.map(EncodedJSON.text),
    ])
  }

  static func members(of intent: RequestIntent) -> Members {
    present([
      "attempt": .count(intent.attempt), "operation": .text(intent.operation),
      "method": .text(intent.method), "path": .text(intent.path),
      "arguments": EncodedValue.json(intent.arguments),
    ])
  }

  static func members(of answer: RequestAnswer) -> Members {
    present([
      "attempt": .count(answer.attempt), "status": .count(answer.status),
      "commandId": answer.commandID.map(EncodedJSON.text),
      "requestId": answer.requestID.map(EncodedJSON.text), "body": EncodedValue.json(answer.body),
    ])
  }

  static func members(of verdict: CommandVerdict) -> Members {
    let (state, word): (String, String?) =
      switch verdict.state {
      case .succeeded: ("succeeded", nil)
      case .rejected: ("rejected", nil)
      case .unknown(let word): ("unknown", word)
      }
    return present([
      "commandId": .text(verdict.commandID), "state": .text(state),
      "word": word.map(EncodedJSON.text), "means": .text(verdict.means.rawValue),
      "body": EncodedValue.json(verdict.body),
    ])
  }

  static func members(of result: StepResult) -> Members {
    present([
      "outcome": .text(result.outcome.rawValue), "value": EncodedValue.json(result.value),
      "failure": result.failure.map(json(of:)), "notice": result.notice.map(EncodedJSON.text),
    ])
  }

  static func members(of result: RunResult) -> Members {
    present([
      "outcome": .text(result.outcome.rawValue), "outputs": EncodedValue.json(result.outputs),
      "failure": result.failure.map(json(of:)),
      "failedStep": result.failedStep.map { .text($0.description) },
    ])
  }

  static func json(of reason: WaitReason) -> EncodedJSON {
    switch reason {
    case .session(let username): .object(["kind": "session", "username": .text(username)])
    case .command(let id): .object(["kind": "command", "commandId": .text(id)])
    case .data(let requestID): .object(["kind": "data", "requestId": .text(requestID)])
    case .pause(let until):
      .object(["kind": "pause", "until": .instant(until)])
    case .condition(let condition, let answer):
      .object([
        "kind": "condition", "condition": .text(condition), "answer": EncodedValue.json(answer),
      ])
    }
  }

  /// The form of a failure, which other outputs share.
  package static func json(of failure: Failure) -> EncodedJSON {
    .object([
      "class": .text(failure.kind.rawValue), "message": .text(failure.message),
      "hint": failure.hint.map(EncodedJSON.text), "status": failure.status.map(EncodedJSON.count),
      "operation": failure.operation.map(EncodedJSON.text),
      "answer": failure.answer == .null ? nil : EncodedValue.json(failure.answer),
      "location": failure.location.map(json(of:)),
      "unreachable": failure.isUnreachable ? .bool(true) : nil,
      "lookup": failure.lookup.map(EncodedJSON.text),
    ])
  }

  /// The form of a service's origins, which other outputs share.
  package static func json(of service: ServiceOrigins) -> EncodedJSON {
    .object([
      "api": .text(service.api), "webSocket": .text(service.webSocket),
      "upstream": .text(service.upstream), "downstream": .text(service.downstream),
      "apiPath": service.apiPath.isEmpty ? nil : .text(service.apiPath),
      "sandbox": service.isOwnSandbox ? .bool(true) : nil,
    ])
  }

  /// The form of a command's end, which other outputs share.
  package static func json(of verdict: CommandVerdict) -> EncodedJSON {
    .object(members(of: verdict))
  }

  private static func json(of location: SourceLocation) -> EncodedJSON {
    .object([
      "file": .text(location.file), "line": .count(location.line),
      "column": .count(location.column), "length": .count(location.length),
    ])
  }
}
