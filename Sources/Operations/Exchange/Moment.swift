package import Expressions

/// An instant of a run: whole nanoseconds since 1970-01-01T00:00:00Z, in 1677 to 2262.
///
/// Live runs take it from the machine's clock, simulations from virtual time; nothing below the
/// command asks a clock itself.
package struct Moment: Sendable, Hashable, Comparable {
  /// Nanoseconds since 1970-01-01T00:00:00Z; negative before then.
  package var nanoseconds: Int64

  /// The instant that many nanoseconds after 1970-01-01T00:00:00Z.
  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Whether `left` is earlier than `right`.
  package static func < (left: Moment, right: Moment) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The instant `duration` later, at most the last representable one.
  package static func + (moment: Moment, duration: Duration) -> Moment {
    let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
    return Moment(nanoseconds: overflow ? .max : sum)
  }

  /// The time from `earlier` to `later`, at most 292 years either way.
  package static func - (later: Moment, earlier: Moment) -> Duration {
    let (span, overflow) = later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    guard overflow else { return .nanoseconds(span) }
    return .nanoseconds(later < earlier ? Int64.min : .max)
  }
}

extension Moment {
  /// RFC 3339 in UTC with six digits of a second, the rest cut: `2026-01-01T00:00:00.000000Z`.
  package var text: String {
    "\(calendarTime.text).\((nanoseconds.modulo(1_000_000_000) / 1000).padded(6))Z"
  }

  /// The second that the instant lies in, in UTC.
  package var calendarTime: CalendarTime {
    CalendarTime(secondsSinceEpoch: nanoseconds.floored(by: 1_000_000_000))
  }
}

extension Duration {
  /// Whole nanoseconds, cut towards zero and kept within 64 bits (292 years).
  package var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    guard !carried else { return seconds < 0 ? .min : .max }
    return sum
  }
}
