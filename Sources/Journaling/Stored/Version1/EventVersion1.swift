import Diagnostics
import Events
import Expressions
import Operations
import Playbooks

/// The stored form of an event, version 1, which is only read: named fields, and paths without names
/// for their components.
enum EventVersion1 {
  /// Reads a kind back; throws `unknownType` or `malformed`.
  static func kind(
    of type: String, _ fields: StoredFields
  ) throws(StoredFormError) -> RunEvent.Kind {
    switch type {
    case "run-started": .runStarted(try start(fields))
    case "session-changed":
      .sessionChanged(username: try fields.text("username"), try change(fields))
    case "step-started": .stepStarted(try path(fields), try summary(fields))
    case "request-intended": .requestIntended(try path(fields), try intent(fields))
    case "request-answered": .requestAnswered(try path(fields), try answer(fields))
    case "command-pending":
      .commandPending(try path(fields), commandID: try fields.text("command"))
    case "command-settled": .commandSettled(try path(fields), try verdict(fields))
    case "data-arrived":
      .dataArrived(
        try path(fields), requestID: try fields.text("request"),
        byteCount: try fields.count("bytes"), means: try fields.word("means", as: DataMeans.self))
    case "step-waiting": .stepWaiting(try path(fields), try waitReason(fields))
    case "attempt-failed":
      .attemptFailed(
        try path(fields), attempt: try fields.count("attempt"),
        try failure(fields.optionalFields("failure"), or: fields.wrong("failure")),
        pause: try fields.duration("pause"))
    case "step-finished": .stepFinished(try path(fields), try stepResult(fields))
    case "service-changed":
      .serviceChanged(address: try fields.text("address"), try serviceChange(fields))
    case "cancel-requested": .cancelRequested(grace: try fields.optionalDuration("grace"))
    case "run-finished": .runFinished(try runResult(fields))
    case _: throw .unknownType(type)
    }
  }

  private static func serviceChange(
    _ fields: StoredFields
  ) throws(StoredFormError) -> ServiceChange {
    guard let duration = try fields.optionalDuration("silent") else { return .answering }
    return .silent(
      duration: duration, reason: try fields.optionalText("reason"),
      left: try fields.optionalDuration("left"))
  }

  private static func path(_ fields: StoredFields) throws(StoredFormError) -> StepPath {
    guard let path = try optionalPath("step", fields) else { throw fields.wrong("step") }
    return path
  }

  private static func optionalPath(
    _ name: String, _ fields: StoredFields
  ) throws(StoredFormError) -> StepPath? {
    guard let items = try fields.optionalItems(name) else { return nil }
    var components: [StepPath.Component] = []
    for item in items {
      switch item {
      case .text(let id): components.append(.step(id))
      case .unsigned(let index) where index <= UInt64(Int.max):
        components.append(.iteration(Int(index)))
      case .list(let name): components.append(.branch(try branch(name, fields)))
      case .bool(true): components.append(.rescue)
      case .bool(false): components.append(.always)
      case _: throw fields.wrong(name)
      }
    }
    return StepPath(components: components)
  }

  private static func branch(
    _ items: [CBOR], _ fields: StoredFields
  ) throws(StoredFormError) -> String {
    guard items.count == 1, case .text(let name) = items[0] else { throw fields.wrong("step") }
    return name
  }

  private static func start(_ fields: StoredFields) throws(StoredFormError) -> RunStart {
    guard let run = RunID(try fields.text("run")) else { throw fields.wrong("run") }
    return RunStart(
      run: run, playbook: try fields.text("playbook"), file: try fields.text("file"),
      planDigest: try fields.text("plan"), inputs: try fields.map("inputs"),
      seed: try fields.unsigned("seed"), version: try fields.text("version"),
      service: try service(fields.optionalFields("service")),
      labels: try fields.optionalTexts("labels").map { RunLabel(name: $0.name, value: $0.text) })
  }

  private static func service(
    _ fields: StoredFields?
  ) throws(StoredFormError) -> ServiceOrigins? {
    guard let fields else { return nil }
    var service = ServiceOrigins(
      api: try fields.text("api"), webSocket: try fields.text("socket"),
      upstream: try fields.text("upstream"), downstream: try fields.text("downstream"))
    service.apiPath = try fields.optionalText("path") ?? ""
    service.isOwnSandbox = try fields.flag("sandbox")
    return service
  }

  private static func change(_ fields: StoredFields) throws(StoredFormError) -> SessionChange {
    switch try fields.text("state") {
    case "authenticated": .authenticated
    case "joined": .joined
    case "lost": .lost(reason: try fields.text("reason"))
    case "closed": .closed
    case "revoked": .revoked
    case "not-revoked": .notRevoked(reason: try fields.text("reason"))
    case _: throw fields.wrong("state")
    }
  }

  private static func summary(_ fields: StoredFields) throws(StoredFormError) -> StepSummary {
    StepSummary(
      kind: try fields.word("kind", as: StepSummary.Kind.self), title: try fields.text("title"),
      subject: try fields.optionalText("subject"), element: try fields.optionalText("element"))
  }

  private static func intent(_ fields: StoredFields) throws(StoredFormError) -> RequestIntent {
    RequestIntent(
      attempt: try fields.count("attempt"), operation: try fields.text("operation"),
      method: try fields.text("method"), path: try fields.text("path"),
      arguments: try fields.map("arguments"))
  }

  private static func answer(_ fields: StoredFields) throws(StoredFormError) -> RequestAnswer {
    RequestAnswer(
      attempt: try fields.count("attempt"), status: try fields.count("status"),
      commandID: try fields.optionalText("command"), requestID: try fields.optionalText("request"),
      body: try fields.value("body"))
  }

  private static func verdict(_ fields: StoredFields) throws(StoredFormError) -> CommandVerdict {
    let state: CommandVerdict.State =
      switch try fields.text("state") {
      case "succeeded": .succeeded
      case "rejected": .rejected
      case "unknown": .unknown(try fields.text("word"))
      case _: throw fields.wrong("state")
      }
    return CommandVerdict(
      commandID: try fields.text("command"), state: state,
      means: try fields.word("means", as: CommandVerdict.Means.self), body: try fields.value("body")
    )
  }

  private static func waitReason(_ fields: StoredFields) throws(StoredFormError) -> WaitReason {
    switch try fields.text("for") {
    case "session": .session(username: try fields.text("username"))
    case "command": .command(id: try fields.text("command"))
    case "data": .data(requestID: try fields.text("request"))
    case "pause": .pause(until: try fields.moment("until"))
    case "condition": .condition(try fields.text("condition"), answer: try fields.value("answer"))
    case _: throw fields.wrong("for")
    }
  }

  private static func stepResult(_ fields: StoredFields) throws(StoredFormError) -> StepResult {
    StepResult(
      outcome: try fields.word("outcome", as: Outcome.self), value: try fields.value("value"),
      failure: try optionalFailure(fields), notice: try fields.optionalText("notice"))
  }

  private static func runResult(_ fields: StoredFields) throws(StoredFormError) -> RunResult {
    RunResult(
      outcome: try fields.word("outcome", as: Outcome.self), outputs: try fields.map("outputs"),
      failure: try optionalFailure(fields), failedStep: try optionalPath("failed-step", fields))
  }

  private static func optionalFailure(
    _ fields: StoredFields
  ) throws(StoredFormError) -> Failure? {
    guard let part = try fields.optionalFields("failure") else { return nil }
    return try failure(part, or: fields.wrong("failure"))
  }

  private static func failure(
    _ fields: StoredFields?, or complaint: StoredFormError
  ) throws(StoredFormError) -> Failure {
    guard let fields else { throw complaint }
    return Failure(
      try fields.word("class", as: FailureClass.self), try fields.text("message"),
      hint: try fields.optionalText("hint"), status: try fields.optionalCount("status"),
      operation: try fields.optionalText("operation"), answer: try fields.value("answer"),
      location: try location(fields.optionalFields("location")),
      isUnreachable: try fields.flag("unreachable"), lookup: try fields.optionalText("lookup"))
  }

  private static func location(
    _ fields: StoredFields?
  ) throws(StoredFormError) -> SourceLocation? {
    guard let fields else { return nil }
    return SourceLocation(
      file: try fields.text("file"), line: try fields.count("line"),
      column: try fields.count("column"), length: try fields.count("length"))
  }
}
