import Expressions
import Playbooks

/// The keys that any step can have.
extension PlaybookSchema {
  func schema(ofModifier key: String, in kind: StepKind) -> Value {
    switch key {
    case "id": SchemaParts.reference("identifier")
    case "name": SchemaParts.reference("title")
    case "let": SchemaParts.reference("locals")
    case "when", "until": SchemaParts.reference("condition")
    case "timeout": SchemaParts.reference("duration")
    case "retry": SchemaParts.reference(Self.retryName(of: kind))
    case "session": SchemaParts.reference("session")
    case "in-doubt": Self.choice(InDoubt.allCases, default: .ask) { KeyMeanings.meaning(of: $0) }
    case "ensure": Self.choice(Ensurance.State.allCases) { KeyMeanings.meaning(of: $0) }
    case "on-drift":
      Self.choice(Ensurance.OnDrift.allCases, default: .fail) { KeyMeanings.meaning(of: $0) }
    case "match":
      Self.choice(Ensurance.Match.allCases, default: .only) { KeyMeanings.meaning(of: $0) }
    case "tolerate": ["type": "array", "minItems": 1, "items": SchemaParts.reference("reason")]
    case _: [:]
    }
  }

  /// One of the words of an enumeration.
  static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ choices: [Choice], default usual: Choice? = nil, meaning: (Choice) -> String
  ) -> Value {
    let words = SchemaParts.words(choices.map { ($0.rawValue, meaning($0)) })
    guard let usual else { return words }
    return SchemaParts.adding(["default": .string(usual.rawValue)], to: words)
  }

  /// An integer within bounds, or an expression.
  static func integer(in bounds: ClosedRange<Int>, default usual: Int? = nil) -> Value {
    let schema: Value = [
      "type": ["integer", "string"],
      "minimum": .int(Int64(bounds.lowerBound)), "maximum": .int(Int64(bounds.upperBound)),
      "pattern": .string(CommonDefinitions.expressionMark),
      "patternErrorMessage": "an integer, or an expression: ${{ … }}",
    ]
    guard let usual else { return schema }
    return SchemaParts.adding(["default": .int(Int64(usual))], to: schema)
  }

  // MARK: Failures

  /// `retry` of steps whose refusals have reasons, of ensured calls, and of decisions.
  var retries: [(String, Value)] {
    let usual = FailureClass.allCases.filter { $0 != .rejected }
    return [
      ("retry", retry(Self.causes(usual, reasons: true))),
      ("ensuredRetry", retry(Self.causes(FailureClass.allCases, reasons: true))),
      ("decisionRetry", retry(Self.causes(usual, reasons: false))),
    ]
  }

  private static func retryName(of kind: StepKind) -> String {
    switch kind {
    case .call: "ensuredRetry"
    case .approve: "decisionRetry"
    case .play, .forEach, .parallel, .assert, .wait, .block: "retry"
    }
  }

  private func retry(_ causes: Value) -> Value {
    let mapping = PlaybookMapping.retry
    let pause = SchemaParts.reference("duration")
    let properties = mapping.keys.map { key in
      let schema: Value =
        switch key {
        case "attempts": Self.integer(in: Retry.attemptBounds)
        case "backoff": SchemaParts.adding(["default": "1s"], to: pause)
        case "max-backoff": SchemaParts.adding(["default": "30s"], to: pause)
        case _: ["type": "array", "minItems": 1, "items": causes]
        }
      return (key, Self.property(key, of: mapping, schema))
    }
    return SchemaParts.closed(properties, required: mapping.requiredKeys)
  }

  private static func causes(_ classes: [FailureClass], reasons: Bool) -> Value {
    let words = SchemaParts.words(
      classes.map { ($0.rawValue, KeyMeanings.meaning(of: $0)) })
    guard reasons else { return words }
    return ["anyOf": [words, SchemaParts.reference("refusal")]]
  }

  /// The refusals that `retry` and `tolerate` name.
  var refusals: [(String, Value)] {
    let classes = FailureClass.allCases.map(\.rawValue).joined(separator: "|")
    return [
      (
        "refusal",
        [
          "description": "`rejected(REASON)`: a refusal for this reason.", "type": "string",
          "pattern": .string(
            "^ *rejected *\\((?! *\\))[^()]{1,\(PlaybookReader.longestReason)}\\)$"),
          "patternErrorMessage": "a class of failure, or rejected(REASON)",
        ]
      ),
      (
        "reason",
        [
          "description":
            "The reason that the API gives for a refusal, such as `device.name_taken`.",
          "allOf": [SchemaParts.reference("constant")],
          "maxLength": .int(Int64(PlaybookReader.longestReason)),
          "not": ["pattern": .string("^(?:\(classes))$|^ *(?:\(classes)) *\\([^()]*\\)$")],
        ]
      ),
    ]
  }

  /// What holds for calls beside their operation.
  var callRules: Value {
    let noRejection: Value = ["properties": ["on": ["items": ["not": ["const": "rejected"]]]]]
    return [
      "dependentRequired": ["on-drift": ["ensure"], "match": ["ensure"]],
      "allOf": [
        SchemaParts.conditional(
          ["required": ["ensure"]], otherwise: ["properties": ["retry": noRejection]]),
        SchemaParts.reference("callFields"),
      ],
    ]
  }
}
