import Events
import Expressions
import Operations
import Planning

/// Names a node of the running tree.
struct NodeID: Sendable, Hashable {
  let number: Int
}

/// One running occurrence of a step, or of a list of steps.
struct Node: Sendable {
  let parent: NodeID?
  let path: StepPath
  let scope: ScopeID
  var content: Content

  enum Content: Sendable {
    case sequence(SequenceState)
    case step(StepState)
  }
}

/// A list of steps being gone through, one after another.
struct SequenceState: Sendable {
  let steps: [PlannedStep]
  /// The index of the step that comes next.
  var next = 0
  /// The step in progress.
  var current: NodeID?
  /// No further step begins.
  var isStopped = false
  /// `always` steps: a cancellation does not stop them.
  let isProtected: Bool
}

/// One step in progress.
struct StepState: Sendable {
  let step: PlannedStep
  /// Counts from 1.
  var attempt = 1
  var phase = Phase.ready
  var stop: StopCause?
  /// Whether the attempt got more time because its limit passed while the machine slept.
  var hasOverslept = false
  /// What a person should know about what the step did on this machine.
  var notice: String?
  /// The sequence number up to which finished calls below are kept when a group is tried again.
  var reusableThrough = -1
  /// What the rounds of a `for-each` gave that ended well before it is tried again, by number.
  var keptRounds: [Int: Value] = [:]

  /// Exits: `ready` → `working`; `working` → `backingOff`, `rescuing`, `concluding` or gone;
  /// `backingOff` → `working`; `rescuing` → `concluding` or gone; `concluding` → gone.
  enum Phase: Sendable {
    case ready
    case working(Work)
    /// Waits for the pause before the next attempt; holds what the last one ended with.
    case backingOff(Ending)
    /// The steps of `rescue` run.
    case rescuing(NodeID, after: Ending)
    /// The steps of `always` run.
    case concluding(NodeID, after: Ending)
  }
}

/// Why a step was stopped before its work was done.
enum StopCause: Sendable {
  case cancelled(Cancellation)
  /// Its own time was up.
  case timedOut(Failure)
}

/// What from outside a step ended it.
enum Cancellation: Sendable, Hashable {
  /// Somebody asked the run to stop.
  case requested
  /// Another step of the same group failed.
  case sibling
  /// The time of a group around it was up.
  case timeUp(of: StepPath)
}

/// What a step is doing.
enum Work: Sendable {
  case call(CallState)
  case local(LocalState)
  /// Its children are in `RunMachine.groups`, where they change in place.
  case group
  case pausing
  case reading(ReadingState)
}

/// A local action in progress.
struct LocalState: Sendable {
  let request: RequestID
}

/// A `wait: {until: …}`: a call repeated until its answer satisfies a condition.
struct ReadingState: Sendable {
  /// The read in progress, or nil between two reads.
  var call: CallState?
  /// The latest answer, or null.
  var answer: Value = .null
  /// The values that make the condition false for that answer, as a message may show them.
  var comparedValues: String?
  var hasRecordedRequest = false
  var hasRecordedAnswer = false
  /// Why the latest read failed, or nil when it did not.
  var problem: Failure?
}

/// How a node ended, and the innermost step that decided it.
struct Ending: Sendable {
  var result: StepResult
  var origin: StepPath?

  init(_ result: StepResult, origin: StepPath? = nil) {
    self.result = result
    self.origin = origin
  }

  static let cancelled = Ending(StepResult(outcome: .cancelled))
}

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
