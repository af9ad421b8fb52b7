import Operations

/// Durations as people read them.
enum ElapsedText {
  /// Such as `45 ms`, `1.2 s`, `2 min 5 s` or `1 h 2 min`; nothing below zero.
  static func text(_ duration: Duration) -> String {
    let milliseconds = max(0, duration.wholeNanoseconds / 1_000_000)
    let seconds = milliseconds / 1000
    return switch milliseconds {
    case ..<1000: "\(milliseconds) ms"
    case ..<60_000: "\(seconds).\(milliseconds % 1000 / 100) s"
    case ..<3_600_000: "\(seconds / 60) min \(seconds % 60) s"
    case _: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
  }

  /// Whole seconds left, rounded up, such as `41 s` or `2 min 5 s`.
  static func left(_ duration: Duration) -> String {
    let (whole, rest) = max(0, duration.wholeNanoseconds)
      .quotientAndRemainder(dividingBy: 1_000_000_000)
    let seconds = rest > 0 ? whole + 1 : whole
    return seconds < 60 ? "\(seconds) s" : text(.seconds(seconds))
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
