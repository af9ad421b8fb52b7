import Expressions
import Operations

/// The types of events: their names in JSON and their numbers in the journal, none ever reused.
package enum EventType: String, Sendable, Hashable, CaseIterable {
  case runStarted = "run-started"
  case sessionChanged = "session-changed"
  case stepStarted = "step-started"
  case attemptStarted = "attempt-started"
  case stepReused = "step-reused"
  case requestIntended = "request-intended"
  case actionIntended = "action-intended"
  case requestAnswered = "request-answered"
  case commandPending = "command-pending"
  case commandSettled = "command-settled"
  case doubtSettled = "doubt-settled"
  case stateCompared = "state-compared"
  case dataArrived = "data-arrived"
  case stepWaiting = "step-waiting"
  case approvalRequested = "approval-requested"
  case approvalDecided = "approval-decided"
  case attemptFailed = "attempt-failed"
  case workEnded = "work-ended"
  case effectRecorded = "effect-recorded"
  case undoing
  case stopping
  case stepFinished = "step-finished"
  case serviceChanged = "service-changed"
  case cancelRequested = "cancel-requested"
  case internalError = "internal-error"
  case runFinished = "run-finished"
  case runResumed = "run-resumed"
  case rolloutStarted = "rollout-started"
  case rolloutStageStarted = "rollout-stage-started"
  case rolloutStageProved = "rollout-stage-proved"
  case rolloutBaking = "rollout-baking"
  case rolloutGateEvaluated = "rollout-gate-evaluated"
  case rolloutApprovalRequested = "rollout-approval-requested"
  case rolloutApprovalDecided = "rollout-approval-decided"
  case rolloutTenantRefused = "rollout-tenant-refused"
  case rolloutPaused = "rollout-paused"
  case rolloutUnpaused = "rollout-unpaused"
  case rolloutStopping = "rollout-stopping"
  case rolloutResumed = "rollout-resumed"
  case rolloutFinished = "rollout-finished"

  /// The type of that number.
  package init?(number: UInt64) {
    guard let type = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = type
  }

  /// The number in the journal.
  package var number: UInt64 {
    switch self {
    case .runStarted: 1
    case .sessionChanged: 2
    case .stepStarted: 3
    case .requestIntended: 4
    case .requestAnswered: 5
    case .commandPending: 6
    case .commandSettled: 7
    case .dataArrived: 8
    case .stepWaiting: 9
    case .attemptFailed: 10
    case .stepFinished: 11
    case .serviceChanged: 12
    case .cancelRequested: 13
    case .runFinished: 14
    case .attemptStarted: 15
    case .stepReused: 16
    case .actionIntended: 17
    case .workEnded: 18
    case .stopping: 19
    case .approvalRequested: 20
    case .approvalDecided: 21
    case .runResumed: 22
    case .internalError: 23
    case .doubtSettled: 24
    case .stateCompared: 25
    case .rolloutStarted: 26
    case .rolloutStageStarted: 27
    case .rolloutStageProved: 28
    case .rolloutBaking: 29
    case .rolloutGateEvaluated: 30
    case .rolloutApprovalRequested: 31
    case .rolloutApprovalDecided: 32
    case .rolloutTenantRefused: 33
    case .rolloutPaused: 34
    case .rolloutUnpaused: 35
    case .rolloutStopping: 36
    case .rolloutResumed: 37
    case .rolloutFinished: 38
    case .undoing: 39
    case .effectRecorded: 40
    }
  }

  /// An event of this type to be read into.
  package var blank: RunEvent.Kind {
    switch self {
    case .runStarted: .runStarted(.blank)
    case .sessionChanged: .sessionChanged(username: "", .blank)
    case .stepStarted: .stepStarted(.root, .blank)
    case .requestIntended: .requestIntended(.root, .blank)
    case .requestAnswered: .requestAnswered(.root, .blank)
    case .commandPending: .commandPending(.root, commandID: "")
    case .commandSettled: .commandSettled(.root, .blank)
    case .dataArrived: .dataArrived(.root, requestID: "", byteCount: 0, means: .inline)
    case .stepWaiting: .stepWaiting(.root, .blank)
    case .attemptFailed: .attemptFailed(.root, attempt: 0, .blank, pause: .zero)
    case .stepFinished: .stepFinished(.root, .blank)
    case .serviceChanged: .serviceChanged(address: "", .blank)
    case .cancelRequested: .cancelRequested()
    case .runFinished: .runFinished(.blank)
    case .attemptStarted: .attemptStarted(.root, attempt: 0)
    case .stepReused: .stepReused(.root, .blank)
    case .actionIntended: .actionIntended(.root, .blank)
    case .workEnded: .workEnded(.root, .blank)
    case .stopping: .stopping(.root, .blank)
    case .approvalRequested: .approvalRequested(.root, .blank)
    case .approvalDecided: .approvalDecided(.root, .blank)
    case .runResumed: .runResumed(.blank)
    case .internalError: .internalError("")
    case .doubtSettled: .doubtSettled(.root, .blank)
    case .stateCompared: .stateCompared(.root, .blank)
    case .rolloutStarted: .rollout(.started(.blank))
    case .rolloutStageStarted: .rollout(.stageStarted(stage: 0, tenants: 0))
    case .rolloutStageProved: .rollout(.stageProved(stage: 0))
    case .rolloutBaking: .rollout(.baking(stage: 0, until: Moment(nanoseconds: 0)))
    case .rolloutGateEvaluated: .rollout(.gateEvaluated(stage: 0, isOpen: false))
    case .rolloutApprovalRequested: .rollout(.approvalRequested(stage: 0))
    case .rolloutApprovalDecided: .rollout(.approvalDecided(stage: 0, .blank))
    case .rolloutTenantRefused: .rollout(.tenantRefused(.blank))
    case .rolloutPaused: .rollout(.paused)
    case .rolloutUnpaused: .rollout(.unpaused)
    case .rolloutStopping: .rollout(.stopping(.blank))
    case .rolloutResumed: .rollout(.resumed(.blank))
    case .rolloutFinished: .rollout(.finished(.blank))
    case .undoing: .undoing(.root, .blank)
    case .effectRecorded: .effectRecorded(.root, .null)
    }
  }
}

extension RunEvent.Kind {
  /// The type of the event, from which its JSON and its journal entry take name and number.
  package var type: EventType {
    switch self {
    case .runStarted: .runStarted
    case .sessionChanged: .sessionChanged
    case .stepStarted: .stepStarted
    case .attemptStarted: .attemptStarted
    case .stepReused: .stepReused
    case .requestIntended: .requestIntended
    case .actionIntended: .actionIntended
    case .requestAnswered: .requestAnswered
    case .commandPending: .commandPending
    case .commandSettled: .commandSettled
    case .doubtSettled: .doubtSettled
    case .stateCompared: .stateCompared
    case .dataArrived: .dataArrived
    case .stepWaiting: .stepWaiting
    case .approvalRequested: .approvalRequested
    case .approvalDecided: .approvalDecided
    case .attemptFailed: .attemptFailed
    case .workEnded: .workEnded
    case .effectRecorded: .effectRecorded
    case .undoing: .undoing
    case .stopping: .stopping
    case .stepFinished: .stepFinished
    case .serviceChanged: .serviceChanged
    case .cancelRequested: .cancelRequested
    case .internalError: .internalError
    case .runFinished: .runFinished
    case .runResumed: .runResumed
    case .rollout(let event): event.type
    }
  }

  /// Goes through the fields of the event.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    switch self {
    case .runStarted, .sessionChanged, .serviceChanged, .cancelRequested, .internalError,
      .runFinished, .runResumed:
      try codeRun(&coder)
    case .stepStarted, .attemptStarted, .stepReused, .stepWaiting, .attemptFailed, .workEnded,
      .undoing, .stopping, .stepFinished:
      try codeStep(&coder)
    case .requestIntended, .actionIntended, .requestAnswered, .commandPending, .commandSettled,
      .doubtSettled, .stateCompared, .dataArrived, .effectRecorded, .approvalRequested,
      .approvalDecided:
      try codeWork(&coder)
    case .rollout(var event):
      try event.code(&coder)
      self = .rollout(event)
    }
  }

  private static let step = FieldKey("step", 1)

  private mutating func codeRun<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    switch self {
    case .runStarted(var start):
      try start.code(&coder)
      self = .runStarted(start)
    case .sessionChanged(var username, var change):
      try coder.text(FieldKey("username", 1), &username)
      try change.code(&coder)
      self = .sessionChanged(username: username, change)
    case .serviceChanged(var address, var change):
      try coder.text(FieldKey("address", 1), &address)
      try change.code(&coder)
      self = .serviceChanged(address: address, change)
    case .cancelRequested(var grace):
      try coder.duration(FieldKey("grace", 1), &grace)
      self = .cancelRequested(grace: grace)
    case .internalError(var message):
      try coder.text(FieldKey("message", 1), &message)
      self = .internalError(message)
    case .runFinished(var result):
      try result.code(&coder)
      self = .runFinished(result)
    case .runResumed(var resumption):
      try resumption.code(&coder)
      self = .runResumed(resumption)
    case .stepStarted, .attemptStarted, .stepReused, .stepWaiting, .attemptFailed, .workEnded,
      .undoing, .effectRecorded, .stopping, .stepFinished, .requestIntended, .actionIntended,
      .requestAnswered, .commandPending, .commandSettled, .doubtSettled, .stateCompared,
      .dataArrived,
      .approvalRequested, .approvalDecided, .rollout:
      break
    }
  }

  private mutating func codeStep<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError)
  {
    switch self {
    case .stepStarted(var path, var summary):
      try coder.path(Self.step, &path)
      try summary.code(&coder)
      self = .stepStarted(path, summary)
    case .attemptStarted(var path, var attempt):
      try coder.path(Self.step, &path)
      try coder.count(FieldKey("attempt", 2), &attempt)
      self = .attemptStarted(path, attempt: attempt)
    case .stepReused(var path, var summary, var result):
      try coder.path(Self.step, &path)
      try summary.code(&coder)
      try coder.part(FieldKey("result", 6), &result)
      self = .stepReused(path, summary, result)
    case .stepWaiting(var path, var reason):
      try coder.path(Self.step, &path)
      try coder.part(FieldKey("waitsFor", 2), &reason)
      self = .stepWaiting(path, reason)
    case .attemptFailed(var path, var attempt, var failure, var pause):
      try coder.path(Self.step, &path)
      try coder.count(FieldKey("attempt", 2), &attempt)
      try coder.part(FieldKey("failure", 3), &failure)
      try coder.duration(FieldKey("pause", 4), &pause)
      self = .attemptFailed(path, attempt: attempt, failure, pause: pause)
    case .workEnded(var path, var end):
      try coder.path(Self.step, &path)
      try end.code(&coder)
      self = .workEnded(path, end)
    case .undoing(var path, var undoing):
      var place: StepPath? = path == .root ? nil : path
      try coder.path(Self.step, &place)
      path = place ?? .root
      try undoing.code(&coder)
      self = .undoing(path, undoing)
    case .stopping(var path, var reason):
      try coder.path(Self.step, &path)
      try reason.code(&coder)
      self = .stopping(path, reason)
    case .stepFinished(var path, var result):
      try coder.path(Self.step, &path)
      try result.code(&coder)
      self = .stepFinished(path, result)
    case .runStarted, .sessionChanged, .serviceChanged, .cancelRequested, .internalError,
      .runFinished, .runResumed, .requestIntended, .actionIntended, .requestAnswered,
      .commandPending, .commandSettled, .doubtSettled, .stateCompared, .dataArrived,
      .effectRecorded, .approvalRequested, .approvalDecided, .rollout:
      break
    }
  }

  private mutating func codeWork<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError)
  {
    switch self {
    case .requestIntended(var path, var intent):
      try coder.path(Self.step, &path)
      try intent.code(&coder)
      self = .requestIntended(path, intent)
    case .actionIntended(var path, var intent):
      try coder.path(Self.step, &path)
      try intent.code(&coder)
      self = .actionIntended(path, intent)
    case .requestAnswered(var path, var answer):
      try coder.path(Self.step, &path)
      try answer.code(&coder)
      self = .requestAnswered(path, answer)
    case .commandPending(var path, var commandID):
      try coder.path(Self.step, &path)
      try coder.text(FieldKey("commandId", 2), &commandID)
      self = .commandPending(path, commandID: commandID)
    case .commandSettled(var path, var verdict):
      try coder.path(Self.step, &path)
      try verdict.code(&coder)
      self = .commandSettled(path, verdict)
    case .doubtSettled(var path, var verdict):
      try coder.path(Self.step, &path)
      try verdict.code(&coder)
      self = .doubtSettled(path, verdict)
    case .stateCompared(var path, var comparison):
      try coder.path(Self.step, &path)
      try comparison.code(&coder)
      self = .stateCompared(path, comparison)
    case .dataArrived(var path, var requestID, var byteCount, var means):
      try coder.path(Self.step, &path)
      try coder.text(FieldKey("requestId", 2), &requestID)
      try coder.count(FieldKey("byteCount", 3), &byteCount)
      try coder.word(FieldKey("means", 4), &means)
      self = .dataArrived(path, requestID: requestID, byteCount: byteCount, means: means)
    case .effectRecorded(var path, var value):
      try coder.path(Self.step, &path)
      try coder.value(FieldKey("value", 2), &value)
      self = .effectRecorded(path, value)
    case .approvalRequested(var path, var request):
      try coder.path(Self.step, &path)
      try request.code(&coder)
      self = .approvalRequested(path, request)
    case .approvalDecided(var path, var decision):
      try coder.path(Self.step, &path)
      try decision.code(&coder)
      self = .approvalDecided(path, decision)
    case .runStarted, .sessionChanged, .serviceChanged, .cancelRequested, .internalError,
      .runFinished, .runResumed, .stepStarted, .attemptStarted, .stepReused, .stepWaiting,
      .attemptFailed, .workEnded, .undoing, .stopping, .stepFinished, .rollout:
      break
    }
  }
}
