package import Expressions
package import Operations

/// One thing that happened in a run.
///
/// The events of a run are all that is ever stored of it.
package struct RunEvent: Sendable, Hashable {
  /// Counts from 0 without a gap.
  package var sequence: Int
  /// When the event was recorded; never before the event that precedes it.
  package var at: Moment
  /// What happened, with all that belongs to it.
  package var kind: Kind

  /// An event at its place in the run.
  package init(sequence: Int, at: Moment, kind: Kind) {
    self.sequence = sequence
    self.at = at
    self.kind = kind
  }

  /// What can happen in a run; `EventType` has the name and number of each case.
  ///
  /// Indirect, so that an event is small whatever happened: many are handed on at once.
  package indirect enum Kind: Sendable, Hashable {
    /// Always the first event.
    case runStarted(RunStart)
    /// A session went on to another state.
    case sessionChanged(username: String, SessionChange)
    /// It is a step's turn; what its `when` says is decided next.
    case stepStarted(StepPath, StepSummary)
    /// An attempt begins: each of a step that has steps of its own, of others all but the first, which
    /// begins with `stepStarted`.
    case attemptStarted(StepPath, attempt: Int)
    /// A group that is tried again reuses the result that the step had in an earlier attempt; or a run
    /// that was started from a step reuses the result that is recorded here, of an earlier run.
    case stepReused(StepPath, StepSummary, StepResult? = nil)
    /// Recorded, durably, before the first byte of a request leaves.
    case requestIntended(StepPath, RequestIntent)
    /// Recorded, durably, before a local action begins.
    case actionIntended(StepPath, ActionIntent)
    /// The HTTP answer came.
    case requestAnswered(StepPath, RequestAnswer)
    /// The service says that a command is still in flight; posted once per command.
    case commandPending(StepPath, commandID: String)
    /// The service says how a command ended; posted once per command.
    case commandSettled(StepPath, CommandVerdict)
    /// It was unknown whether a request had its effect, and now that is known.
    case doubtSettled(StepPath, DoubtVerdict)
    /// What an ensured call read, and what follows from it; recorded, durably, before a request leaves
    /// because of it.
    case stateCompared(StepPath, StateComparison)
    /// The data requested under a request id is here.
    case dataArrived(StepPath, requestID: String, byteCount: Int, means: DataMeans)
    /// The step waits for something that may take long; posted when what it waits for changes.
    case stepWaiting(StepPath, WaitReason)
    /// A person is asked to decide.
    case approvalRequested(StepPath, ApprovalRequest)
    /// A person decided.
    case approvalDecided(StepPath, ApprovalDecision)
    /// An attempt failed and another follows after `pause`.
    case attemptFailed(StepPath, attempt: Int, Failure, pause: Duration)
    /// The step's own work is over, and steps of its `rescue` or `always` follow.
    case workEnded(StepPath, WorkEnd)
    /// The step fails, or is tried again, although its call had its effect and gave this: only of steps that
    /// can be undone.
    case effectRecorded(StepPath, Value)
    /// The steps of a played playbook, or of the run itself, are over, and what they changed is taken back.
    case undoing(StepPath, Undoing)
    /// No further step below this one begins.
    case stopping(StepPath, StopReason)
    /// The step is done.
    case stepFinished(StepPath, StepResult)
    /// An address of the service stopped answering, or answers again.
    case serviceChanged(address: String, ServiceChange)
    /// Somebody asked the run to stop; what is in flight has at most `grace` to finish.
    case cancelRequested(grace: Duration? = nil)
    /// A state that should be impossible; one sentence without a secret. The run ends.
    case internalError(String)
    /// The last event of every run that came to its end, unless it is resumed.
    case runFinished(RunResult)
    /// The run is continued.
    case runResumed(RunResumption)
    /// Something that happened to a rollout as a whole: only in the records of rollouts, which hold
    /// nothing else.
    case rollout(RolloutEvent)
  }
}

/// What a run was started with.
package struct RunStart: Sendable, Hashable {
  /// The id that is drawn for the run before it starts.
  package var run: RunID
  /// The name of the outermost playbook.
  package var playbook: String
  /// The path of the outermost playbook's file, as diagnostics name it.
  package var file: String
  /// The digest of the plan (`Plan.digest`).
  package var planDigest: String
  /// The bound inputs of the outermost playbook, secrets marked as such.
  package var inputs: ValueMap
  /// The seed of all random choices in the run (jitter, correlation ids).
  package var seed: UInt64
  /// The program's version.
  package var version: String
  /// The service it drives; nil in journals of older programs and under simulation.
  package var service: ServiceOrigins?
  /// The name of the environment that names the service; nil where none is used.
  package var environment: String?
  /// What people call it by, each name once.
  package var labels: [RunLabel]
  /// The limits and intervals of the run, by name; empty in journals of older programs.
  package var settings = ValueMap()
  /// Where the run can be planned from again; nil in journals of older programs.
  package var pinned: PinnedPlan?
  /// The run whose results it reuses; nil for one that begins at the beginning.
  package var reused: ReusedRun?
  /// In a plan that is kept, the SHA-256 digests of the files among its inputs, by path, in lower-case
  /// hex; otherwise empty.
  package var contents = ValueMap()
  /// The tenant of a rollout that the run is about; nil for a run of its own.
  package var tenant: TenantReference?

  /// The start of a run; `settings` is empty until it is set.
  package init(
    run: RunID, playbook: String, file: String, planDigest: String, inputs: ValueMap,
    seed: UInt64, version: String, service: ServiceOrigins? = nil, labels: [RunLabel] = []
  ) {
    self.run = run
    self.playbook = playbook
    self.file = file
    self.planDigest = planDigest
    self.inputs = inputs
    self.seed = seed
    self.version = version
    self.service = service
    self.labels = labels
  }
}

/// An earlier run whose results a run reuses, up to a step.
package struct ReusedRun: Sendable, Hashable {
  /// The earlier run.
  package var run: RunID
  /// What ended well in the earlier run before this step began is not done again.
  package var step: StepPath
  /// How many events of the earlier run count; it may go on later.
  package var eventCount: Int

  /// The results in the first `eventCount` events of `run` that were there when `step` began.
  package init(run: RunID, step: StepPath, eventCount: Int) {
    self.run = run
    self.step = step
    self.eventCount = eventCount
  }
}

/// What a run is planned from, so that it can be continued whatever happens to the files.
package struct PinnedPlan: Sendable, Hashable {
  /// The digest of the text with all playbook files, as `RecordedFiles.value`; lower-case hex.
  package var files: String
  /// The digest of the text of the API description; lower-case hex.
  package var description: String
  /// What the program made of them (`Plan.outlineDigest`).
  package var outline: String
  /// The path of the playbook as it was given.
  package var path: String
  /// The folder that the run was started in, which relative paths start from.
  package var folder: String
  /// The digest of the text of the saved plan that the run keeps to, lower-case hex; nil where it follows
  /// none.
  package var savedPlan: String?

  /// A plan that is made from these texts.
  package init(
    files: String, description: String, outline: String, path: String, folder: String
  ) {
    self.files = files
    self.description = description
    self.outline = outline
    self.path = path
    self.folder = folder
  }
}

/// A change of a session's state.
package enum SessionChange: Sendable, Hashable {
  /// An application's tokens are being exchanged for new ones; recorded before the request leaves.
  case refreshing
  /// An application's new tokens, `accessToken` and `refreshToken`, both secret; recorded before they
  /// are used.
  case refreshed(tokens: ValueMap)
  /// Authenticated; the socket is not open yet.
  case authenticated
  /// The socket is open and joined: commands may leave.
  case joined
  /// The socket broke; it is being opened again.
  case lost(reason: String)
  /// The channel was left and the socket is closed.
  case closed
  /// Its token was revoked, because the playbook asks for it.
  case revoked
  /// Its token should have been revoked and may still be good; the outcome is the same.
  case notRevoked(reason: String)
}

/// What a person wants to know of a step that begins.
package struct StepSummary: Sendable, Hashable {
  /// The kind of a step; `local` is a `call` on this machine, `block` is `steps` alone.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case call
    case local
    case play
    case forEach = "for-each"
    case parallel
    case block
    case assert
    case wait
    case approve
  }

  /// What the step does, which decides how outputs describe it.
  package var kind: Kind
  /// The step's name, else its id, else what it calls; never empty.
  package var title: String
  /// The operation, local action or playbook it is about; of a `for-each`, the name of its
  /// element.
  package var subject: String?
  /// The element of the `for-each` round that begins with this step, when it is short and not
  /// secret.
  package var element: String?

  /// A summary with the names that there are for the step.
  package init(kind: Kind, title: String, subject: String? = nil, element: String? = nil) {
    self.kind = kind
    self.title = title
    self.subject = subject
    self.element = element
  }
}

/// A request about to leave.
package struct RequestIntent: Sendable, Hashable {
  /// Counts from 1 over the whole step.
  package var attempt: Int
  /// The id of the operation, such as `device.approve-device`.
  package var operation: String
  /// The HTTP method of the route that is tried.
  package var method: String
  /// The path template, such as `/device/approve-device`.
  package var path: String
  /// What was asked, sensitive fields secret, long texts cut.
  package var arguments: ValueMap
  /// The instant after which the request does not leave any more; nil in journals of older programs.
  package var sendBy: Moment?

  /// A request about to leave; `arguments` must be shortened and their secrets marked already.
  package init(
    attempt: Int, operation: String, method: String, path: String, arguments: ValueMap,
    sendBy: Moment? = nil
  ) {
    self.attempt = attempt
    self.operation = operation
    self.method = method
    self.path = path
    self.arguments = arguments
    self.sendBy = sendBy
  }
}

/// What the service answered to a request.
package struct RequestAnswer: Sendable, Hashable {
  /// The attempt of the request, as in its `RequestIntent`.
  package var attempt: Int
  /// The HTTP status, of a refusal too.
  package var status: Int
  /// The command that the response carries; nil when there is none to wait for.
  package var commandID: String?
  /// The id under which requested data will arrive; nil when none will.
  package var requestID: String?
  /// The answer as a value, sensitive fields secret, long texts cut.
  package var body: Value
  /// The declared fields of the answer, complete, where a continued run may still need them.
  package var fields: ValueMap
  /// Whether the command's id could as well be that of what was created.
  package var mayIdentifyCreated: Bool

  /// A response; `body` must be shortened and its secrets marked already.
  package init(
    attempt: Int, status: Int, commandID: String? = nil, requestID: String? = nil, body: Value,
    fields: ValueMap = [:], mayIdentifyCreated: Bool = false
  ) {
    self.attempt = attempt
    self.status = status
    self.commandID = commandID
    self.requestID = requestID
    self.body = body
    self.fields = fields
    self.mayIdentifyCreated = mayIdentifyCreated
  }
}

/// How a command ended, and how that became known.
package struct CommandVerdict: Sendable, Hashable {
  /// What the service says of the command in the end.
  package enum State: Sendable, Hashable {
    case succeeded
    case rejected
    /// A terminal word that the contract does not know, verbatim.
    case unknown(String)
  }

  /// The way by which the outcome came first; the other way is ignored.
  package enum Means: String, Sendable, Hashable {
    case socket
    case poll
  }

  /// The id from the response to the request that the command belongs to.
  package var commandID: String
  /// The outcome, or the word of the service where the contract does not know it.
  package var state: State
  /// Whether a message of the WebSocket or a poll said so.
  package var means: Means
  /// The reason or note that came with it, or null.
  package var body: Value
  /// The machine-readable reason of a rejection; nil where there is none.
  package var reason: String? = nil

  /// The end of a command; `body` is null when nothing came with it.
  package init(commandID: String, state: State, means: Means, body: Value) {
    self.commandID = commandID
    self.state = state
    self.means = means
    self.body = body
  }
}

/// How requested data arrived.
package enum DataMeans: String, Sendable, Hashable {
  /// In the message itself.
  case inline
  /// From an address or auth value that the message named.
  case download
}

/// What a step waits for.
package enum WaitReason: Sendable, Hashable {
  /// A session to be opened.
  case session(username: String)
  /// A command's outcome.
  case command(id: String)
  /// Data requested under a request id.
  case data(requestID: String)
  /// A duration of its own.
  case pause(until: Moment)
  /// A condition, re-read; `answer` is the last one read.
  case condition(String, answer: Value)
  /// A read by this operation that finds out whether a request had its effect.
  case lookup(operation: String)
  /// The end of another step that makes sure of the same thing.
  case step(StepPath)
  /// The end of the vote of another tenant of the rollout.
  case voteSlot
}

/// How a run ended.
package struct RunResult: Sendable, Hashable {
  /// How the run ended: `succeeded`, `failed`, `cancelled` or `inDoubt`.
  package var outcome: Outcome
  /// The declared outputs; of a run that did not succeed, those that could be evaluated all the
  /// same.
  package var outputs: ValueMap
  /// The failure that decided the outcome, and its step.
  package var failure: Failure?
  /// The innermost step that failed; nil when the failure belongs to no step.
  package var failedStep: StepPath?
  /// How many steps did what to the service; empty in journals of older programs.
  package var changes = ChangeCounts()

  /// The end of a run; `failure` and `failedStep` are nil for one that succeeded.
  package init(
    outcome: Outcome, outputs: ValueMap = ValueMap(), failure: Failure? = nil,
    failedStep: StepPath? = nil
  ) {
    self.outcome = outcome
    self.outputs = outputs
    self.failure = failure
    self.failedStep = failedStep
  }
}
