/// A cron expression of five fields.
package struct CronExpression: Sendable, Hashable {
  /// How the hours of an expression go with clocks that are set.
  enum HourRule: Sendable, Hashable {
    /// Fixed times: one that the clocks skip is due at the end of the gap, and one that they show twice
    /// the first time only.
    case fixed
    /// Hours with `*` or a step follow elapsed time: due whenever the clocks show them.
    case elapsed
  }

  /// As written.
  package var text: String
  /// The minutes of an hour: bits 0 to 59.
  let minutes: UInt64
  /// The hours of a day: bits 0 to 23.
  let hours: UInt32
  let hourRule: HourRule
  let days: CronDays

  init(text: String, minutes: UInt64, hours: UInt32, hourRule: HourRule, days: CronDays) {
    self.text = text
    self.minutes = minutes
    self.hours = hours
    self.hourRule = hourRule
    self.days = days
  }

  /// The expression that `text` is; nil where `CronReading` finds flaws in it.
  package init?(_ text: String) {
    guard let expression = CronReading(of: text).expression else { return nil }
    self = expression
  }

  /// The first minute of a day that matches, from `minute` on.
  func time(from minute: Int) -> Int? {
    let hour = minute / 60
    guard hour < 24 else { return nil }
    if hours & 1 << hour != 0 {
      let rest = minutes >> (minute % 60)
      if rest != 0 { return minute + rest.trailingZeroBitCount }
    }
    let later = hours >> (hour + 1)
    guard later != 0, minutes != 0 else { return nil }
    return (hour + 1 + later.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount
  }
}
