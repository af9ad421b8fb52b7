import Events
import Operations

/// The stored form of a trigger: sealed whole, so that only who has the journal's key can make one.
enum StoredTrigger {
  static let version: UInt64 = 1

  /// What a trigger of `schedule` is bound to.
  static func context(_ schedule: String) -> [UInt8] {
    Array("trigger of \(schedule)".utf8)
  }

  static func seal(
    at moment: Moment, by person: String, of schedule: String, _ sealing: Sealing
  ) throws(StoredFormError) -> [UInt8] {
    try sealing.sealer(for: context(schedule)).close(
      .list([.unsigned(version), .moment(moment), .text(person)]))
  }

  /// The trigger `number` of `schedule` that `seal` was given.
  static func open(
    _ form: [UInt8], number: Int64, of schedule: String, _ key: JournalKey
  ) throws(StoredFormError) -> ScheduleTrigger {
    guard case .list(let parts) = try Seal(key: key, context: context(schedule)).open(form),
      case .unsigned(let found)? = parts.first
    else { throw .malformed("no trigger") }
    guard found == version else { throw .unsupportedVersion(found) }
    guard parts.count == 3, let at = parts[1].integer, case .text(let person) = parts[2] else {
      throw .malformed("no trigger")
    }
    return ScheduleTrigger(
      number: number, schedule: schedule, at: Moment(nanoseconds: at), by: person)
  }
}
