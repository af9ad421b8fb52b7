import Events
import Expressions
import Operations

/// What is known to be secret is kept out of what others wrote.
extension RunMachine {
  /// The scrubber for everything that the service says about `call`.
  func scrubber(for call: CallState) -> SecretScrubber {
    scrubber.hidingEverything(if: call.operation.secrets(in: call.arguments))
  }

  /// `failure` without any secret in its message and hint.
  func scrubbed(_ failure: TransportFailure) -> TransportFailure {
    var scrubbed = failure
    scrubbed.message = scrubber.scrub(failure.message)
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
