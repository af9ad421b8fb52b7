import Events
import Expressions
import Operations

/// What is known to be secret is kept out of what others wrote.
extension RunMachine {
  /// The scrubber for everything that the service says about `call`.
  func scrubber(for call: CallState) -> SecretScrubber {
    scrubber.hidingEverything(if: call.operation.secrets(in: call.arguments))
  }

  /// The same for what explains a refusal, in which the service may repeat what it knows of the
  /// session, too.
  func scrubber(forRefusalOf call: CallState) -> SecretScrubber {
    let session = call.session.flatMap { sessions[$0] }?.secrets.secrets ?? []
    return scrubber.hidingEverything(
      if: call.operation.secrets(in: call.arguments) + session)
  }

  /// The longest message of a transport failure, in characters.
  private static let longestMessage = 1000

  /// `failure` without any secret in its message and hint; only then is the message put on one line.
  func scrubbed(_ failure: TransportFailure) -> TransportFailure {
    var scrubbed = failure
    scrubbed.message = scrubber.line(failure.message, limit: Self.longestMessage)
    scrubbed.hint = failure.hint.map { scrubber.scrub($0) }
    return scrubbed
  }

  /// `result` with everything secret in its value that holds a known secret.
  func scrubbed(_ result: StepResult) -> StepResult {
    var scrubbed = result
    scrubbed.value = scrubber.hide(in: result.value)
    return scrubbed
  }
}
