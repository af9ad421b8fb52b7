import Diagnostics

/// Reads cron expressions, noting everything that is wrong on the way.
struct CronReader {
  private let whole: CronPart
  private(set) var flaws: [CronFlaw] = []

  init(_ text: String) {
    whole = CronPart(scalars: Array(text.unicodeScalars)[...])
  }

  /// The names that stand for expressions.
  private static let names: [(name: String, meaning: String)] = [
    ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"), ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
  ]

  mutating func read() -> CronExpression? {
    let fields = whole.scalars.split { $0 == " " || $0 == "\t" }.map { CronPart(scalars: $0) }
    if fields.count == 1, fields[0].scalars.first == "@" { return readName(fields[0]) }
    if let first = fields.first, refuseZone(first) { return nil }
    guard fields.count == CronField.allCases.count else {
      reportCount(fields)
      return nil
    }
    let values = CronField.allCases.map { readField(fields[$0.rawValue], $0) }
    guard flaws.isEmpty else { return nil }
    let expression = Self.expression(values, text: whole.text)
    if !CronCalendar.isEverDue(expression) {
      report(
        .neverDue, "no month of this expression has such a day",
        at: CronPart(
          scalars: whole.scalars[fields[2].scalars.startIndex..<fields[4].scalars.endIndex]))
      return nil
    }
    return expression
  }

  private mutating func readName(_ part: CronPart) -> CronExpression? {
    let name = part.text.lowercased()
    if let known = Self.names.first(where: { $0.name == name }) {
      var reader = CronReader(known.meaning)
      var expression = reader.read()
      expression?.text = whole.text
      return expression
    }
    let names = Self.names.map(\.name)
    let hint =
      name == "@reboot"
      ? "nothing is due when a machine starts: write a time, such as `@daily`"
      : didYouMean(name, among: names)
        ?? "the names are \(names.map { "`\($0)`" }.joined(separator: ", "))"
    report(.invalidCron, "`\(part.text)` names no cron expression", at: part, hint: hint)
    return nil
  }

  /// Notes a time zone before the fields, which other programs read there; false when there is none.
  private mutating func refuseZone(_ part: CronPart) -> Bool {
    let parts = part.split("=")
    guard parts.count == 2, ["CRON_TZ", "TZ"].contains(parts[0].text) else { return false }
    let name = parts[1].isEmpty ? "Europe/Stockholm" : parts[1].text
    report(
      .invalidCron, "a cron expression has no time zone", at: part,
      hint: "write it beside `cron`: `timezone: \(name)`")
    return true
  }

  private mutating func reportCount(_ fields: [CronPart]) {
    let hint = "minute, hour, day of the month, month, day of the week: `0 3 * * MON`"
    let isLonger = fields.count == 6 || fields.count == 7
    report(
      .invalidCron, "a cron expression has five fields, not \(fields.count)", at: whole,
      hint: isLonger ? "there is none for seconds or years; for seconds, use `every`" : hint)
  }

  private static func expression(_ values: [CronValues], text: String) -> CronExpression {
    let hours = values[CronField.hour.rawValue]
    let ofMonth = values[CronField.dayOfMonth.rawValue]
    let ofWeek = values[CronField.dayOfWeek.rawValue]
    let rule: CronDays.Rule =
      switch (ofMonth.isStar, ofWeek.isStar) {
      case (true, true): .every
      case (false, true): .ofMonth
      case (true, false): .ofWeek
      case (false, false): .either
      }
    return CronExpression(
      text: text, minutes: values[CronField.minute.rawValue].numbers,
      hours: UInt32(hours.numbers), hourRule: hours.isStar || hours.hasStep ? .elapsed : .fixed,
      days: CronDays(
        months: UInt16(values[CronField.month.rawValue].numbers),
        daysOfMonth: UInt32(ofMonth.numbers), daysBeforeLast: ofMonth.daysBeforeLast,
        daysOfWeek: UInt8(ofWeek.numbers), occurrences: ofWeek.occurrences, rule: rule))
  }

  /// Notes a flaw at a part of the text; one without characters is shown where it would be.
  mutating func report(
    _ code: DiagnosticCode, _ message: String, at part: CronPart, hint: String? = nil
  ) {
    flaws.append(
      CronFlaw(
        code: code, message: message, hint: hint, offset: part.scalars.startIndex,
        length: max(1, part.scalars.count)))
  }
}
