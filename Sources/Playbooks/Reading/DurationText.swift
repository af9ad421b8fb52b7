/// A duration as playbooks write it: `500ms`, `2s`, `1h30m`, `2d`, `1w`.
///
/// A day is 24 hours and a week seven of them, whatever clocks do.
package enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]
  /// Durations are written without weeks and days, as other programs and older versions read them.
  private static let writtenUnits = units.dropFirst(2)

  /// The duration `text` means, or nil when it means none.
  ///
  /// Integers with the units w, d, h, m, s and ms, from the largest down, each at most once and with
  /// at most nine digits.
  package static func duration(_ text: String) -> Duration? {
    var rest = text[...]
    var total: Duration = .zero
    var allowed = units[...]
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      let name = rest[digits.endIndex...].prefix { ("a"..."z").contains($0) }
      guard digits.utf8.count <= 9, let count = Int64(digits),
        let index = allowed.firstIndex(where: { $0.name == name })
      else { return nil }
      total += .milliseconds(count * allowed[index].milliseconds)
      allowed = allowed[(index + 1)...]
      rest = rest[name.endIndex...]
    }
    return total
  }

  /// How a duration in words, with blanks or with a fraction is written, or nil when it is none.
  static func meant(by text: String) -> String? {
    var rest = text.lowercased().filter { $0 != " " }[...]
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
      let word = rest[number.endIndex...].prefix { ("a"..."z").contains($0) }
      guard number.utf8.count <= 9, let count = Double(number), let unit = unit(named: word) else {
        return nil
      }
      total += count * Double(unit)
      rest = rest[word.endIndex...]
    }
    return self.text(.milliseconds(Int64(total)))
  }

  /// The milliseconds of a unit in words.
  private static func unit(named word: Substring) -> Int64? {
    let name: String? =
      switch word {
      case "ms", "msec", "msecs", "millisecond", "milliseconds": "ms"
      case "s", "sec", "secs", "second", "seconds": "s"
      case "m", "min", "mins", "minute", "minutes": "m"
      case "h", "hr", "hrs", "hour", "hours": "h"
      case "d", "day", "days": "d"
      case "w", "wk", "wks", "week", "weeks": "w"
      default: nil
      }
    return units.first { $0.name == name }?.milliseconds
  }

  /// `duration` in the same form; the largest unit is the hour.
  package static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    var text = ""
    for unit in writtenUnits where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text.isEmpty ? "0s" : text
  }
}
