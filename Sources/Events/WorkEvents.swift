package import Expressions

/// The end of a step's own work, before the steps of its `rescue` or `always`.
package struct WorkEnd: Sendable, Hashable {
  /// The result that the step would have without them.
  package var result: StepResult
  /// The innermost step that decided the result, where it failed.
  package var origin: StepPath?

  /// The end of a step's work; `origin` is nil when it did not fail.
  package init(result: StepResult, origin: StepPath? = nil) {
    self.result = result
    self.origin = origin
  }
}

/// Why no further step below one begins.
package enum StopReason: Sendable, Hashable {
  /// A step in it failed; the steps beside that one are stopped.
  case stepFailed(StepPath)
  /// Its own time is up.
  case timedOut(Failure)
}

/// A local action about to begin.
package struct ActionIntent: Sendable, Hashable {
  /// Counts from 1 over the whole step.
  package var attempt: Int
  /// The name of the action, such as `file.write`.
  package var action: String
  /// Its arguments, sensitive ones secret, long texts cut.
  package var arguments: ValueMap

  /// A local action about to begin; `arguments` must be shortened and their secrets marked already.
  package init(attempt: Int, action: String, arguments: ValueMap) {
    self.attempt = attempt
    self.action = action
    self.arguments = arguments
  }
}

/// Whether a request had its effect, of which nobody knew.
package struct DoubtVerdict: Sendable, Hashable {
  /// How it became known.
  package enum Means: String, Sendable, Hashable {
    /// By the operation that reads what the request makes or removes.
    case lookup
    /// A person said so.
    case assumption
  }

  /// Whether the request had its effect; if not, it may be sent again.
  package var isDone: Bool
  /// How that became known.
  package var means: Means
  /// The operation that read it; nil where a person gave the result, or there is no such operation.
  package var operation: String?
  /// What the step gives when it is done; an empty map otherwise.
  package var value: Value

  /// A verdict by `means`; secrets in `value` must be marked already.
  package init(isDone: Bool, means: Means, operation: String? = nil, value: Value = [:]) {
    self.isDone = isDone
    self.means = means
    self.operation = operation
    self.value = value
  }
}

/// A run that is continued by another process, or by the same one after a pause.
package struct RunResumption: Sendable, Hashable {
  /// Who drives the run from here on.
  package var owner: String
  /// Counts the owners of the run from 0; a higher one excludes all lower ones.
  package var epoch: Int
  /// The seed of all random choices from here on.
  package var seed: UInt64
  /// The program's version.
  package var version: String
  /// The service from here on, where it is not the one before.
  package var service: ServiceOrigins?
  /// How a run that was over goes on; nil for one that was interrupted.
  package var reopening: Reopening?

  /// A resumption by `owner`, whose `epoch` is one above that of the owner before.
  package init(
    owner: String, epoch: Int, seed: UInt64, version: String, service: ServiceOrigins? = nil
  ) {
    self.owner = owner
    self.epoch = epoch
    self.seed = seed
    self.version = version
    self.service = service
  }
}

/// How a run goes on that was over: which of its ends no longer count.
///
/// The steps named here, and all steps around them, are in progress again, whatever was recorded of
/// their ends.
package struct Reopening: Sendable, Hashable {
  /// Steps that failed or were cancelled: another attempt of each begins.
  package var again: [StepPath]
  /// Steps that are taken up where they were: those in doubt, and groups that lack only rounds or
  /// steps that had not begun.
  package var continued: [StepPath]
  /// How long the run was over; that time does not count against its limits.
  package var pause: Duration

  /// A run goes on after `pause`, zero or more.
  package init(again: [StepPath], continued: [StepPath], pause: Duration) {
    self.again = again
    self.continued = continued
    self.pause = pause
  }
}
