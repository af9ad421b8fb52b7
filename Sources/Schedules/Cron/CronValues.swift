/// What one field of a cron expression matches.
struct CronValues: Sendable {
  /// The numbers, as bits; Sunday is 0.
  var numbers: UInt64 = 0
  /// Whether it is `*`, or has it in its list.
  var isStar = false
  var hasStep = false
  /// See `CronDays.daysBeforeLast`.
  var daysBeforeLast: UInt32 = 0
  /// See `CronDays.occurrences`.
  var occurrences: UInt64 = 0

  mutating func add(_ number: Int, of field: CronField) {
    numbers |= 1 << (field == .dayOfWeek ? number % 7 : number)
  }

  /// Adds the `number`th of each month of the weekday, or the last one for 0.
  mutating func add(occurrence number: Int, of weekday: Int) {
    occurrences |= 1 << (weekday % 7 * 8 + number)
  }
}
