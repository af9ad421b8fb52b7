import Cryptography
import Events
import FoundationEssentials
import GRDB
import Operations

/// A row of `ticks`.
struct TickRow: Sendable {
  /// From 1.
  var number: Int
  /// What its other columns say.
  var line: TickLine
  var form: [UInt8]
  var tag: [UInt8]

  /// What is selected of a row.
  static let columns = "number, due, through, count, verdict, rollout, person, form, tag"

  init(_ row: Row) throws {
    number = try row.count("number")
    line = TickLine(
      due: try row.value("due"), through: try row.value("through"), count: try row.count("count"),
      verdict: try row.value("verdict"), rollout: try row.value("rollout"),
      person: try row.value("person"))
    form = try row.bytes("form")
    tag = try row.bytes("tag")
  }

  /// The tick, or what is wrong with the row, which comes after one with the tag `previous`.
  ///
  /// It is not verified where one of both is nil.
  func tick(
    of schedule: String, after previous: [UInt8]?, _ authentication: LedgerAuthentication?
  ) throws(JournalError) -> Result<Tick, LedgerFlaw> {
    if let authentication, let previous {
      let expected = try authentication.tag(
        ofTick: number, of: schedule, after: previous, form: form)
      guard ConstantTime.areEqual(tag, expected) else { return .failure(.altered(tick: number)) }
    }
    do throws(StoredFormError) {
      let tick = try TickForm.decode(form)
      return TickLine(tick) == line ? .success(tick) : .failure(.altered(tick: number))
    } catch {
      return .failure(.unreadable(tick: number, error))
    }
  }
}

/// What the columns of a row of `ticks` say, which its form says, too.
struct TickLine: Sendable, Hashable {
  /// Nanoseconds since 1970.
  var due: Int64
  var through: Int64
  var count: Int
  /// `TickVerdict.name`.
  var verdict: String
  /// The id of the rollout.
  var rollout: String?
  /// Who asked for it; nil for a tick of due instants.
  var person: String?

  /// A line of these parts.
  init(
    due: Int64, through: Int64, count: Int, verdict: String, rollout: String?, person: String?
  ) {
    self.due = due
    self.through = through
    self.count = count
    self.verdict = verdict
    self.rollout = rollout
    self.person = person
  }

  /// What is listed of `tick`.
  init(_ tick: Tick) {
    self.init(
      due: tick.due.nanoseconds, through: tick.through.nanoseconds, count: tick.count,
      verdict: tick.verdict.name, rollout: tick.verdict.rollout?.text, person: tick.verdict.person)
  }
}
