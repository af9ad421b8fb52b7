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

  /// A resumption by `owner`, whose `epoch` is one above that of the owner before.
  package init(owner: String, epoch: Int, seed: UInt64, version: String) {
    self.owner = owner
    self.epoch = epoch
    self.seed = seed
    self.version = version
  }
}
