import Expressions

/// Local times as rollout files write them.
enum LocalText {
  /// The minute that a local second lies in, such as `2027-03-28T02:30`.
  static func minute(_ local: Int64) -> String {
    String(CalendarTime(secondsSinceEpoch: local).text.dropLast(3))
  }

  /// A local second, such as `2027-03-28T02:30`; with seconds where it has some.
  static func text(_ local: Int64) -> String {
    local.modulo(60) == 0 ? minute(local) : CalendarTime(secondsSinceEpoch: local).text
  }
}
