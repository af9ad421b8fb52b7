import Events
import Expressions
import Operations
import Planning
import Playbooks

/// The time within which something should have come and did not.
enum TimeLimit: Sendable, Hashable {
  /// That of the step, for one attempt.
  case timeout(Duration)
  /// What was left for a request in flight after its step was stopped.
  case grace(Duration, after: Cancellation)

  /// Such as `within the step's timeout of 2s`.
  var phrase: String {
    switch self {
    case .timeout(let limit): "within the step's timeout of \(DurationText.text(limit))"
    case .grace(let grace, let cause): "within \(DurationText.text(grace)) after \(cause.phrase)"
    }
  }
}

extension Cancellation {
  fileprivate var phrase: String {
    switch self {
    case .requested: "the run was asked to stop"
    case .sibling: "a step beside it had failed"
    case .timeUp(let path): "the time of `\(path)` was up"
    }
  }
}

extension RunMachine {
  /// The failure of a call whose end did not come in time.
  func timeoutFailure(of call: CallState, within limit: TimeLimit) -> Failure {
    var failure = Failure(.timeout, "", operation: call.operation.id)
    switch call.phase {
    case .awaitingSession: failure.message = "there was no session \(limit.phrase)"
    case .exchanging, .over:
      failure.message = "\(kernel.origin(of: call)) did not answer \(limit.phrase)"
    case .awaitingCommand(let wait):
      failure.message = "command \(wait.commandID) was accepted, but did not end \(limit.phrase)"
      failure.hint =
        "a vote may still be open, or a device that it needs is missing or offline; a longer "
        + "`timeout` waits longer"
      if let problem = wait.polling.problem {
        failure.message += ", and its status cannot be read: \(problem)"
        failure.hint = "find out why the service does not report the status of its commands"
      }
    case .awaitingData(let wait):
      if let flaw = call.payload.flaw { return flaw }
      failure.message = "the data of request \(wait.requestID) did not arrive \(limit.phrase)"
      failure.hint =
        call.payload.hasUnopened
        ? "bytes came that do not open under the step's `key`: is it the one they were sealed with?"
        : "is a storage device online, and is the operation gated by a vote?"
      if let refusal = wait.refusal {
        failure.message += ", and \(refusal)"
        failure.hint = "check that --downstream-url leads to the download server"
      }
    }
    return failure
  }

  /// The failure of a wait whose condition did not become true in time.
  func timeoutFailure(
    of reading: Reading, _ call: CallState?, until condition: Template, within limit: TimeLimit
  ) -> Failure {
    if reading.answer == .null, reading.problem == nil, let call,
      !call.isAwaitingSession
    {
      return timeoutFailure(of: call, within: limit)
    }
    var failure = Failure(
      .timeout, "`\(condition.sourceText)` did not become true \(limit.phrase)",
      status: reading.problem?.status, operation: call?.operation.id,
      answer: reading.answer.shortened)
    if reading.answer != .null {
      let values = reading.comparedValues.map { ": \($0)" }
      failure.message += values ?? "; the last answer was \(reading.answer.briefText)"
      failure.hint = "a longer `timeout` waits longer"
    }
    if let problem = reading.problem {
      failure.message += "; the last read failed: \(problem.message)"
      failure.hint = problem.hint ?? failure.hint
    }
    return failure
  }
}

extension Value {
  /// So many characters of an answer are quoted in a message.
  private static var longestBriefText: Int { 200 }

  /// The value as JSON, secrets masked, cut where it is long.
  fileprivate var briefText: String {
    let text = EncodedValue.json(shortened).line
    let brief = text.prefix(Self.longestBriefText)
    return brief.endIndex == text.endIndex ? text : brief + "…"
  }
}
