import Diagnostics

/// Fields: lists of values, ranges and steps.
extension CronReader {
  mutating func readField(_ part: CronPart, _ field: CronField) -> CronValues {
    var values = CronValues()
    for element in part.split(",") { readElement(element, field, &values) }
    return values
  }

  private mutating func readElement(
    _ part: CronPart, _ field: CronField, _ values: inout CronValues
  ) {
    let parts = part.split("/")
    let base = parts[0]
    guard !part.isEmpty, !base.isEmpty else {
      return report(
        .invalidCron, "a value is missing in the \(field.name)", at: part.isEmpty ? part : base,
        hint: part.isEmpty ? nil : "for example `*/5`")
    }
    guard parts.count > 1 else {
      if base.text == "*" {
        values.isStar = true
        for number in field.all { values.add(number, of: field) }
      } else if !readSpecial(base, field, &values), let range = readRange(base, field) {
        for number in range { values.add(number, of: field) }
      }
      return
    }
    guard parts.count == 2 else {
      return report(.invalidCron, "`\(part.text)` has more than one step", at: part)
    }
    values.hasStep = true
    let step = readStep(parts[1], field)
    guard let range = readSteppedRange(base, field), let step else { return }
    for number in stride(from: range.lowerBound, through: range.upperBound, by: step) {
      values.add(number, of: field)
    }
  }

  // MARK: Steps

  private mutating func readStep(_ part: CronPart, _ field: CronField) -> Int? {
    let largest = field.all.upperBound - field.all.lowerBound
    guard !part.isEmpty else {
      report(.invalidCron, "a step is missing behind `/`", at: part, hint: "for example `*/5`")
      return nil
    }
    guard let step = part.number else {
      report(.invalidCron, "`\(part.text)` is not a step", at: part, hint: "for example `*/5`")
      return nil
    }
    guard (1...largest).contains(step) else {
      report(
        .outOfRange, "a step of \(field.plural) must be from 1 to \(largest), not \(step)",
        at: part, hint: Self.interval(of: step, field).map { "for longer intervals, use `\($0)`" })
      return nil
    }
    return step
  }

  /// The key for an interval that is too long for the field.
  private static func interval(of step: Int, _ field: CronField) -> String? {
    switch field {
    case .minute where step > 0: step % 60 == 0 ? "every: \(step / 60)h" : "every: \(step)m"
    case .hour where step > 0: "every: \(step)h"
    case .minute, .hour, .dayOfMonth, .month, .dayOfWeek: nil
    }
  }

  /// What a step goes over: `*`, a range, or everything from a value on.
  private mutating func readSteppedRange(
    _ base: CronPart, _ field: CronField
  ) -> ClosedRange<Int>? {
    if base.text == "*" { return field.all }
    var ignored = CronValues()
    if readSpecial(base, field, &ignored) {
      report(
        .invalidCron, "a step cannot follow `\(base.text)`", at: base,
        hint: "it goes with `*`, a value or a range")
      return nil
    }
    guard let range = readRange(base, field) else { return nil }
    guard !base.scalars.contains("-") else { return range }
    // Sunday is the first day then.
    let first = field == .dayOfWeek ? range.lowerBound % 7 : range.lowerBound
    return first...field.all.upperBound
  }

  // MARK: Ranges and values

  /// A range, or a value as a range of one; days of the week may go on behind Saturday.
  private mutating func readRange(_ part: CronPart, _ field: CronField) -> ClosedRange<Int>? {
    let ends = part.split("-")
    guard ends.count > 1 else { return readValue(part, field).map { $0...$0 } }
    guard ends.count == 2 else {
      report(.invalidCron, "`\(part.text)` is not a range", at: part, hint: "for example `1-5`")
      return nil
    }
    let first = readValue(ends[0], field, besides: part)
    let last = readValue(ends[1], field, besides: part)
    guard let first, let last else { return nil }
    if first <= last { return first...last }
    guard field == .dayOfWeek else {
      let all = field.all
      report(
        .invalidCron, "the range `\(part.text)` runs backwards", at: part,
        hint: "write two: `\(first)-\(all.upperBound),\(all.lowerBound)-\(last)`")
      return nil
    }
    return first...(last + 7)
  }

  /// One number or name; `range` is what an empty one is a part of.
  mutating func readValue(
    _ part: CronPart, _ field: CronField, besides range: CronPart? = nil
  ) -> Int? {
    guard !part.isEmpty else {
      report(
        .invalidCron, "a value is missing in `\((range ?? part).text)`", at: range ?? part,
        hint: "for example `\(field.all.lowerBound)-\(field.all.upperBound)`")
      return nil
    }
    if let number = part.number, field.numbers.contains(number) { return number }
    if let number = field.number(named: part.text) { return number }
    let isNumber = part.number != nil
    report(
      isNumber ? .outOfRange : .invalidCron,
      "`\(part.text)` is not \(field == .hour ? "an" : "a") \(field.name)", at: part,
      hint: field.hint(for: part.text))
    return nil
  }
}
