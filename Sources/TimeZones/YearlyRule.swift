/// The change to and from daylight saving time of every year (POSIX.1-2024, 8.3, `TZ`; RFC 9636 §3.3.1).
///
/// Standard time may be ahead of daylight saving time, as in Ireland.
struct YearlyRule: Sendable, Hashable {
  /// A change, at a time of day that the clocks show before it.
  struct Change: Sendable, Hashable {
    /// Which day of a year.
    enum Day: Sendable, Hashable {
      /// 1 to 365, where 29 February is not counted: 60 is always 1 March.
      case julian(Int64)
      /// 0 to 365, where 29 February is counted.
      case ordinal(Int64)
      /// That weekday, 0 for Sunday, of week 1 to 5 of a month; 5 is the last one.
      case weekday(month: Int, week: Int64, day: Int64)
    }

    var day: Day
    /// Seconds after the midnight that begins the day: -167 to 167 hours.
    var time: Int64

    /// The second in `year` as the clocks show it.
    func local(in year: Int64) -> Int64 { number(in: year) * 86_400 + time }

    private func number(in year: Int64) -> Int64 {
      switch day {
      case .julian(let number):
        return CivilDay.first(ofYear: year) + number - 1
          + (number >= 60 && CivilDay.isLeap(year) ? 1 : 0)
      case .ordinal(let number): return CivilDay.first(ofYear: year) + number
      case .weekday(let month, let week, let day):
        let first = CivilDay.first(ofMonth: month, in: year)
        let offset = (day - CivilDay.weekday(of: first) + 7) % 7 + (week - 1) * 7
        return first + (offset < CivilDay.length(ofMonth: month, in: year) ? offset : offset - 7)
      }
    }
  }

  /// A time without a change.
  struct Span: Sendable, Hashable {
    var start: Int64
    var end: Int64
    var clock: ClockSetting
  }

  var standard: ClockSetting
  var daylight: ClockSetting
  /// When daylight saving time begins.
  var begin: Change
  /// When it ends.
  var end: Change

  /// When daylight saving time begins in `year`, in UTC.
  func beginning(in year: Int64) -> Int64 { begin.local(in: year) - Int64(standard.offset) }

  /// When daylight saving time ends in `year`, in UTC.
  func ending(in year: Int64) -> Int64 { end.local(in: year) - Int64(daylight.offset) }

  /// Whether each year's daylight saving time ends when that of the next year begins.
  var isAlwaysDaylight: Bool {
    // A leap year, and one before it.
    [2023, 2024].allSatisfy { ending(in: $0) == beginning(in: $0 + 1) }
  }

  /// The span in which `second` lies; times of changes may be up to a week away from their days.
  func span(at second: Int64) -> Span {
    let year = CivilDay.year(ofSecond: second)
    var span = Span(start: .min, end: .max, clock: standard)
    for year in (year - 1)...(year + 1) {
      add(ending(in: year), standard, to: &span, around: second)
      add(beginning(in: year), daylight, to: &span, around: second)
    }
    return span
  }

  private func add(
    _ change: Int64, _ clock: ClockSetting, to span: inout Span, around second: Int64
  ) {
    if change > second {
      span.end = min(span.end, change)
    } else if change >= span.start {
      span.start = change
      span.clock = clock
    }
  }
}
