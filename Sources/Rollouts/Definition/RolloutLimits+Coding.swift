import Diagnostics
package import Expressions
import Playbooks

/// The limits as the first event of a rollout records them: by the keys of the rollout file, and
/// `stages` instead of `ramp`.
extension RolloutLimits {
  /// The limits as plain data; what is not limited is left out.
  package var encoded: ValueMap {
    var map = ValueMap()
    map["concurrency"] = .int(Int64(concurrency))
    map["stages"] = .list(stages.map { .int(Int64($0)) })
    map["bake"] = bake.map { .string(DurationText.text($0)) }
    map["gate"] = gate.map { .string($0.text) }
    map["pace"] = pace.map { .double($0) }
    map["max-failures"] = maxFailures.map { .int(Int64($0)) }
    map["votes-at-once"] = votesAtOnce.map { .int(Int64($0)) }
    map["on-stop"] = .string(onStop.rawValue)
    if let retry {
      map["retry"] = [
        "attempts": .int(Int64(retry.attempts)),
        "backoff": .string(DurationText.text(retry.backoff)),
      ]
    }
    map["deadline"] = deadline.map { .string(DurationText.text($0)) }
    return map
  }

  /// The limits that `map` records, or nil when a value in it is none that `encoded` writes.
  package init?(encoded map: ValueMap) {
    var fields = LimitFields(map)
    guard let concurrency = fields.integer("concurrency"),
      let onStop = fields.text("on-stop").flatMap({ OnStop(rawValue: $0) }),
      let stages = fields.integers("stages")
    else { return nil }
    self.init(
      concurrency: concurrency, stages: stages, bake: fields.duration("bake"),
      gate: fields.gate("gate"), pace: fields.number("pace"),
      maxFailures: fields.integer("max-failures"), votesAtOnce: fields.integer("votes-at-once"),
      onStop: onStop, retry: fields.retry("retry"), deadline: fields.duration("deadline"))
    guard !fields.isFlawed else { return nil }
  }
}

/// Reads the members of recorded limits, and notes when one is not what it should be.
private struct LimitFields {
  private let map: ValueMap
  private(set) var isFlawed = false

  init(_ map: ValueMap) {
    self.map = map
  }

  /// The member `name` as `read` understands it; nil where it is absent.
  private mutating func member<Member>(_ name: String, _ read: (Value) -> Member?) -> Member? {
    guard let value = map[name] else { return nil }
    let member = read(value)
    if member == nil { isFlawed = true }
    return member
  }

  mutating func integer(_ name: String) -> Int? {
    member(name, Self.integer)
  }

  mutating func integers(_ name: String) -> [Int]? {
    member(name) { value in
      guard case .list(let elements) = value else { return nil }
      let numbers = elements.compactMap(Self.integer)
      return numbers.count == elements.count ? numbers : nil
    }
  }

  /// A number; one without a fraction may have become an integer in JSON.
  mutating func number(_ name: String) -> Double? {
    member(name) { value in
      if case .double(let number) = value { return number }
      return Self.integer(value).map { Double($0) }
    }
  }

  mutating func text(_ name: String) -> String? {
    member(name, \.text)
  }

  mutating func duration(_ name: String) -> Duration? {
    member(name, Self.duration)
  }

  mutating func gate(_ name: String) -> RolloutGate? {
    member(name) { $0.text.flatMap { RolloutGate(recorded: $0) } }
  }

  mutating func retry(_ name: String) -> RolloutRetry? {
    member(name) { value in
      guard let attempts = value[field: "attempts"].flatMap(Self.integer),
        let backoff = value[field: "backoff"].flatMap(Self.duration)
      else { return nil }
      return RolloutRetry(attempts: attempts, backoff: backoff)
    }
  }

  private static func integer(_ value: Value) -> Int? {
    if case .int(let number) = value { Int(exactly: number) } else { nil }
  }

  private static func duration(_ value: Value) -> Duration? {
    value.text.flatMap { DurationText.duration($0) }
  }
}

extension RolloutGate {
  /// The gate that was recorded as `text`; diagnostics about it name no file.
  fileprivate init?(recorded text: String) {
    guard text != Self.approvalWord else {
      self = .approval
      return
    }
    let template = try? Template.parse(text, literal: .null) { offset in
      SourceLocation(file: "gate", line: 1, column: offset + 1)
    }
    guard case .expression(let expression) = template else { return nil }
    self = .condition(GateCondition(expression))
  }
}
