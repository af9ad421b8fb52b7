import Operations

/// Durations as people read them.
package enum ElapsedText {
  /// Such as `45 ms`, `1.2 s`, `2 min 5 s` or `1 h 2 min`; nothing below zero.
  package static func text(_ duration: Duration) -> String {
    let milliseconds = max(0, duration.wholeNanoseconds / 1_000_000)
    let seconds = milliseconds / 1000
    return switch milliseconds {
    case ..<1000: "\(milliseconds) ms"
    case ..<60_000: "\(seconds).\(milliseconds % 1000 / 100) s"
    case ..<3_600_000: "\(seconds / 60) min \(seconds % 60) s"
    case _: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
  }

  /// How long ago something was, in its largest unit, such as `41s`, `5m`, `3h` or `12d`.
  static func age(_ duration: Duration) -> String {
    let seconds = max(0, duration.wholeNanoseconds / 1_000_000_000)
    return switch seconds {
    case ..<60: "\(seconds)s"
    case ..<3600: "\(seconds / 60)m"
    case ..<86_400: "\(seconds / 3600)h"
    case _: "\(seconds / 86_400)d"
    }
  }

  /// The time left, rounded up, such as `1 ms`, `1.5 s`, `41 s` or `2 min 5 s`.
  static func left(_ duration: Duration) -> String {
    let nanoseconds = max(0, duration.wholeNanoseconds)
    let milliseconds = quotient(nanoseconds, dividedUpBy: 1_000_000)
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    let tenths = quotient(nanoseconds, dividedUpBy: 100_000_000)
    if tenths < 100, tenths % 10 > 0 { return "\(tenths / 10).\(tenths % 10) s" }
    let seconds = quotient(nanoseconds, dividedUpBy: 1_000_000_000)
    return seconds < 60 ? "\(seconds) s" : text(.seconds(seconds))
  }

  /// A limit that somebody set, such as `60 s`, `90 s`, `5 min` or `1 h 30 min`.
  static func limit(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    if duration == .seconds(seconds), (0...120).contains(seconds) { return "\(seconds) s" }
    return round(duration)
  }

  /// A round time, such as `200 ms`, `1.5 s`, `2 min` or `1 h 30 min`.
  static func round(_ duration: Duration) -> String {
    let text = left(duration)
    for zero in [" 0 s", " 0 min"] where text.hasSuffix(zero) {
      return String(text.dropLast(zero.count))
    }
    return text
  }

  private static func quotient(_ dividend: Int64, dividedUpBy divisor: Int64) -> Int64 {
    let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
    return rest > 0 ? quotient + 1 : quotient
  }

  /// Seconds with milliseconds, right-aligned to nine characters, such as ` 0.012 s`.
  static func offset(_ duration: Duration) -> String {
    let milliseconds = max(0, duration.wholeNanoseconds / 1_000_000)
    let fraction = String(milliseconds % 1000)
    let text =
      "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
      + " s"
    return String(repeating: " ", count: max(0, 9 - text.count)) + text
  }
}
