import Events
import Operations

/// The stored form of what a ledger holds besides its ticks: numbered fields behind a byte with the version.
enum ScheduleForm {
  static let version: UInt8 = 1

  private enum Field {
    static let name: UInt64 = 1
    static let version: UInt64 = 2
    static let definition: UInt64 = 3
    static let file: UInt64 = 4
    static let firstSeen: UInt64 = 5
    static let decidedThrough: UInt64 = 6
    static let queued: UInt64 = 7
    static let pause: UInt64 = 8
    static let current: UInt64 = 9
    static let isActive: UInt64 = 10
  }

  private enum Cause {
    static let person: UInt64 = 1
    static let failure: UInt64 = 2
  }

  static func encode(_ state: ScheduleState) throws(StoredFormError) -> [UInt8] {
    try NumberedFields.form(
      version: version,
      [
        Field.name: .text(state.name),
        Field.version: .integer(Int64(state.version)),
        Field.definition: .text(state.definition),
        Field.file: .text(state.file),
        Field.firstSeen: .moment(state.firstSeen),
        Field.decidedThrough: .moment(state.decidedThrough),
        Field.queued: .moment(state.queued),
        Field.pause: state.pause.map { .list(encode($0)) } ?? .null,
        Field.current: state.current.map { .list([.run($0.rollout), .moment($0.due)]) } ?? .null,
        Field.isActive: .bool(state.isActive),
      ])
  }

  private static func encode(_ pause: SchedulePause) -> [CBOR] {
    switch pause.cause {
    case .person(let name, let reason):
      [
        .moment(pause.since), .unsigned(Cause.person), .text(name),
        reason.map { .text($0) } ?? .null,
      ]
    case .failure(let rollout):
      [.moment(pause.since), .unsigned(Cause.failure), .run(rollout)]
    }
  }

  /// The state that `encode` was given.
  static func decode(_ form: [UInt8]) throws(StoredFormError) -> ScheduleState {
    let fields = try NumberedFields(form, version: version)
    guard case .bool(let isActive)? = fields[Field.isActive] else {
      throw .malformed("field \(Field.isActive)")
    }
    var state = ScheduleState(
      name: try fields.text(Field.name), definition: try fields.text(Field.definition),
      file: try fields.text(Field.file), firstSeen: try fields.moment(Field.firstSeen))
    state.version = Int(try fields.integer(Field.version))
    state.decidedThrough = try fields.moment(Field.decidedThrough)
    state.queued = try fields.momentIfPresent(Field.queued)
    state.pause = try fields.listIfPresent(Field.pause).map { item throws(StoredFormError) in
      try pause(item)
    }
    state.current = try fields.listIfPresent(Field.current).map { item throws(StoredFormError) in
      try rollout(item)
    }
    state.isActive = isActive
    return state
  }

  private static func pause(_ parts: [CBOR]) throws(StoredFormError) -> SchedulePause {
    guard parts.count > 2, let since = parts[0].integer, case .unsigned(let cause) = parts[1] else {
      throw .malformed("no pause")
    }
    let moment = Moment(nanoseconds: since)
    switch (cause, parts[2], parts.dropFirst(3).first) {
    case (Cause.person, .text(let name), .text(let reason)?):
      return SchedulePause(since: moment, cause: .person(name, reason: reason))
    case (Cause.person, .text(let name), .null?):
      return SchedulePause(since: moment, cause: .person(name, reason: nil))
    case (Cause.failure, let rollout, nil):
      return SchedulePause(since: moment, cause: .failure(try rollout.run()))
    case _: throw .unknownType("pause \(cause)")
    }
  }

  private static func rollout(_ parts: [CBOR]) throws(StoredFormError) -> ScheduledRollout {
    guard parts.count == 2, let due = parts[1].integer else { throw .malformed("no rollout") }
    return ScheduledRollout(try parts[0].run(), due: Moment(nanoseconds: due))
  }
}
