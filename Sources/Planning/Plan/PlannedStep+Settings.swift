package import Diagnostics
package import Expressions
import Playbooks

/// Why what an expression gives for a setting cannot be used.
package struct SettingFlaw: Error, Sendable, Hashable {
  /// One sentence without a full stop; never holds a secret.
  package var message: String
  /// What to do next, when that is known.
  package var hint: String?
  /// Where the expression stands.
  package var location: SourceLocation?

  /// A flaw of the setting at `location`.
  package init(_ message: String, hint: String? = nil, location: SourceLocation?) {
    self.message = message
    self.hint = hint
    self.location = location
  }
}

/// Settings that are known when the step begins.
extension PlannedStep {
  /// The bounds of `attempts`.
  package static let attemptBounds = 1...100
  /// The bounds of `concurrency`.
  package static let concurrencyBounds = 1...1000

  /// The step with constants in place of what its expressions give; what is unknown stays as it is.
  ///
  /// Throws what `evaluate` does, and where a value is of another type or out of the setting's bounds.
  package func settled(
    by evaluate: (Template) throws(SettingFlaw) -> Value
  ) throws(SettingFlaw) -> PlannedStep {
    var step = self
    try step.modifiers.timeout.settle("`timeout`", in: .wait, by: evaluate)
    try step.modifiers.retry?.attempts.settle("`attempts`", in: Self.attemptBounds, by: evaluate)
    try step.modifiers.retry?.backoff.settle("`backoff`", in: .pause, by: evaluate)
    try step.modifiers.retry?.maximumBackoff.settle("`max-backoff`", in: .pause, by: evaluate)
    switch step.kind {
    case .forEach(var loop):
      try loop.concurrency.settle("`concurrency`", in: Self.concurrencyBounds, by: evaluate)
      step.kind = .forEach(loop)
    case .wait(var duration):
      try duration.settle("`wait`", in: .wait, by: evaluate)
      step.kind = .wait(duration)
    case .waitUntil(let condition, let read, var interval):
      try interval.settle("`every`", in: .poll, by: evaluate)
      step.kind = .waitUntil(condition: condition, read: read, every: interval)
    case .call, .play, .parallel, .block, .assert, .approve: break
    }
    return step
  }

  /// Whether any of its settings is computed.
  package var hasComputedSettings: Bool {
    let retry = modifiers.retry
    let own: [Template?] =
      switch kind {
      case .forEach(let loop): [loop.concurrency.template]
      case .wait(let duration): [duration.template]
      case .waitUntil(_, _, let interval): [interval?.template]
      case .call, .play, .parallel, .block, .assert, .approve: []
      }
    let shared = [
      modifiers.timeout?.template, retry?.attempts.template, retry?.backoff?.template,
      retry?.maximumBackoff?.template,
    ]
    return (own + shared).contains { $0 != nil }
  }
}

/// What gives the value of an expression.
private typealias Evaluation = (Template) throws(SettingFlaw) -> Value

extension Setting<Duration>? {
  fileprivate mutating func settle(
    _ subject: String, in range: ClosedRange<Duration>, by evaluate: Evaluation
  ) throws(SettingFlaw) {
    guard var setting = self else { return }
    try setting.settle(subject, in: range, by: evaluate)
    self = setting
  }
}

extension Setting<Duration> {
  fileprivate mutating func settle(
    _ subject: String, in range: ClosedRange<Duration>, by evaluate: Evaluation
  ) throws(SettingFlaw) {
    try settle(by: evaluate) { value, location throws(SettingFlaw) in
      guard let duration = value.writtenDuration else {
        throw SettingFlaw(
          "\(subject) is not a duration\(value.objection)",
          hint: "write it like `30s`, `5m` or `1h30m`", location: location)
      }
      guard range.contains(duration) else {
        throw SettingFlaw(
          "\(subject) must be from \(DurationText.text(range.lowerBound)) to "
            + "\(DurationText.text(range.upperBound))\(value.objection)", location: location)
      }
      return duration
    }
  }
}

extension Setting<Int> {
  fileprivate mutating func settle(
    _ subject: String, in range: ClosedRange<Int>, by evaluate: Evaluation
  ) throws(SettingFlaw) {
    try settle(by: evaluate) { value, location throws(SettingFlaw) in
      guard case .int(let number) = value.revealed, let integer = Int(exactly: number),
        range.contains(integer)
      else {
        throw SettingFlaw(
          "\(subject) must be an integer from \(range.lowerBound) to "
            + "\(range.upperBound)\(value.objection)", location: location)
      }
      return integer
    }
  }
}

extension Setting {
  /// Takes what `constant` makes of the expression's value, unless that is not known yet.
  fileprivate mutating func settle(
    by evaluate: Evaluation,
    as constant: (Value, SourceLocation) throws(SettingFlaw) -> Constant
  ) throws(SettingFlaw) {
    guard let template else { return }
    let value = try evaluate(template)
    guard value.unknownParts == nil else { return }
    self = .constant(try constant(value, template.location))
  }
}

extension Value {
  /// The duration that it is, or that its text means; nil when it is none.
  fileprivate var writtenDuration: Duration? {
    switch revealed {
    case .duration(let duration): duration
    case .string(let text): DurationText.duration(text)
    case .null, .bool, .int, .uint, .double, .bytes, .list, .map, .timestamp, .type, .secret,
      .unknown:
      nil
    }
  }
}

extension Value {
  /// So many characters of what was found are quoted.
  private static var longestObjection: Int { 40 }

  /// The end of a sentence that says what was found instead, unless that is secret or long.
  fileprivate var objection: String {
    let text = displayText
    return holdsSecret || text.count > Self.longestObjection ? "" : ", not `\(text)`"
  }
}
