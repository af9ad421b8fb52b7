import Expressions
import Operations

extension RolloutEvent {
  /// The type of the event, from which its JSON and its journal entry take name and number.
  package var type: EventType {
    switch self {
    case .started: .rolloutStarted
    case .stageStarted: .rolloutStageStarted
    case .stageProved: .rolloutStageProved
    case .baking: .rolloutBaking
    case .gateEvaluated: .rolloutGateEvaluated
    case .approvalRequested: .rolloutApprovalRequested
    case .approvalDecided: .rolloutApprovalDecided
    case .tenantRefused: .rolloutTenantRefused
    case .paused: .rolloutPaused
    case .unpaused: .rolloutUnpaused
    case .stopping: .rolloutStopping
    case .resumed: .rolloutResumed
    case .finished: .rolloutFinished
    }
  }

  private static let stage = FieldKey("stage", 1)

  /// Goes through the fields of the event.
  mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    switch self {
    case .started(var start):
      try start.code(&coder)
      self = .started(start)
    case .stageStarted(var stage, var tenants):
      try coder.count(Self.stage, &stage)
      try coder.count(FieldKey("tenants", 2), &tenants)
      self = .stageStarted(stage: stage, tenants: tenants)
    case .stageProved(var stage):
      try coder.count(Self.stage, &stage)
      self = .stageProved(stage: stage)
    case .baking(var stage, var until):
      try coder.count(Self.stage, &stage)
      try coder.moment(FieldKey("until", 2), &until)
      self = .baking(stage: stage, until: until)
    case .gateEvaluated(var stage, var isOpen):
      try coder.count(Self.stage, &stage)
      try coder.flag(FieldKey("open", 2), &isOpen)
      self = .gateEvaluated(stage: stage, isOpen: isOpen)
    case .approvalRequested(var stage):
      try coder.count(Self.stage, &stage)
      self = .approvalRequested(stage: stage)
    case .approvalDecided(var stage, var decision):
      try coder.count(Self.stage, &stage)
      try decision.code(&coder)
      self = .approvalDecided(stage: stage, decision)
    case .tenantRefused, .paused, .unpaused, .stopping, .resumed, .finished:
      try codeRest(&coder)
    }
  }

  private mutating func codeRest<Coder: EventCoder>(
    _ coder: inout Coder
  ) throws(Coder.CodingError) {
    switch self {
    case .tenantRefused(var refusal):
      try refusal.code(&coder)
      self = .tenantRefused(refusal)
    case .stopping(var stop):
      try stop.code(&coder)
      self = .stopping(stop)
    case .resumed(var resumption):
      try resumption.code(&coder)
      self = .resumed(resumption)
    case .finished(var result):
      try result.code(&coder)
      self = .finished(result)
    case .paused, .unpaused, .started, .stageStarted, .stageProved, .baking, .gateEvaluated,
      .approvalRequested, .approvalDecided:
      break
    }
  }
}

extension RolloutStart: EventPart {
  /// The start that the journal's fields are read into.
  package static var blank: RolloutStart {
    RolloutStart(
      rollout: .blank, name: "", file: "", playbook: "", tenantsFile: "", tenantCount: 0,
      mode: .apply, limits: [:], stages: [], environment: nil, service: nil, labels: [],
      version: "", seed: 0, definition: "", tenants: "", pinned: .blank)
  }

  /// Goes through fields 1 to 17; the rollout's id, 1, and all from 15 on stay inside the process.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    if !Coder.isOutside { try coder.run(FieldKey("rollout", 1), &rollout) }
    try coder.text(FieldKey("name", 2), &name)
    try coder.text(FieldKey("file", 3), &file)
    try coder.text(FieldKey("playbook", 4), &playbook)
    try coder.text(FieldKey("tenantsFile", 5), &tenantsFile)
    try coder.count(FieldKey("tenantCount", 6), &tenantCount)
    try coder.word(FieldKey("mode", 7), &mode)
    try coder.map(FieldKey("limits", 8), &limits)
    try coder.counts(FieldKey("stages", 9), &stages)
    try coder.text(FieldKey("environment", 10), &environment)
    try coder.part(FieldKey("service", 11), &service)
    try coder.labels(FieldKey("labels", 12), &labels)
    try coder.text(FieldKey("programVersion", 13), &version)
    try coder.seed(FieldKey("seed", 14), &seed)
    guard !Coder.isOutside else { return }
    try coder.text(FieldKey("definition", 15), &definition)
    try coder.text(FieldKey("tenants", 16), &tenants)
    try coder.part(FieldKey("pinned", 17), &pinned)
  }
}

extension TenantReference: EventPart {
  /// The reference that the journal's fields are read into.
  package static var blank: TenantReference {
    TenantReference(rollout: .blank, rolloutName: "", name: "", index: 0, locks: [])
  }

  /// Goes through fields 1 to 5; the locks, 5, stay inside the process.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.run(FieldKey("rollout", 1), &rollout)
    try coder.text(FieldKey("rolloutName", 2), &rolloutName)
    try coder.text(FieldKey("name", 3), &name)
    try coder.count(FieldKey("index", 4), &index)
    if !Coder.isOutside { try coder.texts(FieldKey("locks", 5), &locks) }
  }
}

extension TenantRefusal: EventPart {
  /// The refusal that the journal's fields are read into.
  package static var blank: TenantRefusal { TenantRefusal(tenant: "", index: 0, reason: "") }

  /// Goes through fields 1 to 4; the hint, 4, only where there is one.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("tenant", 1), &tenant)
    try coder.count(FieldKey("index", 2), &index)
    try coder.text(FieldKey("reason", 3), &reason)
    try coder.text(FieldKey("hint", 4), &hint)
  }
}

extension RolloutStop: EventPart {
  /// The stop that the journal's fields are read into.
  package static var blank: RolloutStop { .cancelled }

  /// Goes through field 1, the kind, and the fields that this kind has; refuses an unknown kind, and one
  /// whose fields are missing.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    var (kind, count, limit, stage): (String, Int?, Int?, Int?) =
      switch self {
      case .failures(let count, let limit): ("failures", count, limit, nil)
      case .stageFailed(let stage): ("stage-failed", nil, nil, stage)
      case .gateShut(let stage): ("gate-shut", nil, nil, stage)
      case .cancelled: ("cancelled", nil, nil, nil)
      case .deadline: ("deadline", nil, nil, nil)
      }
    try coder.text(FieldKey("kind", 1), &kind)
    try coder.count(FieldKey("count", 2), &count)
    try coder.count(FieldKey("limit", 3), &limit)
    try coder.count(FieldKey("stage", 4), &stage)
    switch (kind, count, limit, stage) {
    case ("failures", let count?, let limit?, _): self = .failures(count: count, limit: limit)
    case ("stage-failed", _, _, let stage?): self = .stageFailed(stage: stage)
    case ("gate-shut", _, _, let stage?): self = .gateShut(stage: stage)
    case ("cancelled", _, _, _): self = .cancelled
    case ("deadline", _, _, _): self = .deadline
    case _: try coder.refuse(FieldKey("kind", 1))
    }
  }
}

extension RolloutResumption: EventPart {
  /// The resumption that the journal's fields are read into.
  package static var blank: RolloutResumption {
    RolloutResumption(owner: "", epoch: 0, version: "", tenants: .unfinished)
  }

  /// Goes through fields 1 to 4, all of which are always there.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("owner", 1), &owner)
    try coder.count(FieldKey("epoch", 2), &epoch)
    try coder.text(FieldKey("programVersion", 3), &version)
    try coder.word(FieldKey("tenants", 4), &tenants)
  }
}

extension RolloutResult: EventPart {
  /// The result that the journal's fields are read into.
  package static var blank: RolloutResult {
    RolloutResult(outcome: .succeeded, counts: TenantCounts())
  }

  /// Goes through fields 1 to 3; the stop, 3, only where tenants were not started.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.word(FieldKey("outcome", 1), &outcome)
    try coder.part(FieldKey("counts", 2), &counts)
    try coder.part(FieldKey("stop", 3), &stop)
  }
}

extension TenantCounts: EventPart {
  /// The counts that the journal's fields are read into.
  package static var blank: TenantCounts { TenantCounts() }

  /// Goes through fields 1 to 8, one for each state; states that no tenant is in are left out.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    for state in TenantState.allCases {
      var count = self[state] == 0 ? nil : Optional(self[state])
      try coder.count(state.key, &count)
      self[state] = count ?? 0
    }
  }
}

extension TenantState {
  fileprivate var key: FieldKey {
    switch self {
    case .succeeded: FieldKey("succeeded", 1)
    case .unchanged: FieldKey("unchanged", 2)
    case .failed: FieldKey("failed", 3)
    case .cancelled: FieldKey("cancelled", 4)
    case .inDoubt: FieldKey("inDoubt", 5)
    case .waiting: FieldKey("waiting", 6)
    case .running: FieldKey("running", 7)
    case .notStarted: FieldKey("notStarted", 8)
    }
  }
}
