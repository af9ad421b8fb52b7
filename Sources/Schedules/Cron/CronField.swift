import Diagnostics

/// A field of a cron expression.
enum CronField: Int, Sendable, Hashable, CaseIterable {
  case minute
  case hour
  case dayOfMonth
  case month
  case dayOfWeek

  /// What it is called, as in “is not a minute”.
  var name: String {
    switch self {
    case .minute: "minute"
    case .hour: "hour"
    case .dayOfMonth: "day of the month"
    case .month: "month"
    case .dayOfWeek: "day of the week"
    }
  }

  var plural: String {
    switch self {
    case .minute: "minutes"
    case .hour: "hours"
    case .dayOfMonth: "days of the month"
    case .month: "months"
    case .dayOfWeek: "days of the week"
    }
  }

  /// The numbers that can be written; Sunday is 0 and 7.
  var numbers: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek: 0...7
    }
  }

  /// The numbers that `*` stands for.
  var all: ClosedRange<Int> { self == .dayOfWeek ? 0...6 : numbers }

  /// The names of the first numbers, from the lowest.
  var names: [String] {
    switch self {
    case .minute, .hour, .dayOfMonth: []
    case .month:
      ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    }
  }

  /// The number that `name` stands for, in whatever case; nil when it is none.
  func number(named name: String) -> Int? {
    names.firstIndex(of: name.uppercased()).map { $0 + all.lowerBound }
  }

  /// What to write instead of `word`.
  func hint(for word: String) -> String {
    let upper = word.uppercased()
    let begun = names.first { upper.hasPrefix($0) }
    if let name = begun ?? nearestName(to: word, among: names) { return "did you mean `\(name)`?" }
    let range = "\(plural) are from \(all.lowerBound) to \(all.upperBound)"
    guard let first = names.first, let last = names.last else { return range }
    return "\(range), or from `\(first)` to `\(last)`"
  }
}
