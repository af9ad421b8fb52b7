import Cryptography
import Events
import FoundationEssentials
import GRDB

/// A row of `schedules`: where the ledger of a schedule stands.
struct ScheduleRow: Sendable {
  /// The version of a row with a number that can be no count: its state is not intact.
  private static let illegible = -1

  /// Under which its ticks refer to it.
  var number: Int64
  var name: String
  /// `illegible` where a number of the row can be no count.
  var version: Int
  /// Of the lease under which it was changed last; 0 where a person did.
  var epoch: Int
  /// Grows with each change of any schedule.
  var change: Int64
  /// Which ticks there are.
  var span: LedgerSpan
  /// The tag of the latest tick; that of none, `LedgerAuthentication.origin`.
  var head: [UInt8]
  var form: [UInt8]
  var tag: [UInt8]
  /// The id of the key that the ledger is authenticated with.
  var key: [UInt8]

  /// The rows that `clause` selects and orders.
  static func fetch(
    _ database: Database, _ clause: String, _ arguments: StatementArguments = []
  ) throws -> [ScheduleRow] {
    let hasAnchors = try JournalSchema.hasAnchors(database)
    let anchors = hasAnchors ? "first, anchor" : "1 AS first, zeroblob(16) AS anchor"
    let statement = try database.cachedStatement(
      sql: """
        SELECT number, name, version, epoch, change, ticks, head, form, tag, key, \(anchors)
        FROM schedules \(clause)
        """)
    return try Row.fetchAll(statement, arguments: arguments).map(ScheduleRow.init)
  }

  /// The row of the schedule `name`; nil where there is none.
  static func named(_ name: String, in database: Database) throws -> ScheduleRow? {
    try fetch(database, "WHERE name = ?", [name]).first
  }

  /// The names of all schedules, in order.
  static func names(in database: Database) throws -> [String] {
    try String.fetchAll(database, sql: "SELECT name FROM schedules ORDER BY name")
  }

  private init(_ row: Row) throws {
    number = try row.value("number")
    name = try row.value("name")
    // What somebody without the key wrote concerns this schedule alone.
    let (version, epoch) = (
      try row.countIfPossible("version"), try row.countIfPossible("epoch")
    )
    let (ticks, first) = (try row.countIfPossible("ticks"), try row.countIfPossible("first") ?? 0)
    let isLegible = epoch != nil && ticks != nil && first > 0
    self.version = isLegible ? version ?? Self.illegible : Self.illegible
    self.epoch = epoch ?? 0
    change = try row.value("change")
    head = try row.bytes("head")
    form = try row.bytes("form")
    tag = try row.bytes("tag")
    key = try row.bytes("key")
    span = LedgerSpan(
      archived: ArchivedTicks(count: max(0, first - 1), tag: try row.bytes("anchor")),
      ticks: ticks ?? 0)
  }

  /// A row of a schedule that nothing is recorded of yet.
  init(new name: String, _ key: JournalKey, number: Int64) {
    self.number = number
    self.name = name
    (version, epoch, change) = (0, 0, 0)
    span = LedgerSpan(archived: .none, ticks: 0)
    head = LedgerAuthentication.origin
    (form, tag) = ([], [])
    self.key = key.id
  }

  /// The state that it holds, verified where `key` is the one that it was written under.
  ///
  /// Throws `flawedLedger`.
  func state(_ key: JournalKey?) throws(JournalError) -> ScheduleState {
    if let flaw = try flaw(key) { throw .flawedLedger(schedule: name, flaw) }
    do throws(StoredFormError) {
      return try ScheduleForm.decode(form)
    } catch {
      throw .flawedLedger(schedule: name, .unreadableState(error))
    }
  }

  /// The state, or that it cannot be used: it is not intact, or was not recorded under `key`, which is at
  /// `path`; without a key, intact is what can be read.
  func usableState(
    _ key: JournalKey?, at path: String, in database: Database
  ) throws -> Result<ScheduleState, FlawedSchedule> {
    if let key, key.id != self.key {
      // Only a rotation leaves a ledger under another key than the one that is known to be right.
      let isLeft = try CurrentKey.id(in: database) == key.id
      return .failure(
        FlawedSchedule(
          name, isLeft ? .flawedLedger(schedule: name, .earlierKey) : .otherKey(path: path)))
    }
    do throws(JournalError) {
      return .success(try state(key))
    } catch {
      guard case .flawedLedger = error else { throw error }
      return .failure(FlawedSchedule(name, error))
    }
  }

  /// What is wrong with the state; nil where it is as it was recorded, as far as `key` can verify it.
  func flaw(_ key: JournalKey?) throws(JournalError) -> LedgerFlaw? {
    guard isLegible else { return .alteredState }
    if let key, key.id == self.key {
      let expected = try LedgerAuthentication(key).tag(ofStateIn: self)
      guard ConstantTime.areEqual(tag, expected) else { return .alteredState }
    }
    do throws(StoredFormError) {
      let state = try ScheduleForm.decode(form)
      return state.name == name && state.version == version ? nil : .alteredState
    } catch {
      return .unreadableState(error)
    }
  }
}

extension ScheduleRow {
  /// The rollouts that schedules started and whose results they have not recorded; what their rows say counts,
  /// also where it is not verified.
  static func rolloutsInProgress(in database: Database) throws -> Set<RunID> {
    guard try JournalSchema.hasSchedules(database) else { return [] }
    return Set(
      try fetch(database, "").compactMap { row in
        try? ScheduleForm.decode(row.form).current?.rollout
      })
  }
}

extension ScheduleRow {
  /// Whether each number of the row can be what was recorded.
  var isLegible: Bool { version != Self.illegible }

  /// How many ticks there are, those in archives included.
  var ticks: Int {
    get { span.ticks }
    set { span.ticks = newValue }
  }

  /// The ticks before the earliest that is there, which are in archives.
  var archived: ArchivedTicks {
    get { span.archived }
    set { span.archived = newValue }
  }
}
