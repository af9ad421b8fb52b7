extension EncodedEvent {
  typealias Members = [EncodedJSON.Member]

  /// The name of the kind and its members beyond the common ones.
  static func typeAndMembers(of kind: RunEvent.Kind) -> (type: String, Members) {
    switch kind {
    case .runStarted(let start): ("run-started", members(of: start))
    case .sessionChanged(let username, let change):
      ("session-changed", members(of: change, username: username))
    case .stepStarted(let step, let summary): ("step-started", at(step) + members(of: summary))
    case .requestIntended(let step, let intent):
      ("request-intended", at(step) + members(of: intent))
    case .requestAnswered(let step, let answer):
      ("request-answered", at(step) + members(of: answer))
    case .commandPending(let step, let commandID):
      ("command-pending", at(step) + [.init(name: "commandId", value: .text(commandID))])
    case .commandSettled(let step, let verdict):
      ("command-settled", at(step) + members(of: verdict))
    case .dataArrived(let step, let requestID, let byteCount, let means):
      (
        "data-arrived",
        at(step)
          + present([
            "requestId": .text(requestID), "byteCount": .count(byteCount),
            "means": .text(means.rawValue),
          ])
      )
    case .stepWaiting(let step, let reason):
      ("step-waiting", at(step) + present(["waitsFor": json(of: reason)]))
    case .attemptFailed(let step, let attempt, let failure, let pause):
      (
        "attempt-failed",
        at(step)
          + present([
            "attempt": .count(attempt), "failure": json(of: failure),
            "pauseMilliseconds": .milliseconds(pause),
          ])
      )
    case .stepFinished(let step, let result): ("step-finished", at(step) + members(of: result))
    case .serviceChanged(let address, .silent(let duration, let reason, let left)):
      (
        "service-changed",
        present([
          "address": .text(address), "state": .text("silent"),
          "silentMilliseconds": .milliseconds(duration), "reason": reason.map(EncodedJSON.text),
          "leftMilliseconds": left.map(EncodedJSON.milliseconds),
        ])
      )
    case .serviceChanged(let address, .answering):
      ("service-changed", present(["address": .text(address), "state": .text("answering")]))
    case .cancelRequested(let grace):
      ("cancel-requested", present(["graceMilliseconds": grace.map(EncodedJSON.milliseconds)]))
    case .runFinished(let result): ("run-finished", members(of: result))
    }
  }

  static func present(_ members: KeyValuePairs<String, EncodedJSON?>) -> Members {
    members.compactMap { name, value in value.map { .init(name: name, value: $0) } }
  }

  private static func at(_ step: StepPath) -> Members {
    [.init(name: "step", value: .text(step.description))]
  }
}
