import Diagnostics
import Events
import Expressions
import Operations
import Playbooks

extension StoredEvent {
  /// The name of the type and its fields.
  static func typeAndFields(
    of kind: RunEvent.Kind, sealing sealer: Sealer
  ) throws(StoredFormError) -> (String, CBOR) {
    switch kind {
    case .runStarted(let start): ("run-started", try fields(of: start, sealing: sealer))
    case .sessionChanged(let username, let change):
      ("session-changed", fields(of: change, username: username))
    case .stepStarted(let step, let summary):
      (
        "step-started",
        .fields([
          "step": path(step), "kind": .text(summary.kind.rawValue), "title": .text(summary.title),
          "subject": summary.subject.map(CBOR.text), "element": summary.element.map(CBOR.text),
        ])
      )
    case .requestIntended(let step, let intent):
      ("request-intended", try fields(of: intent, step, sealing: sealer))
    case .requestAnswered(let step, let answer):
      ("request-answered", try fields(of: answer, step, sealing: sealer))
    case .commandPending(let step, let commandID):
      ("command-pending", .fields(["step": path(step), "command": .text(commandID)]))
    case .commandSettled(let step, let verdict):
      ("command-settled", try fields(of: verdict, step, sealing: sealer))
    case .dataArrived(let step, let requestID, let byteCount, let means):
      (
        "data-arrived",
        .fields([
          "step": path(step), "request": .text(requestID), "bytes": .integer(Int64(byteCount)),
          "means": .text(means.rawValue),
        ])
      )
    case .stepWaiting(let step, let reason):
      ("step-waiting", try fields(of: reason, step, sealing: sealer))
    case .attemptFailed(let step, let attempt, let failure, let pause):
      (
        "attempt-failed",
        .fields([
          "step": path(step), "attempt": .integer(Int64(attempt)),
          "failure": try fields(of: failure, sealing: sealer), "pause": StoredValue.encode(pause),
        ])
      )
    case .stepFinished(let step, let result):
      ("step-finished", try fields(of: result, step, sealing: sealer))
    case .serviceChanged(let address, .silent(let duration, let reason, let left)):
      (
        "service-changed",
        .fields([
          "address": .text(address), "silent": StoredValue.encode(duration),
          "reason": reason.map(CBOR.text), "left": left.map(StoredValue.encode),
        ])
      )
    case .serviceChanged(let address, .answering):
      ("service-changed", .fields(["address": .text(address)]))
    case .cancelRequested(let grace):
      ("cancel-requested", .fields(["grace": grace.map(StoredValue.encode)]))
    case .runFinished(let result): ("run-finished", try fields(of: result, sealing: sealer))
    }
  }

  /// A path as a list: a step is its id, an iteration its number, a branch its name in a list of
  /// its own, `rescue` true and `always` false.
  private static func path(_ path: StepPath) -> CBOR {
    .list(
      path.components.map { component in
        switch component {
        case .step(let id): .text(id)
        case .iteration(let index): .integer(Int64(index))
        case .branch(let name): .list([.text(name)])
        case .rescue: .bool(true)
        case .always: .bool(false)
        }
      })
  }

  private static func fields(
    of start: RunStart, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    .fields([
      "run": .text(start.run.text), "playbook": .text(start.playbook), "file": .text(start.file),
      "plan": .text(start.planDigest),
      "inputs": try StoredValue.encode(start.inputs, sealing: sealer),
      "seed": .unsigned(start.seed), "version": .text(start.version),
      "service": start.service.map { service in
        .fields([
          "api": .text(service.api), "socket": .text(service.webSocket),
          "upstream": .text(service.upstream), "downstream": .text(service.downstream),
          "path": service.apiPath.isEmpty ? nil : .text(service.apiPath),
          "sandbox": service.isOwnSandbox ? .bool(true) : nil,
        ])
      },
      "labels": start.labels.isEmpty
        ? nil
        : .map(start.labels.map { CBOR.Pair(key: .text($0.name), value: .text($0.value)) }),
    ])
  }

  private static func fields(of change: SessionChange, username: String) -> CBOR {
    let (state, reason): (String, String?) =
      switch change {
      case .authenticated: ("authenticated", nil)
      case .joined: ("joined", nil)
      case .lost(let reason): ("lost", reason)
      case .closed: ("closed", nil)
      case .revoked: ("revoked", nil)
      case .notRevoked(let reason): ("not-revoked", reason)
      }
    return .fields([
      "username": .text(username), "state": .text(state), "reason": reason.map(CBOR.text),
    ])
  }

  private static func fields(
    of intent: RequestIntent, _ step: StepPath, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    .fields([
      "step": path(step), "attempt": .integer(Int64(intent.attempt)),
      "operation": .text(intent.operation), "method": .text(intent.method),
      "path": .text(intent.path),
      "arguments": try StoredValue.encode(intent.arguments, sealing: sealer),
    ])
  }

  private static func fields(
    of answer: RequestAnswer, _ step: StepPath, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    .fields([
      "step": path(step), "attempt": .integer(Int64(answer.attempt)),
      "status": .integer(Int64(answer.status)), "command": answer.commandID.map(CBOR.text),
      "request": answer.requestID.map(CBOR.text),
      "body": try StoredValue.encode(answer.body, sealing: sealer),
    ])
  }

  private static func fields(
    of verdict: CommandVerdict, _ step: StepPath, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    let (state, word): (String, String?) =
      switch verdict.state {
      case .succeeded: ("succeeded", nil)
      case .rejected: ("rejected", nil)
      case .unknown(let word): ("unknown", word)
      }
    return .fields([
      "step": path(step), "command": .text(verdict.commandID), "state": .text(state),
      "word": word.map(CBOR.text), "means": .text(verdict.means.rawValue),
      "body": try StoredValue.encode(verdict.body, sealing: sealer),
    ])
  }

  private static func fields(
    of reason: WaitReason, _ step: StepPath, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    let step = path(step)
    return switch reason {
    case .session(let username):
      .fields(["step": step, "for": .text("session"), "username": .text(username)])
    case .command(let id): .fields(["step": step, "for": .text("command"), "command": .text(id)])
    case .data(let id): .fields(["step": step, "for": .text("data"), "request": .text(id)])
    case .pause(let until):
      .fields(["step": step, "for": .text("pause"), "until": .integer(until.nanoseconds)])
    case .condition(let condition, let answer):
      .fields([
        "step": step, "for": .text("condition"), "condition": .text(condition),
        "answer": try StoredValue.encode(answer, sealing: sealer),
      ])
    }
  }

  private static func fields(
    of result: StepResult, _ step: StepPath, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    .fields([
      "step": path(step), "outcome": .text(result.outcome.rawValue),
      "value": try StoredValue.encode(result.value, sealing: sealer),
      "failure": try optionalFields(of: result.failure, sealing: sealer),
      "notice": result.notice.map(CBOR.text),
    ])
  }

  private static func fields(
    of result: RunResult, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    .fields([
      "outcome": .text(result.outcome.rawValue),
      "outputs": try StoredValue.encode(result.outputs, sealing: sealer),
      "failure": try optionalFields(of: result.failure, sealing: sealer),
      "failed-step": result.failedStep.map(path),
    ])
  }

  private static func optionalFields(
    of failure: Failure?, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR? {
    guard let failure else { return nil }
    return try fields(of: failure, sealing: sealer)
  }

  private static func fields(
    of failure: Failure, sealing sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    .fields([
      "class": .text(failure.kind.rawValue), "message": .text(failure.message),
      "hint": failure.hint.map(CBOR.text), "status": failure.status.map { .integer(Int64($0)) },
      "operation": failure.operation.map(CBOR.text),
      "answer": try StoredValue.encode(failure.answer, sealing: sealer),
      "unreachable": failure.isUnreachable ? .bool(true) : nil,
      "lookup": failure.lookup.map(CBOR.text),
      "location": failure.location.map { location in
        .fields([
          "file": .text(location.file), "line": .integer(Int64(location.line)),
          "column": .integer(Int64(location.column)), "length": .integer(Int64(location.length)),
        ])
      },
    ])
  }
}
