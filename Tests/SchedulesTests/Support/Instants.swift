import Expressions
import FoundationEssentials
import Operations
import Schedules
import Testing
import TimeZones

/// Instants and zones as tests write them.
enum Sample {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Zones whose rules no update of the machine changes.
  static let zones = TimeZoneDatabase.folder("\(tests)/TimeZonesTests/Fixtures/slim")
  private static let ownZones = TimeZoneDatabase.folder("\(tests)/SchedulesTests/Fixtures/zones")

  static func zone(_ name: String) throws -> TimeZoneRules {
    try #require(zones.rules(name) ?? ownZones.rules(name), "\(name)")
  }

  /// The instant of RFC 3339, or without seconds and `Z`.
  static func moment(_ text: String) throws -> Moment {
    let whole = text.utf8.count == 16 ? "\(text):00Z" : text
    return Moment(second: try #require(Timestamp(rfc3339: whole), "\(text)").seconds)
  }

  static func cron(_ text: String) throws -> CronExpression {
    try #require(CronExpression(text), "\(text)")
  }

  /// A schedule of one expression.
  static func schedule(_ cron: String, _ zone: String = "UTC") throws -> Schedule {
    Schedule(cron: [try self.cron(cron)], zone: try self.zone(zone))
  }
}

extension Moment {
  init(second: Int64) {
    self.init(nanoseconds: second * 1_000_000_000)
  }

  var second: Int64 { nanoseconds / 1_000_000_000 }

  /// Without seconds where there are none.
  var short: String {
    let text = calendarTime.text
    return text.hasSuffix(":00") ? String(text.dropLast(3)) : text
  }
}

extension DueInstant {
  /// The instant and what daylight saving does to it, in a few words.
  var words: String {
    switch shift {
    case nil: at.short
    case .skipped(let written): "\(at.short) skipped \(written)"
    case .doubledFirst: "\(at.short) first"
    case .doubledSecond: "\(at.short) second"
    }
  }
}

extension Schedule {
  /// The first `count` due instants after `text`, in words.
  func words(after text: String, _ count: Int) throws -> [String] {
    var moment = try Sample.moment(text)
    var words: [String] = []
    while words.count < count, let due = next(after: moment) {
      words.append(due.words)
      moment = due.at
    }
    return words
  }
}
