package import Diagnostics
import Expressions
import Operations
import Playbooks

extension RunStart: EventPart {
  /// The start that the journal's fields are read into.
  package static var blank: RunStart {
    RunStart(
      run: .blank, playbook: "", file: "", planDigest: "", inputs: ValueMap(), seed: 0,
      version: "")
  }

  /// Goes through fields 1 to 15; the run's id, 1, its settings, 10, what it is planned from, 11, and the
  /// digests of files, 13, stay inside the process.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    if !Coder.isOutside { try coder.run(FieldKey("run", 1), &run) }
    try coder.text(FieldKey("playbook", 2), &playbook)
    try coder.text(FieldKey("file", 3), &file)
    try coder.text(FieldKey("planDigest", 4), &planDigest)
    try coder.map(FieldKey("inputs", 5), &inputs)
    try coder.seed(FieldKey("seed", 6), &seed)
    try coder.text(FieldKey("programVersion", 7), &version)
    try coder.part(FieldKey("service", 8), &service)
    try coder.labels(FieldKey("labels", 9), &labels)
    try coder.part(FieldKey("reused", 12), &reused)
    try coder.part(FieldKey("tenant", 14), &tenant)
    try coder.text(FieldKey("environment", 15), &environment)
    guard !Coder.isOutside else { return }
    try coder.map(FieldKey("settings", 10), &settings)
    try coder.part(FieldKey("pinned", 11), &pinned)
    var digests: Value = contents.names.isEmpty ? .null : .map(contents)
    try coder.optionalValue(FieldKey("contents", 13), &digests)
    if case .map(let digests) = digests { contents = digests }
  }
}

extension ReusedRun: EventPart {
  /// The reuse that the journal's fields are read into.
  package static var blank: ReusedRun { ReusedRun(run: .blank, step: .root, eventCount: 0) }

  /// Goes through fields 1 to 3.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.run(FieldKey("run", 1), &run)
    try coder.path(FieldKey("step", 2), &step)
    try coder.count(FieldKey("eventCount", 3), &eventCount)
  }
}

extension PinnedPlan: EventPart {
  /// A plan of nothing, to be read into.
  package static var blank: PinnedPlan {
    PinnedPlan(files: "", description: "", outline: "", path: "", folder: "")
  }

  /// Goes through fields 1 to 6, the last one only where a saved plan is kept to.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("files", 1), &files)
    try coder.text(FieldKey("description", 2), &description)
    try coder.text(FieldKey("outline", 3), &outline)
    try coder.text(FieldKey("path", 4), &path)
    try coder.text(FieldKey("folder", 5), &folder)
    try coder.text(FieldKey("savedPlan", 6), &savedPlan)
  }
}

extension ServiceOrigins: EventPart {
  /// The origins that the journal's fields are read into.
  package static var blank: ServiceOrigins {
    ServiceOrigins(api: "", webSocket: "", upstream: "", downstream: "")
  }

  /// Goes through fields 1 to 6; an empty `apiPath` and a false `isOwnSandbox` are left out.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("api", 1), &api)
    try coder.text(FieldKey("webSocket", 2), &webSocket)
    try coder.text(FieldKey("upstream", 3), &upstream)
    try coder.text(FieldKey("downstream", 4), &downstream)
    var path = apiPath.isEmpty ? nil : apiPath
    try coder.text(FieldKey("apiPath", 5), &path)
    apiPath = path ?? ""
    try coder.flag(FieldKey("sandbox", 6), &isOwnSandbox)
    if !Coder.isOutside { try otherPaths.code(&coder) }
  }
}

extension ServiceOrigins.OtherPaths {
  fileprivate mutating func code<Coder: EventCoder>(
    _ coder: inout Coder
  ) throws(Coder.CodingError) {
    for (path, key) in [
      (\Self.webSocket, FieldKey("webSocketPath", 7)), (\.upstream, FieldKey("upstreamPath", 8)),
      (\.downstream, FieldKey("downstreamPath", 9)),
    ] {
      var text = self[keyPath: path].isEmpty ? nil : self[keyPath: path]
      try coder.text(key, &text)
      self[keyPath: path] = text ?? ""
    }
  }
}

extension SessionChange: EventPart {
  /// The change that the journal's fields are read into.
  package static var blank: SessionChange { .closed }

  /// Goes through fields 2 to 4; the tokens, 4, stay inside the process.
  ///
  /// Refuses a state that it does not know, and one whose reason is missing.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    var (state, reason, tokens): (String, String?, ValueMap) =
      switch self {
      case .refreshing: ("refreshing", nil, [:])
      case .refreshed(let tokens): ("refreshed", nil, tokens)
      case .authenticated: ("authenticated", nil, [:])
      case .joined: ("joined", nil, [:])
      case .lost(let reason): ("lost", reason, [:])
      case .closed: ("closed", nil, [:])
      case .revoked: ("revoked", nil, [:])
      case .notRevoked(let reason): ("not-revoked", reason, [:])
      }
    try coder.text(FieldKey("state", 2), &state)
    try coder.text(FieldKey("reason", 3), &reason)
    if !Coder.isOutside { try coder.map(FieldKey("tokens", 4), &tokens) }
    switch (state, reason) {
    case ("refreshing", _): self = .refreshing
    case ("refreshed", _): self = .refreshed(tokens: tokens)
    case ("authenticated", _): self = .authenticated
    case ("joined", _): self = .joined
    case ("lost", let reason?): self = .lost(reason: reason)
    case ("closed", _): self = .closed
    case ("revoked", _): self = .revoked
    case ("not-revoked", let reason?): self = .notRevoked(reason: reason)
    case _: try coder.refuse(FieldKey("state", 2))
    }
  }
}

extension ServiceChange: EventPart {
  /// The change that the journal's fields are read into.
  package static var blank: ServiceChange { .answering }

  /// Goes through fields 2 to 5; refuses a state whose duration does not go with it.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    var (state, silent, reason, left): (String, Duration?, String?, Duration?) =
      switch self {
      case .silent(let duration, let reason, let left): ("silent", duration, reason, left)
      case .answering: ("answering", nil, nil, nil)
      }
    try coder.text(FieldKey("state", 2), &state)
    try coder.duration(FieldKey("silent", 3), &silent)
    try coder.text(FieldKey("reason", 4), &reason)
    try coder.duration(FieldKey("left", 5), &left)
    switch (state, silent) {
    case ("silent", let silent?): self = .silent(duration: silent, reason: reason, left: left)
    case ("answering", nil): self = .answering
    case _: try coder.refuse(FieldKey("state", 2))
    }
  }
}

extension StepSummary: EventPart {
  /// The summary that the journal's fields are read into.
  package static var blank: StepSummary { StepSummary(kind: .call, title: "") }

  /// Goes through fields 2 to 5; field 1 of the event is the step.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.word(FieldKey("kind", 2), &kind)
    try coder.text(FieldKey("title", 3), &title)
    try coder.text(FieldKey("subject", 4), &subject)
    try coder.text(FieldKey("element", 5), &element)
  }
}

extension WaitReason: EventPart {
  /// The reason that the journal's fields are read into, of whatever kind they say.
  package static var blank: WaitReason { .session(username: "") }

  private static let kind = FieldKey("kind", 1)

  private var word: String {
    switch self {
    case .session: "session"
    case .command: "command"
    case .data: "data"
    case .pause: "pause"
    case .condition: "condition"
    case .lookup: "lookup"
    case .step: "step"
    case .voteSlot: "vote-slot"
    }
  }

  /// Goes through field 1, the kind, and the fields that this kind has; refuses an unknown kind.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    var word = word
    try coder.text(Self.kind, &word)
    if word != self.word { self = try Self.blank(word, &coder) }
    switch self {
    case .session(var username):
      try coder.text(FieldKey("username", 2), &username)
      self = .session(username: username)
    case .command(var id):
      try coder.text(FieldKey("commandId", 3), &id)
      self = .command(id: id)
    case .data(var id):
      try coder.text(FieldKey("requestId", 4), &id)
      self = .data(requestID: id)
    case .pause(var until):
      try coder.moment(FieldKey("until", 5), &until)
      self = .pause(until: until)
    case .condition(var condition, var answer):
      try coder.text(FieldKey("condition", 6), &condition)
      try coder.value(FieldKey("answer", 7), &answer)
      self = .condition(condition, answer: answer)
    case .lookup(var operation):
      try coder.text(FieldKey("operation", 8), &operation)
      self = .lookup(operation: operation)
    case .step(var path):
      try coder.path(FieldKey("step", 9), &path)
      self = .step(path)
    case .voteSlot: break
    }
  }

  private static func blank<Coder: EventCoder>(
    _ word: String, _ coder: inout Coder
  ) throws(Coder.CodingError) -> WaitReason {
    switch word {
    case "command": return .command(id: "")
    case "data": return .data(requestID: "")
    case "pause": return .pause(until: Moment(nanoseconds: 0))
    case "condition": return .condition("", answer: .null)
    case "lookup": return .lookup(operation: "")
    case "step": return .step(.root)
    case "vote-slot": return .voteSlot
    case _:
      if word != "session" { try coder.refuse(kind) }
      return .blank
    }
  }
}

extension Failure: EventPart {
  /// The failure that the journal's fields are read into.
  package static var blank: Failure { Failure(.local, "") }

  /// Goes through fields 1 to 11; field 10, that no retry may help, stays inside the process.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.word(FieldKey("class", 1), &kind)
    try coder.text(FieldKey("message", 2), &message)
    try coder.text(FieldKey("hint", 3), &hint)
    try coder.count(FieldKey("status", 4), &status)
    try coder.text(FieldKey("operation", 5), &operation)
    try coder.optionalValue(FieldKey("answer", 6), &answer)
    try coder.part(FieldKey("location", 7), &location)
    try coder.flag(FieldKey("unreachable", 8), &isUnreachable)
    try coder.text(FieldKey("lookup", 9), &lookup)
    try coder.text(FieldKey("reason", 11), &reason)
    guard !Coder.isOutside else { return }
    var isFinal = !allowsRetry
    try coder.flag(FieldKey("isFinal", 10), &isFinal)
    allowsRetry = !isFinal
  }
}

extension SourceLocation: EventPart {
  /// The location that the journal's fields are read into.
  package static var blank: SourceLocation {
    SourceLocation(file: "", line: 1, column: 1, length: 0)
  }

  /// Goes through fields 1 to 4, all of which are always there.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("file", 1), &file)
    try coder.count(FieldKey("line", 2), &line)
    try coder.count(FieldKey("column", 3), &column)
    try coder.count(FieldKey("length", 4), &length)
  }
}

extension StepResult: EventPart {
  /// The result that the journal's fields are read into.
  package static var blank: StepResult { StepResult(outcome: .succeeded) }

  /// Goes through fields 2 to 5 and 7 to 11; field 1 of the event is the step, and field 6 of some is the
  /// step that failed.
  ///
  /// What was observed, 8, what happened below it, 9, what was asked, 10, and outcomes, 11, stay inside
  /// the process.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.word(FieldKey("outcome", 2), &outcome)
    try coder.value(FieldKey("value", 3), &value)
    try coder.part(FieldKey("failure", 4), &failure)
    try coder.text(FieldKey("notice", 5), &notice)
    try coder.part(FieldKey("change", 7), &change)
    if !Coder.isOutside { try coder.part(FieldKey("observed", 8), &observed) }
    guard !Coder.isOutside else { return }
    try coder.part(FieldKey("changesBelow", 9), &changesBelow)
    var arguments = asked.map(Value.map) ?? .null
    try coder.optionalValue(FieldKey("asked", 10), &arguments)
    if case .map(let fields) = arguments { asked = fields }
    try coder.part(FieldKey("outcomes", 11), &outcomes)
  }
}

extension RunResult: EventPart {
  /// The result that the journal's fields are read into.
  package static var blank: RunResult { RunResult(outcome: .succeeded) }

  /// Goes through fields 1 to 5; the failure and its step, 3 and 4, and the changes only where there are
  /// any.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.word(FieldKey("outcome", 1), &outcome)
    try coder.map(FieldKey("outputs", 2), &outputs)
    try coder.part(FieldKey("failure", 3), &failure)
    try coder.path(FieldKey("failedStep", 4), &failedStep)
    var counts = changes.isEmpty ? nil : Optional(changes)
    try coder.part(FieldKey("changes", 5), &counts)
    changes = counts ?? ChangeCounts()
  }
}

extension RunResumption: EventPart {
  /// The resumption that the journal's fields are read into.
  package static var blank: RunResumption {
    RunResumption(owner: "", epoch: 0, seed: 0, version: "")
  }

  /// Goes through fields 1 to 6, of which the first four are always there.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("owner", 1), &owner)
    try coder.count(FieldKey("epoch", 2), &epoch)
    try coder.seed(FieldKey("seed", 3), &seed)
    try coder.text(FieldKey("programVersion", 4), &version)
    try coder.part(FieldKey("service", 5), &service)
    try coder.part(FieldKey("reopening", 6), &reopening)
  }
}

extension Reopening: EventPart {
  /// The reopening that the journal's fields are read into.
  package static var blank: Reopening { Reopening(again: [], continued: [], pause: .zero) }

  /// Goes through fields 1 to 3; lists without steps are left out.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.paths(FieldKey("again", 1), &again)
    try coder.paths(FieldKey("continued", 2), &continued)
    try coder.duration(FieldKey("pause", 3), &pause)
  }
}
