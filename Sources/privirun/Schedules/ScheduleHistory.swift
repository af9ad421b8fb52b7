import Events
import Journaling
import Reporting
import Schedules
import TimeZones

/// The ticks of one schedule from the newest to the oldest, read page by page.
struct ScheduleHistory {
  private let reader: JournalReader
  private let name: String
  private let zone: TimeZoneRules?
  private let pageSize: Int
  /// The rest of the page that is read, oldest first.
  private var page: [RecordedTick] = []

  /// The history of the schedule `item`, of which at most `limit` ticks are wanted.
  init(_ item: ListedSchedule, in reader: JournalReader, limit: Int) throws(JournalError) {
    self.reader = reader
    name = item.state.name
    zone = item.schedule?.zone
    pageSize = min(limit, 100)
    page = try reader.ticks(of: name, limit: pageSize).reversed()
  }

  /// The newest tick that is left; nil when there is none.
  var newest: Tick? { page.last?.tick }

  /// Takes the newest tick that is left; nil when there is none.
  mutating func next() throws(JournalError) -> ListedTick? {
    guard let tick = page.popLast() else { return nil }
    if page.isEmpty {
      page = try reader.ticks(of: name, limit: pageSize, before: tick.number).reversed()
    }
    return ListedTick(tick.tick, of: name, in: zone)
  }

  /// Whether the newest tick of `left` was decided before that of `right`; of one moment, names decide.
  static func < (left: ScheduleHistory, right: ScheduleHistory) -> Bool {
    guard let one = left.newest?.decidedAt, let other = right.newest?.decidedAt else {
      return left.newest == nil && right.newest != nil
    }
    return one == other ? left.name > right.name : one < other
  }
}
