import Diagnostics
import Expressions

extension PlaybookReader {
  /// A duration within `range`, or nil.
  package mutating func duration(
    of node: YAMLNode, _ subject: String, in range: ClosedRange<Duration>
  ) -> Located<Duration>? {
    if case .int(let number) = node.scalarValue {
      report(
        .invalidDuration, "\(subject) needs a unit", at: node.location,
        hint: "write `\(number)s` for seconds; the units are `ms`, `s`, `m`, `h`, `d` and `w`")
      return nil
    }
    guard let text = plainText(of: node, subject) else { return nil }
    guard let duration = DurationText.duration(text.value) else {
      report(
        .invalidDuration, "`\(text.value)` is not a duration", at: node.location,
        hint: DurationText.meant(by: text.value).map { "write `\($0)`" }
          ?? "write it like `500ms`, `2s`, `1m` or `1h30m`")
      return nil
    }
    guard range.contains(duration) else {
      let lowest = DurationText.text(range.lowerBound)
      let highest = DurationText.text(range.upperBound)
      report(
        .outOfRange, "\(subject) must be from \(lowest) to \(highest), not \(text.value)",
        at: node.location)
      return nil
    }
    return Located(duration, at: node.location)
  }
}

extension ClosedRange<Duration> {
  /// What a step or a wait may take: 1 ms to 7 days.
  package static var wait: Self { .milliseconds(1) ... .seconds(7 * 24 * 3600) }
  /// What lies between two attempts: 1 ms to 1 h.
  package static var pause: Self { .milliseconds(1) ... .seconds(3600) }
  /// What lies between two reads of a wait: 10 ms to 1 h.
  package static var poll: Self { .milliseconds(10) ... .seconds(3600) }
}
