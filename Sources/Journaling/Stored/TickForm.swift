import Events
import Operations

/// The stored form of a tick: numbered fields behind a byte with the version.
enum TickForm {
  static let version: UInt8 = 1

  private enum Field {
    static let due: UInt64 = 1
    /// Left out where it is `due`.
    static let through: UInt64 = 2
    /// Left out where it is 1.
    static let count: UInt64 = 3
    static let verdict: UInt64 = 4
    static let decidedAt: UInt64 = 5
  }

  private enum Verdict {
    static let ran: UInt64 = 1
    static let caughtUp: UInt64 = 2
    static let triggered: UInt64 = 3
    static let skippedOverlap: UInt64 = 4
    static let skippedWindow: UInt64 = 5
    static let paused: UInt64 = 6
    static let missed: UInt64 = 7
    static let failedToStart: UInt64 = 8
  }

  static func encode(_ tick: Tick) throws(StoredFormError) -> [UInt8] {
    try NumberedFields.form(
      version: version,
      [
        Field.due: .moment(tick.due),
        Field.through: tick.through == tick.due ? .null : .moment(tick.through),
        Field.count: tick.count == 1 ? .null : .integer(Int64(tick.count)),
        Field.verdict: .list(encode(tick.verdict)),
        Field.decidedAt: .moment(tick.decidedAt),
      ])
  }

  private static func encode(_ verdict: TickVerdict) -> [CBOR] {
    switch verdict {
    case .ran(let rollout): [.unsigned(Verdict.ran), .run(rollout)]
    case .caughtUp(let rollout): [.unsigned(Verdict.caughtUp), .run(rollout)]
    case .triggered(let rollout, let person):
      [.unsigned(Verdict.triggered), .run(rollout), .text(person)]
    case .skippedOverlap(let rollout): [.unsigned(Verdict.skippedOverlap), .run(rollout)]
    case .skippedWindow: [.unsigned(Verdict.skippedWindow)]
    case .paused: [.unsigned(Verdict.paused)]
    case .missed: [.unsigned(Verdict.missed)]
    case .failedToStart(let reason, let person):
      [.unsigned(Verdict.failedToStart), .text(reason)] + (person.map { [.text($0)] } ?? [])
    }
  }

  /// The tick that `encode` was given.
  static func decode(_ form: [UInt8]) throws(StoredFormError) -> Tick {
    let fields = try NumberedFields(form, version: version)
    let due = try fields.moment(Field.due)
    let count = fields[Field.count] == nil ? 1 : Int(try fields.integer(Field.count))
    let through = try fields.momentIfPresent(Field.through) ?? due
    guard count > 0, through >= due, let verdict = try fields.listIfPresent(Field.verdict) else {
      throw .malformed("no tick")
    }
    return Tick(
      due: due, through: through, count: count, try decode(verdict),
      decidedAt: try fields.moment(Field.decidedAt))
  }

  private static func decode(_ parts: [CBOR]) throws(StoredFormError) -> TickVerdict {
    guard case .unsigned(let kind)? = parts.first else { throw .malformed("no verdict") }
    switch (kind, parts.count) {
    case (Verdict.ran, 2): return .ran(try parts[1].run())
    case (Verdict.caughtUp, 2): return .caughtUp(try parts[1].run())
    case (Verdict.triggered, 3):
      return .triggered(try parts[1].run(), by: try text(parts[2]))
    case (Verdict.skippedOverlap, 2): return .skippedOverlap(try parts[1].run())
    case (Verdict.skippedWindow, 1): return .skippedWindow
    case (Verdict.paused, 1): return .paused
    case (Verdict.missed, 1): return .missed
    case (Verdict.failedToStart, 2): return .failedToStart(reason: try text(parts[1]))
    case (Verdict.failedToStart, 3):
      return .failedToStart(reason: try text(parts[1]), by: try text(parts[2]))
    case _: throw .unknownType("verdict \(kind)")
    }
  }

  private static func text(_ item: CBOR) throws(StoredFormError) -> String {
    guard case .text(let text) = item else { throw .malformed("no text") }
    return text
  }
}
