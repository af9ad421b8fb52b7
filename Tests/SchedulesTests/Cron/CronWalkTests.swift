import Expressions
import Operations
import Randomness
import Schedules
import Testing
import TimeZones

/// Due instants minute by minute: slow, and without a thought of segments.
///
/// The clocks are watched every minute. Expressions that follow elapsed time are due when the time that is
/// shown matches; fixed times when one matches that is reached for the first time.
private struct WatchedClock {
  var expression: ParsedFields
  var zone: TimeZoneRules

  /// What is due after `start` and up to `end`; local times before are all reached.
  func due(after start: Int64, through end: Int64) -> [Int64] {
    var found: [Int64] = []
    // Long enough before that nothing shown earlier is shown again.
    let first = start - 2 * 86_400
    var reached = local(at: first)
    for minute in stride(from: first + 60, through: end, by: 60) {
      let shown = local(at: minute)
      let isDue: Bool
      if expression.isElapsed {
        isDue = expression.matches(shown)
      } else {
        isDue = stride(from: reached + 60, through: shown, by: 60).contains {
          expression.matches($0)
        }
      }
      reached = max(reached, shown)
      if isDue, minute > start { found.append(minute) }
    }
    return found
  }

  private func local(at second: Int64) -> Int64 {
    second + Int64(zone.segment(at: second).offset)
  }
}

/// Numbers and steps of the fields of an expression, read anew.
private struct ParsedFields {
  var minutes: Set<Int64>
  var hours: Set<Int64>
  var isElapsed: Bool
  /// Nil for `*`.
  var days: Set<Int64>?
  var weekdays: Set<Int64>?
  var text: String

  static func random(_ random: inout SplitMix) -> ParsedFields {
    let step = Int.random(in: 2...6, using: &random)
    let minute = Int64.random(in: 0...59, using: &random)
    let first = Int64.random(in: 0...4, using: &random)
    let last = Int64.random(in: first...8, using: &random)
    var fields = ParsedFields(
      minutes: [minute], hours: [], isElapsed: false, days: nil, weekdays: nil, text: "\(minute) ")
    if Bool.random(using: &random) {
      fields.minutes = Set(stride(from: Int64(0), through: 59, by: step * 5))
      fields.text = "*/\(step * 5) "
    }
    switch Int.random(in: 0...3, using: &random) {
    case 0:
      fields.hours = Set(stride(from: Int64(0), through: 23, by: step))
      fields.isElapsed = true
      fields.text += "*/\(step)"
    case 1:
      fields.hours = Set(0...23)
      fields.isElapsed = true
      fields.text += "*"
    case 2:
      fields.hours = Set(first...last)
      fields.text += "\(first)-\(last)"
    case _:
      fields.hours = [first, 23]
      fields.text += "\(first),23"
    }
    let parity = Int64.random(in: 1...2, using: &random)
    let hasDays = Int.random(in: 0...3, using: &random) == 0
    let hasWeekdays = Int.random(in: 0...3, using: &random) == 0
    if hasDays { fields.days = Set(stride(from: parity, through: 31, by: 2)) }
    if hasWeekdays { fields.weekdays = [0, 6] }
    fields.text += hasDays ? " \(parity)-31/2 *" : " * *"
    fields.text += hasWeekdays ? " SAT,SUN" : " *"
    return fields
  }

  func matches(_ local: Int64) -> Bool {
    guard minutes.contains(local.modulo(3600) / 60), hours.contains(local.modulo(86_400) / 3600)
    else { return false }
    let time = CalendarTime(secondsSinceEpoch: local)
    let day = days.map { $0.contains(time.day) }
    let weekday = weekdays.map { $0.contains((time.days + 4).modulo(7)) }
    guard let day, let weekday else { return day ?? weekday ?? true }
    return day || weekday
  }
}

@Suite struct CronWalkTests {
  /// Changes of whole minutes, of each kind.
  private static let changes: [(zone: String, around: String)] = [
    ("Europe/Stockholm", "2027-03-28T01:00"), ("Europe/Stockholm", "2027-10-31T01:00"),
    ("Australia/Lord_Howe", "2027-04-03T15:00"), ("Australia/Lord_Howe", "2027-10-02T15:30"),
    ("America/Sao_Paulo", "2018-02-18T02:00"), ("America/Sao_Paulo", "2018-11-04T03:00"),
    ("Pacific/Apia", "2011-12-30T10:00"), ("Pacific/Kwajalein", "1969-09-30T13:00"),
    ("Pacific/Kwajalein", "1993-08-21T12:00"), ("Antarctica/Troll", "2027-10-31T01:00"),
    ("America/Nuuk", "2023-10-29T01:00"), ("America/Nuuk", "2027-03-28T01:00"),
    ("Africa/Casablanca", "2027-02-07T02:00"), ("Africa/Casablanca", "2027-03-14T02:00"),
    ("Asia/Gaza", "2011-08-01T00:00"), ("Asia/Gaza", "2011-09-30T00:00"),
    ("Asia/Kathmandu", "1985-12-31T18:30"), ("Asia/Tehran", "2022-09-21T19:30"),
    ("Test/Restless", "2027-03-01T10:30"), ("Test/Restless", "2027-03-01T12:00"),
    ("Test/Restless", "2027-03-01T14:00"), ("Test/Restless", "2027-03-01T20:00"),
  ]

  @Test(arguments: changes.indices)
  func `due instants are those of a clock that is watched`(index: Int) throws {
    let change = Self.changes[index]
    let zone = try Sample.zone(change.zone)
    let middle = try Sample.moment(change.around).second
    var random = SplitMix(seed: UInt64(index))
    for _ in 0..<6 {
      let fields = ParsedFields.random(&random)
      let start = middle - Int64.random(in: 1...2000, using: &random) * 60
      let schedule = Schedule(cron: [try Sample.cron(fields.text)], zone: zone)
      let end = middle + 86_400 * 3 / 2
      let expected = WatchedClock(expression: fields, zone: zone).due(after: start, through: end)
      let found = schedule.instants(after: Moment(second: start), through: Moment(second: end))
      #expect(
        found.latest.map(\.second) == expected.suffix(DueInstants.mostLatest),
        "\(change.zone) \(fields.text) after \(start)")
      #expect(found.count == expected.count)
    }
  }
}
