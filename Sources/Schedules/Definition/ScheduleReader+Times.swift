import Diagnostics
import Expressions
import Playbooks
import TimeZones

/// What says when: cron expressions, intervals, instants and zones.
extension ScheduleReader {
  private static let mostExpressions = 100
  private static let mostInstants = 1000

  /// The string at `key`; a number is read as written too, since quotes would not make it right.
  private mutating func scalarText(of node: YAMLNode, _ key: Key) -> Located<String>? {
    guard let text = node.text, node.scalarKind != .text, node.scalarKind != .null,
      text.utf8.count <= 1000
    else { return nodes.plainText(of: node, key.marked) }
    return Located(text, at: node.location)
  }

  // MARK: Cron

  mutating func readCron(_ node: YAMLNode) -> [CronExpression] {
    guard node.elements != nil else { return readExpression(node).map { [$0] } ?? [] }
    let elements = limited(node, .cron, Self.mostExpressions) ?? []
    return elements.compactMap { readExpression($0) }
  }

  mutating func readExpression(_ node: YAMLNode) -> CronExpression? {
    guard let text = scalarText(of: node, .cron) else { return nil }
    let reading = CronReading(of: text.value)
    for flaw in reading.flaws {
      var location = node.location(ofScalarOffset: flaw.offset)
      location.length = flaw.length
      nodes.report(flaw.code, flaw.message, at: location, hint: flaw.hint)
    }
    return reading.expression
  }

  /// The elements of a list that is neither empty nor too long.
  private mutating func limited(_ node: YAMLNode, _ key: Key, _ most: Int) -> [YAMLNode]? {
    guard let elements = nodes.elements(of: node, key.marked) else { return nil }
    guard elements.count <= most else {
      nodes.report(
        .outOfRange, "\(key.marked) has more than \(most) entries", at: node.location)
      return nil
    }
    return elements
  }

  // MARK: Intervals

  mutating func readEvery(_ node: YAMLNode) -> Duration? {
    guard let every = nodes.duration(of: node, Key.every.marked, in: .interval) else { return nil }
    guard every.value.components.attoseconds == 0 else {
      nodes.report(
        .outOfRange, "`every` must be a multiple of 1s, not \(DurationText.text(every.value))",
        at: every.location)
      return nil
    }
    return every.value
  }

  // MARK: Instants

  mutating func readAt(_ node: YAMLNode) -> [ScheduledInstant] {
    guard node.elements != nil else { return readInstant(node, .at, nil).map { [$0] } ?? [] }
    let elements = limited(node, .at, Self.mostInstants) ?? []
    return elements.compactMap { readInstant($0, .at, nil) }
  }

  /// An instant; `part` is what a date without a time stands for, nil where it is refused.
  mutating func readInstant(
    _ node: YAMLNode, _ key: Key, _ part: InstantText.DatePart?
  ) -> ScheduledInstant? {
    guard let text = scalarText(of: node, key) else { return nil }
    guard let written = InstantText(text.value) else {
      nodes.report(
        .invalidInstant, "`\(text.value)` is not an instant", at: text.location,
        hint: Self.instantHint(text.value, allowsDate: part != nil))
      return nil
    }
    guard let part = written.isDate ? part : .beginning else {
      nodes.report(
        .invalidInstant, "\(key.marked) needs a time of day", at: text.location,
        hint: "write `\(text.value)T00:00` for the beginning of the day")
      return nil
    }
    return written.instant(text.value, in: zone, part)
  }

  private static func instantHint(_ text: String, allowsDate: Bool) -> String {
    let mended = text.replacing(" ", with: "T", maxReplacements: 1).replacing(" ", with: "")
      .uppercased()
    guard InstantText(mended) == nil else { return "write `\(mended)`" }
    let date = allowsDate ? "`2027-03-01`, " : ""
    return "write it like \(date)`2027-03-01T03:00` or `2027-03-01T03:00+01:00`, of an existing day"
  }

  // MARK: Zones

  mutating func readZone(_ node: YAMLNode) -> TimeZoneRules? {
    guard let name = scalarText(of: node, .timezone) else { return nil }
    if let rules = zones.rules(name.value) { return rules }
    let hint = Self.hint(forZone: name.value, among: zones.names())
    nodes.report(
      .unknownTimezone, "there is no time zone `\(name.value)`", at: name.location, hint: hint)
    return nil
  }

  private static func hint(forZone name: String, among names: [String]) -> String {
    guard !names.isEmpty else {
      return "this machine has no time zone database: install the package `tzdata`"
    }
    // A city without its continent, which is what people know.
    let city = name.replacing(" ", with: "_").lowercased()
    let ofCity = names.first {
      $0.split(separator: "/").last.map { $0.lowercased() == city } ?? false
    }
    return ofCity.map { "did you mean `\($0)`?" } ?? didYouMean(name, among: names)
      ?? "write a name of the tz database, such as `Europe/Stockholm`"
  }
}
