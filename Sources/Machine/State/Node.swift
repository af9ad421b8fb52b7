import Events
import Expressions
import Operations
import Planning

/// Names a node of the tree of steps in progress; numbers grow in the order nodes come into being.
struct NodeID: Sendable, Hashable, Comparable {
  let number: Int

  static func < (left: NodeID, right: NodeID) -> Bool { left.number < right.number }
}

/// One occurrence of a step in progress, or of a list of steps.
struct Node: Sendable, Hashable {
  let parent: NodeID?
  let path: StepPath
  let scope: ScopeID
  var content: Content

  enum Content: Sendable, Hashable {
    case sequence(SequenceState)
    case step(StepState)
  }
}

/// A list of steps that are carried out one after another.
struct SequenceState: Sendable, Hashable {
  /// What the steps are there for.
  enum Role: Sendable, Hashable {
    /// The work of a step, or its `rescue`.
    case work
    case always
    /// Each of them takes back a change; one that fails does not keep the others from it.
    case undo
  }

  var steps: [PlannedStep]
  let role: Role
  /// The index of the step that comes next.
  var next = 0
  /// The step in progress.
  var current: NodeID?
  /// No further step begins.
  var isStopped = false
  /// What each of the steps sees, where they undo something.
  var scopes: [Scope] = []
  /// What each of the steps undoes.
  var undos: [ArmedUndo] = []
  /// How many of the steps that undo something failed.
  var failures = 0

  init(steps: [PlannedStep], role: Role = .work) {
    self.steps = steps
    self.role = role
  }

  /// Whether a cancellation does not stop them.
  var isProtected: Bool { role != .work }
}

/// A step as it is planned, with its rules, for as many copies of a state as there are.
private final class SharedStep: Sendable, Hashable {
  let step: PlannedStep
  let rules: any StepRules

  init(_ step: PlannedStep) {
    self.step = step
    rules = step.rules
  }

  static func == (left: SharedStep, right: SharedStep) -> Bool {
    left === right || left.step == right.step
  }

  func hash(into hasher: inout Hasher) { hasher.combine(step.location) }
}

/// One step in progress, as far as its events say.
struct StepState: Sendable, Hashable {
  /// One, in a place of its own: a state is looked at far more often than it changes, and a copy costs no more
  /// than a reference.
  private var fields: [Fields]

  private struct Fields: Sendable, Hashable {
    let planned: SharedStep
    var progress: StepProgress
    var phase = Phase.working
    var stop: StopCause?
    var reuse = Reuse()
    var changesBelow = Value.null
    @Apart var flaw: Failure? = nil
    var rounds = RoundProgress()
    var pages = PageProgress()
  }

  init(step: PlannedStep, flaw: Failure? = nil, startedAt: Moment) {
    fields = [
      Fields(
        planned: SharedStep(step), progress: StepProgress(startedAt: startedAt), flaw: flaw)
    ]
  }

  /// How far it came.
  var progress: StepProgress {
    get { fields[0].progress }
    _modify { yield &fields[0].progress }
  }
  var phase: Phase {
    get { fields[0].phase }
    _modify { yield &fields[0].phase }
  }
  var stop: StopCause? {
    get { fields[0].stop }
    _modify { yield &fields[0].stop }
  }
  var reuse: Reuse {
    get { fields[0].reuse }
    _modify { yield &fields[0].reuse }
  }
  /// Whether steps below it changed something, as `StepChanges.any`.
  var changesBelow: Value {
    get { fields[0].changesBelow }
    _modify { yield &fields[0].changesBelow }
  }
  /// Why a setting of it that is computed cannot be used.
  var flaw: Failure? { fields[0].flaw }
  /// How far the rounds of a `for-each` came before it is tried again.
  var rounds: RoundProgress {
    get { fields[0].rounds }
    _modify { yield &fields[0].rounds }
  }
  /// How far the pages of a `for-each` were read, whatever its attempt.
  var pages: PageProgress {
    get { fields[0].pages }
    _modify { yield &fields[0].pages }
  }

  /// What the playbook says of it.
  var step: PlannedStep { fields[0].planned.step }
  /// How it is carried out.
  var rules: any StepRules { fields[0].planned.rules }

  /// Exits: `working` → `backingOff`, `rescuing`, `undoing`, `concluding` or gone; `backingOff` →
  /// `working` or the exits of `working`; `rescuing` → `rescued`, `concluding` or `ended`; `rescued` →
  /// `undoing`; `undoing` → `concluding` or `ended`; `concluding` → `ended`; `ended` → gone.
  enum Phase: Sendable, Hashable {
    case working
    /// An attempt failed and the next begins when the pause is over.
    case backingOff
    /// The steps of `rescue` run.
    indirect case rescuing(NodeID, after: Ending)
    /// The steps of `rescue` did not save a play, and what it changed is undone next.
    indirect case rescued(Ending)
    /// What the steps of a play changed is undone.
    indirect case undoing(NodeID, after: Ending)
    /// The steps of `always` run.
    indirect case concluding(NodeID, after: Ending)
    /// Its `rescue` and `always` are over.
    indirect case ended(Ending)
  }
}

/// What of a group need not be done again when it is retried.
struct Reuse: Sendable, Hashable {
  /// The sequence number up to which finished calls below are reused.
  var through = -1
  /// The results of calls that succeeded below a step that can be retried, with the sequence numbers
  /// of the events that recorded them.
  var results: [StepPath: Recorded] = [:]
  /// The steps below that changed something in an earlier attempt.
  var changed: Set<StepPath> = []

  struct Recorded: Sendable, Hashable {
    let result: StepResult
    let sequence: Int
    /// Whether a second time could have a second effect.
    let isFinal: Bool
  }
}
