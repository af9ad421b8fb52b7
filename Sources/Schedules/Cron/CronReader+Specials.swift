import Diagnostics

/// `L` and `#`, and what other programs have and this one has not.
extension CronReader {
  /// Reads what is no value or range; false when it is none of these.
  mutating func readSpecial(
    _ part: CronPart, _ field: CronField, _ values: inout CronValues
  ) -> Bool {
    if refuse(part, field) { return true }
    switch field {
    case .minute, .hour, .month: return false
    case .dayOfMonth: return readLastDay(part, &values)
    case .dayOfWeek: return readLastWeekday(part, &values) || readNumbered(part, &values)
    }
  }

  /// `L`, the last day of the month, and `L-3`, the third day before it.
  private mutating func readLastDay(_ part: CronPart, _ values: inout CronValues) -> Bool {
    guard let rest = part.dropping(prefix: "L") else { return false }
    guard !rest.isEmpty else {
      values.daysBeforeLast |= 1
      return true
    }
    guard let count = rest.dropping(prefix: "-")?.number, (1...30).contains(count) else {
      report(
        .invalidCron, "`\(part.text)` is not a day of the month", at: part,
        hint: "`L` is the last day, and `L-3` the third day before it, up to `L-30`")
      return true
    }
    values.daysBeforeLast |= 1 << UInt32(count)
    return true
  }

  /// `5L`, `FRIL` or `L5`, the last one of the month.
  private mutating func readLastWeekday(_ part: CronPart, _ values: inout CronValues) -> Bool {
    guard let day = part.dropping(prefix: "L") ?? part.dropping(suffix: "L") else { return false }
    guard !day.isEmpty else {
      report(
        .invalidCron, "`L` needs a day of the week", at: part,
        hint: "`5L` or `FRIL` is the last Friday of a month")
      return true
    }
    if let name = day.dropping(suffix: "#"), isWeekday(name) {
      report(
        .invalidCron, "`\(part.text)` is not a day of the week", at: part,
        hint: "the last one of a month is `\(name.text)L`")
      return true
    }
    if refuseRange(day, before: "L", of: part) { return true }
    if let day = readValue(day, .dayOfWeek) { values.add(occurrence: 0, of: day) }
    return true
  }

  /// `MON#2`, the second one of the month.
  private mutating func readNumbered(_ part: CronPart, _ values: inout CronValues) -> Bool {
    let parts = part.split("#")
    guard parts.count > 1 else { return false }
    guard parts.count == 2, let number = parts[1].number, (1...5).contains(number) else {
      report(
        .invalidCron, "`\(part.text)` is not a day of the week", at: part,
        hint: "`MON#2` is the second Monday of a month; numbers are from 1 to 5")
      return true
    }
    if refuseRange(parts[0], before: "#\(number)", of: part) { return true }
    if let day = readValue(parts[0], .dayOfWeek) { values.add(occurrence: number, of: day) }
    return true
  }

  private func isWeekday(_ part: CronPart) -> Bool {
    part.number.map(CronField.dayOfWeek.numbers.contains)
      ?? (CronField.dayOfWeek.number(named: part.text) != nil)
  }

  /// Notes a range of days before `suffix`, which goes with one day; false when `day` is no range.
  private mutating func refuseRange(
    _ day: CronPart, before suffix: String, of part: CronPart
  ) -> Bool {
    let ends = day.split("-")
    guard ends.count == 2, ends.allSatisfy(isWeekday) else { return false }
    let each = ends.map { "\($0.text)\(suffix)" }.joined(separator: ",")
    report(
      .invalidCron, "`\(suffix)` goes with one day, not with the range `\(day.text)`", at: part,
      hint: "write each day, such as `\(each)`")
    return true
  }

  // MARK: Refused

  /// Notes what is not supported; false when there is nothing of it.
  private mutating func refuse(_ part: CronPart, _ field: CronField) -> Bool {
    let upper = part.text.uppercased()
    if upper == "?" {
      report(.invalidCron, "`?` is not supported", at: part, hint: "write `*`")
    } else if upper == "H" || upper.hasPrefix("H(") {
      report(
        .invalidCron, "`\(part.text)` is not supported", at: part,
        hint: "write a number; `jitter` spreads starts")
    } else if field == .dayOfMonth, upper.hasSuffix("W"), upper.dropLast().allSatisfy(isDayDigit) {
      report(
        .invalidCron, "`\(part.text)` (the nearest weekday) is not supported", at: part,
        hint: "name days of the week, such as `MON-FRI`")
    } else if field != .dayOfWeek, upper.contains("#") {
      report(
        .invalidCron, "`#` goes with days of the week only", at: part,
        hint: "`0 3 * * MON#2` is due on the second Monday of each month")
    } else if field != .dayOfWeek, field != .dayOfMonth, upper == "L" {
      report(
        .invalidCron, "`L` goes with days only", at: part,
        hint: "`0 3 L * *` is due on the last day of each month")
    } else {
      return false
    }
    return true
  }

  private func isDayDigit(_ character: Character) -> Bool {
    character == "L" || ("0"..."9").contains(character)
  }
}
