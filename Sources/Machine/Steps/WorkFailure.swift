import Events
import Expressions
import Operations
import Playbooks

/// A failure of a step's work, and whether the service may have done it all the same.
struct WorkFailure: Error, Sendable {
  enum Effect: Sendable {
    /// Nothing happened: the request never left, or was turned away.
    case none
    /// Unknown.
    case possible
    /// It was decided for good; a repeat would be a new act.
    case settled
  }

  var failure: Failure
  var effect: Effect
  /// The service asked for this pause (`Retry-After`).
  var retryAfter: Duration?
  /// The step that failed, when it lies inside a group.
  var origin: StepPath?
  /// What the step gave although it failed.
  var value: Value
  /// Whether the run was interrupted, and nothing else is known to have failed.
  var wasInterrupted = false
  /// Whether an accepted command has not ended, so that it may still be carried out.
  var mayStillHappen = false
  /// Whether another attempt of the step would fail in the same way, because its request cannot be made.
  var isFinal = false
  /// Whether the service does not know a command any more that was accepted before an interruption.
  var wasForgotten = false
  /// Whether it is the refusal of a repeat, whose cause may be the effect of the request before it.
  var isOfRepeat = false

  init(
    _ failure: Failure, effect: Effect, retryAfter: Duration? = nil, origin: StepPath? = nil,
    value: Value = [:]
  ) {
    self.failure = failure
    self.effect = effect
    self.retryAfter = retryAfter
    self.origin = origin
    self.value = value
  }
}

extension WorkFailure {
  /// Whether the service refused to do what was asked.
  var isRefusal: Bool {
    switch failure.kind {
    case .rejected, .invalid: true
    case .network, .throttled, .serverError, .timeout, .unauthorised, .malformed, .expectation,
      .local:
      false
    }
  }

  /// Whether a read that failed so may be made again.
  var isPassing: Bool {
    switch failure.kind {
    case .network, .throttled, .serverError, .timeout: failure.allowsRetry
    case .unauthorised, .rejected, .invalid, .malformed, .expectation, .local: false
    }
  }

  /// The run was interrupted while `how`, so that nobody knows what the request did.
  static func interrupted(_ how: String, _ operation: Operation) -> WorkFailure {
    let failure = Failure(
      .network, "the run was interrupted while \(how)", operation: operation.id)
    var problem = WorkFailure(failure, effect: .possible)
    problem.wasInterrupted = true
    return problem
  }

  /// No request can be made of what the step gives, so that none was sent and none will be.
  static func impossible(_ failure: Failure) -> WorkFailure {
    var problem = WorkFailure(failure, effect: .none)
    problem.isFinal = true
    return problem
  }

  /// Runs `body`; a failure in it is one that no repeat will mend.
  static func orSettled<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(WorkFailure) -> Result {
    do throws(Failure) {
      return try body()
    } catch {
      throw WorkFailure(error, effect: .settled)
    }
  }
}
