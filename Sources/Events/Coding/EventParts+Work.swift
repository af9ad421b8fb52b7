import Expressions
import Operations
import Playbooks

extension RequestIntent: EventPart {
  /// The request that the journal's fields are read into.
  package static var blank: RequestIntent {
    RequestIntent(attempt: 1, operation: "", method: "", path: "", arguments: ValueMap())
  }

  /// Goes through fields 2 to 6; field 1 of the event is the step.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.count(FieldKey("attempt", 2), &attempt)
    try coder.text(FieldKey("operation", 3), &operation)
    try coder.text(FieldKey("method", 4), &method)
    try coder.text(FieldKey("path", 5), &path)
    try coder.map(FieldKey("arguments", 6), &arguments)
    if !Coder.isOutside { try coder.moment(FieldKey("sendBy", 7), &sendBy) }
  }
}

extension ActionIntent: EventPart {
  /// The action that the journal's fields are read into.
  package static var blank: ActionIntent {
    ActionIntent(attempt: 1, action: "", arguments: ValueMap())
  }

  /// Goes through fields 2 to 4; field 1 of the event is the step.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.count(FieldKey("attempt", 2), &attempt)
    try coder.text(FieldKey("action", 3), &action)
    try coder.map(FieldKey("arguments", 4), &arguments)
  }
}

extension RequestAnswer: EventPart {
  /// The response that the journal's fields are read into.
  package static var blank: RequestAnswer { RequestAnswer(attempt: 1, status: 0, body: .null) }

  /// Goes through fields 2 to 6; field 1 of the event is the step.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.count(FieldKey("attempt", 2), &attempt)
    try coder.count(FieldKey("status", 3), &status)
    try coder.text(FieldKey("commandId", 4), &commandID)
    try coder.text(FieldKey("requestId", 5), &requestID)
    try coder.value(FieldKey("body", 6), &body)
    guard !Coder.isOutside else { return }
    try coder.map(FieldKey("fields", 7), &fields)
    try coder.flag(FieldKey("mayIdentifyCreated", 8), &mayIdentifyCreated)
  }
}

extension CommandVerdict: EventPart {
  /// The verdict that the journal's fields are read into.
  package static var blank: CommandVerdict {
    CommandVerdict(commandID: "", state: .succeeded, means: .socket, body: .null)
  }

  /// Goes through fields 2 to 7; refuses a state that it does not know.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("commandId", 2), &commandID)
    var (state, word): (String, String?) =
      switch self.state {
      case .succeeded: ("succeeded", nil)
      case .rejected: ("rejected", nil)
      case .unknown(let word): ("unknown", word)
      }
    try coder.text(FieldKey("state", 3), &state)
    try coder.text(FieldKey("word", 4), &word)
    switch (state, word) {
    case ("succeeded", _): self.state = .succeeded
    case ("rejected", _): self.state = .rejected
    case ("unknown", let word?): self.state = .unknown(word)
    case _: try coder.refuse(FieldKey("state", 3))
    }
    try coder.word(FieldKey("means", 5), &means)
    try coder.value(FieldKey("body", 6), &body)
    try coder.text(FieldKey("reason", 7), &reason)
  }
}

extension DoubtVerdict: EventPart {
  /// The verdict that the journal's fields are read into.
  package static var blank: DoubtVerdict { DoubtVerdict(isDone: false, means: .lookup) }

  /// Goes through fields 2 to 5; field 1 of the event is the step.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    var verdict = isDone ? "done" : "not-done"
    try coder.text(FieldKey("verdict", 2), &verdict)
    switch verdict {
    case "done": isDone = true
    case "not-done": isDone = false
    case _: try coder.refuse(FieldKey("verdict", 2))
    }
    try coder.word(FieldKey("means", 3), &means)
    try coder.text(FieldKey("operation", 4), &operation)
    try coder.value(FieldKey("value", 5), &value)
  }
}

extension WorkEnd: EventPart {
  /// The end of work that the journal's fields are read into.
  package static var blank: WorkEnd { WorkEnd(result: .blank) }

  /// Goes through the fields of the result, 2 to 5, and field 6, the origin.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try result.code(&coder)
    try coder.path(FieldKey("origin", 6), &origin)
  }
}

extension Undoing: EventPart {
  /// The undoing that the journal's fields are read into.
  package static var blank: Undoing { Undoing(end: .blank, steps: []) }

  /// Goes through the fields of the end, 2 to 6, and fields 20 and 21, which are left out when empty.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try end.code(&coder)
    try coder.paths(FieldKey("steps", 20), &steps)
    try coder.paths(FieldKey("kept", 21), &kept)
  }
}

extension StopReason: EventPart {
  /// The reason that the journal's fields are read into.
  package static var blank: StopReason { .stepFailed(.root) }

  /// Goes through fields 2 and 3, of which exactly one has a value; anything else is refused.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    var (failedStep, failure): (StepPath?, Failure?) =
      switch self {
      case .stepFailed(let path): (path, nil)
      case .timedOut(let failure): (nil, failure)
      }
    try coder.path(FieldKey("failedStep", 2), &failedStep)
    try coder.part(FieldKey("failure", 3), &failure)
    switch (failedStep, failure) {
    case (let path?, nil): self = .stepFailed(path)
    case (nil, let failure?): self = .timedOut(failure)
    case (nil, nil), (_?, _?): try coder.refuse(FieldKey("failedStep", 2))
    }
  }
}

extension ApprovalRequest: EventPart {
  /// The request that the journal's fields are read into.
  package static var blank: ApprovalRequest { ApprovalRequest(message: "") }

  /// Goes through fields 2 to 4; field 1 of the event is the step.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("message", 2), &message)
    try coder.parts(FieldKey("fields", 3), &fields)
    try coder.moment(FieldKey("deadline", 4), &deadline)
  }
}

extension ApprovalField: EventPart {
  /// The field that the journal's fields are read into.
  package static var blank: ApprovalField { ApprovalField(name: "", type: .string) }

  /// Goes through fields 1 and 2, both of which are always there.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("name", 1), &name)
    var word = type.word
    try coder.text(FieldKey("type", 2), &word)
    if let known = ValueType(declaredAs: word) {
      type = known
    } else {
      try coder.refuse(FieldKey("type", 2))
    }
    try coder.text(FieldKey("summary", 3), &summary)
  }
}

extension ApprovalDecision: EventPart {
  /// The decision that the journal's fields are read into.
  package static var blank: ApprovalDecision { ApprovalDecision(.approved) }

  /// Goes through fields 2 to 5; refuses a verdict that it does not know.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    var (word, reason): (String, String?) =
      switch verdict {
      case .approved: ("approved", nil)
      case .rejected(let reason): ("rejected", reason)
      }
    try coder.text(FieldKey("verdict", 2), &word)
    try coder.text(FieldKey("reason", 3), &reason)
    switch word {
    case "approved": verdict = .approved
    case "rejected": verdict = .rejected(reason: reason)
    case _: try coder.refuse(FieldKey("verdict", 2))
    }
    try coder.map(FieldKey("fields", 4), &fields)
    try coder.text(FieldKey("by", 5), &by)
    try coder.moment(FieldKey("decidedAt", 6), &at)
  }
}
