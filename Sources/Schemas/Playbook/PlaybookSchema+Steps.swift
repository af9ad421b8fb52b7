import Expressions
import Playbooks

/// Steps: each kind has its own keys, and those of any step.
extension PlaybookSchema {
  var steps: [(String, Value)] {
    [
      ("steps", ["type": "array", "minItems": 1, "items": SchemaParts.reference("step")]),
      ("step", Self.chain(kinds, otherwise: SchemaParts.reference("anyStep"))),
    ] + StepKind.allCases.map { ("\($0.rawValue)Step", step(of: $0)) } + [
      ("anyStep", anyStep),
      ("items", items),
      ("pages", pages),
      ("waitUntil", waitUntil),
      ("assertion", assertion),
      ("approval", approval),
      ("formField", formField),
    ]
  }

  private var kinds: [(Value, Value)] {
    StepKind.allCases.map {
      (SchemaParts.having($0.rawValue), SchemaParts.reference("\($0.rawValue)Step"))
    }
  }

  /// A step whose kind is not written yet.
  private var anyStep: Value {
    let properties = StepKind.allKeys.map { ($0, property(ofStep: $0, in: nil)) }
    return SchemaParts.adding(
      ["anyOf": .list(StepKind.allCases.map { ["required": [.string($0.rawValue)]] })],
      to: SchemaParts.closed(properties, required: []))
  }

  private func step(of kind: StepKind) -> Value {
    let keys = kind.keys + StepKind.modifiers.filter { Self.goes($0, with: kind) }
    let properties = keys.map { ($0, property(ofStep: $0, in: kind)) }
    let required = kind == .forEach ? [kind.rawValue, "steps"] : [kind.rawValue]
    let schema = SchemaParts.closed(properties, required: required)
    switch kind {
    case .call: return SchemaParts.adding(callRules, to: schema)
    case .wait:
      // A pause has no response that conditions could be about.
      let pause: Value = ["properties": ["wait": ["not": ["type": "object"]]]]
      let rules = [
        SchemaParts.conditional(pause, then: ["properties": ["expect": false]]),
        Self.sessionRule(under: kind.rawValue),
      ]
      return SchemaParts.adding(["allOf": .list(rules)], to: schema)
    case .forEach:
      let list: Value = ["anyOf": [["type": "array"], Self.arePages]]
      let rules = [
        SchemaParts.conditional(
          ["properties": SchemaParts.members([(kind.rawValue, list)])],
          then: ["properties": ["key": false]]),
        Self.sessionRule(under: kind.rawValue),
      ]
      return SchemaParts.adding(["allOf": .list(rules)], to: schema)
    case .play, .parallel, .assert, .approve, .block: return schema
    }
  }

  /// Whether a step of the kind can have the modifier.
  static func goes(_ modifier: String, with kind: StepKind) -> Bool {
    switch modifier {
    case "in-doubt", "ensure", "on-drift", "match", "tolerate": kind == .call
    case "expect": kind == .call || kind == .wait
    case "undo": ![.assert, .wait, .approve].contains(kind)
    case _: true
    }
  }

  private func property(ofStep key: String, in kind: StepKind?) -> Value {
    // Of a call, the operation says what it does.
    if key == "call", kind == .call { return SchemaParts.reference("operationName") }
    let schema = kind.map { self.schema(ofStep: key, in: $0) } ?? schema(ofAnyStep: key)
    return SchemaParts.described(schema, KeyMeanings.meaning(ofStepKey: key, in: kind))
  }

  /// Before the kind is known, nothing more is said of values that depend on it.
  private func schema(ofAnyStep key: String) -> Value {
    switch key {
    case "steps", "with", "key", "until", "label": [:]
    case _: schema(ofStep: key, in: StepKind(rawValue: key) ?? .call)
    }
  }

  private func schema(ofStep key: String, in kind: StepKind) -> Value {
    switch key {
    case "call": SchemaParts.reference("operationName")
    case "play": SchemaParts.reference("constant")
    case "with": kind == .play ? Self.named(by: "value") : ["type": "object"]
    case "for-each": SchemaParts.reference("items")
    case "as": SchemaParts.adding(["default": "item"], to: SchemaParts.reference("boundName"))
    case "key", "index": SchemaParts.reference("boundName")
    case "label": SchemaParts.reference("text")
    case "concurrency": Self.integer(in: ForEach.concurrencyBounds, default: 1)
    case "on-failure":
      Self.choice(OnFailure.allCases, default: .stop) { KeyMeanings.meaning(of: $0) }
    case "steps", "rescue", "always": SchemaParts.reference("steps")
    case "undo":
      [
        "anyOf": [
          SchemaParts.words([("auto", "Removes what the call created, where the API can.")]),
          SchemaParts.reference("steps"),
        ]
      ]
    case "parallel":
      SchemaParts.adding(["minProperties": 1], to: Self.named(by: "steps"))
    case "assert", "expect": SchemaParts.reference("conditions")
    case "wait": ["anyOf": [SchemaParts.reference("duration"), SchemaParts.reference("waitUntil")]]
    case "approve": ["anyOf": [SchemaParts.reference("text"), SchemaParts.reference("approval")]]
    case _: schema(ofModifier: key, in: kind)
    }
  }

  // MARK: What stands under a kind

  /// A map with these keys says how pages are read; any other is gone through.
  private static let arePages: Value = [
    "type": "object", "anyOf": [["required": ["call"]], ["required": ["items", "next"]]],
  ]

  private var items: Value {
    SchemaParts.conditional(
      Self.arePages, then: SchemaParts.reference("pages"),
      otherwise: SchemaParts.reference("collection"))
  }

  private var pages: Value {
    let mapping = PlaybookMapping.pages
    let expression: Value = [
      "type": "string", "pattern": .string(CommonDefinitions.wholeExpression),
      "patternErrorMessage": "an expression: ${{ answer.… }}",
    ]
    let properties = mapping.keys.map { key in
      let schema: Value =
        switch key {
        case "call": SchemaParts.reference("pageName")
        case "with": ["type": "object"]
        case "items", "next": expression
        case _: self.schema(ofStep: key, in: .wait)
        }
      return (key, Self.property(key, of: mapping, schema))
    }
    return SchemaParts.adding(
      ["allOf": [SchemaParts.reference("pageFields")]],
      to: SchemaParts.closed(properties, required: mapping.requiredKeys))
  }

  private var waitUntil: Value {
    let mapping = PlaybookMapping.wait
    let properties = mapping.keys.compactMap { key -> (String, Value)? in
      let schema: Value =
        switch key {
        case "until": SchemaParts.reference("condition")
        case "call": SchemaParts.reference("readName")
        case "every": SchemaParts.adding(["default": "1s"], to: SchemaParts.reference("duration"))
        case _: ["type": "object"]
        }
      return (key, Self.property(key, of: mapping, schema))
    }
    return SchemaParts.adding(
      ["allOf": [SchemaParts.reference("readFields")]],
      to: SchemaParts.closed(properties, required: mapping.requiredKeys))
  }

  private var assertion: Value {
    let mapping = PlaybookMapping.assertion
    return SchemaParts.closed(
      mapping.keys.map { key in
        let schema = SchemaParts.reference(key == "that" ? "condition" : "text")
        return (key, Self.property(key, of: mapping, schema))
      }, required: mapping.requiredKeys)
  }

  private var approval: Value {
    let mapping = PlaybookMapping.approve
    return SchemaParts.closed(
      mapping.keys.map { key in
        let schema =
          key == "fields" ? Self.named(by: "formField") : SchemaParts.reference("text")
        return (key, Self.property(key, of: mapping, schema))
      }, required: mapping.requiredKeys)
  }

  private var formField: Value {
    let mapping = PlaybookMapping.formField
    let types: [ValueType] = [.string, .integer, .number, .boolean, .secret]
    let word = SchemaParts.words(types.map { ($0.word, KeyMeanings.meaning(of: $0)) })
    let map = SchemaParts.closed(
      mapping.keys.map { key in
        let schema = key == "type" ? word : SchemaParts.reference("constant")
        return (key, Self.property(key, of: mapping, schema))
      }, required: mapping.requiredKeys)
    return ["anyOf": [word, map]]
  }
}
