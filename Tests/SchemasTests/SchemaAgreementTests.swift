import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks
import Schemas
import Testing

/// The schema accepts a playbook if and only if `privirun check` does, wherever no expression, reference or
/// other file decides.
struct SchemaAgreementTests {
  private static let validator = Result {
    SchemaValidator(try SchemaFiles.schema(.playbook).value)
  }
  /// An expression whose type is known only at run time.
  private static let dynamic: Value = "${{ inputs.any.value }}"
  private static let literals: [Value] = [
    "text", "", "${{ inputs.any.value }}", 7, 1.5, true, [], ["a"], [1], [:], ["a": "b"], nil,
  ]

  /// What the two say of a playbook, where they differ.
  private static func difference(_ playbook: Value) throws -> String? {
    let text = JSON.text(playbook)
    let complaints = try validator.get().complaints(about: SchemaFiles.document(ofText: text))
    let errors = try SchemaFiles.errors(inPlaybook: text)
    guard complaints.isEmpty != errors.isEmpty else { return nil }
    return "\(text)\n  schema: \(complaints)\n  check: \(errors.map(\.message))"
  }

  private static func difference(inSteps steps: Value...) throws -> String? {
    try difference([
      "playbook": 1, "inputs": ["any": ["type": "map"]],
      "session": ["username": "a", "password": "b"], "steps": .list(steps),
    ])
  }

  private static func step(_ entries: [(String, Value)]) -> Value {
    var map = ValueMap()
    for (key, value) in entries { map[key] = value }
    return .map(map)
  }

  // MARK: Calls

  private struct Callable {
    let id: String
    let fields: OrderedDictionary<String, Field>
    let eitherOf: [String]?
    let anyOf: [String]?

    /// The fields that a call must give.
    var required: [String] {
      let own = fields.filter { $0.value.isRequired && eitherOf?.contains($0.key) != true }
      return own.map(\.key) + (eitherOf ?? anyOf ?? []).prefix(1)
    }
  }

  private static func callables() throws -> [Callable] {
    try SchemaFiles.api().operations.values.map {
      Callable(id: $0.id, fields: $0.fields, eitherOf: $0.eitherOf, anyOf: nil)
    }
      + LocalAction.allCases.map {
        Callable(id: $0.rawValue, fields: $0.fields, eitherOf: $0.eitherOf, anyOf: $0.anyOf)
      }
  }

  private static func call(
    _ id: String, _ fields: [(String, Value)], _ others: [(String, Value)] = []
  ) -> Value {
    step([("call", .string(id)), ("with", step(fields))] + others)
  }

  @Test func `a call must give the fields that are required, and no others`() throws {
    var found: [String] = []
    for callable in try Self.callables() {
      let given = callable.required.map { ($0, Self.dynamic) }
      let all = callable.fields.keys.map { ($0, Self.dynamic) }
      let others: [[(String, Value)]] =
        [given, [], all, given + [("noSuchField", "x")]]
        + given.map { one in given.filter { $0.0 != one.0 } }
      for fields in others {
        found += [try Self.difference(inSteps: Self.call(callable.id, fields))].compactMap(\.self)
      }
      let alone = Self.step([("call", .string(callable.id))])
      found += [try Self.difference(inSteps: alone)].compactMap(\.self)
    }
    #expect(found == [])
  }

  @Test func `a field takes the literals of its type`() throws {
    var found: [String] = []
    for callable in try Self.callables() {
      for (name, field) in callable.fields {
        let others = callable.required.filter {
          $0 != name && callable.eitherOf?.contains(name) != true
        }
        for literal in Self.literals + field.schema.allowed.prefix(1) {
          let fields = others.map { ($0, Self.dynamic) } + [(name, literal)]
          found += [try Self.difference(inSteps: Self.call(callable.id, fields))].compactMap(\.self)
        }
      }
    }
    #expect(found == [])
  }

  @Test func `an ensured call says what the API can ensure of it`() throws {
    var found: [String] = []
    let states = Ensurance.State.allCases.map { Value.string($0.rawValue) }
    let drifts = Ensurance.OnDrift.allCases.map { Value.string($0.rawValue) }
    for callable in try Self.callables() {
      let all = callable.fields.keys.filter { callable.eitherOf?.dropFirst().contains($0) != true }
        .map { ($0, Self.dynamic) }
      let required = callable.required.map { ($0, Self.dynamic) }
      var steps = states.flatMap { state in
        [all, required].map { Self.call(callable.id, $0, [("ensure", state)]) }
          + drifts.map { Self.call(callable.id, all, [("ensure", state), ("on-drift", $0)]) }
      }
      steps += drifts.prefix(1).map { Self.call(callable.id, all, [("on-drift", $0)]) }
      steps.append(Self.call(callable.id, all, [("match", "newest")]))
      found += try steps.compactMap { try Self.difference(inSteps: $0) }
    }
    #expect(found == [])
  }

  // MARK: Steps

  private static let pages: Value = [
    "call": "data-token.list-data-tokens", "with": ["page": "${{ next }}"],
    "items": "${{ answer.tokens }}", "next": "${{ null }}",
  ]

  private static let kinds: [(StepKind, [(String, Value)])] = [
    (.call, [("call", "utility.check-server-health")]),
    (.play, [("play", "other.yaml")]),
    (.forEach, [("for-each", ["a"]), ("steps", [["wait": "1s"]])]),
    (.forEach, [("for-each", pages), ("steps", [["wait": "1s"]])]),
    (.parallel, [("parallel", ["left": [["wait": "1s"]]])]),
    (.assert, [("assert", "1 < 2")]),
    (.wait, [("wait", "1s")]),
    (.wait, [("wait", ["until": "true", "call": "utility.check-server-health"])]),
    (.wait, [("wait", ["until": "true", "call": "storage.list-storage-devices"])]),
    (.call, [("call", "storage.list-storage-devices")]),
    (.approve, [("approve", "Shall it be?")]),
    (.block, [("steps", [["wait": "1s"]])]),
    (.call, [("call", "file.read"), ("with", ["file": "a.txt"])]),
    (.call, [("call", "public-key.register-public-key"), ("with", ["publicKey": "ab"])]),
  ]

  private static let samples: [String: [Value]] = [
    "call": ["utility.check-server-health", "no.such"], "with": [[:], "a"],
    "play": ["other.yaml", ""],
    "for-each": [
      pages, ["call": "x"], ["items": "a", "next": "b"], ["a"], ["a": "b"], "a", "${{ ['a'] }}",
      "${{ 'a' }}b", 5,
    ],
    "as": ["name", "a-b", "inputs", 5], "key": ["name"], "index": ["number", "if"],
    "label": ["a", 5, [], nil], "until": ["true", true, nil, []],
    "concurrency": [2, 0, 1001, "2", "${{ 2 }}", 1.5], "on-failure": ["stop", "never", "continue"],
    "steps": [[["wait": "1s"]], [], "a"],
    "parallel": [["left": [["wait": "1s"]]], [:], ["a-b": [["wait": "1s"]]]],
    "assert": [
      "1 < 2", [["that": "true"]], ["that": "true", "message": "a"], ["message": "a"], [],
    ],
    "wait": ["1s", "1 s", 5, "${{ '1s' }}", ["until": "true"], ["call": "no.such"]],
    "approve": ["a", 5, ["message": "a", "fields": ["b": "string"]], ["fields": [:]], []],
    "id": ["a", "a-b", "1", "true", "${{ 'a' }}", 5], "name": ["a", 5, "", "a ${{ run.id }}"],
    "let": [["a": 1], ["a-b": 1], [], ["steps": 1]], "when": ["true", true, nil, [], 5],
    "timeout": ["1m", 5, "x", "${{ '1m' }}", "1h1w", nil],
    "retry": [
      ["attempts": 3], [:], ["attempts": 0], ["attempts": "${{ 3 }}"], ["attempts": 101],
      ["attempts": 2, "backoff": "1s", "max-backoff": "2s"], ["attempts": 2, "pause": "1s"],
      ["attempts": 2, "on": ["network"]], ["attempts": 2, "on": ["rejected"]],
      ["attempts": 2, "on": []],
      ["attempts": 2, "on": ["rejected()"]], ["attempts": 2, "on": [503]], "twice",
    ],
    "session": [
      "default", "none", "other", ["username": "a", "password": "b"], ["username": "a"],
    ],
    "in-doubt": ["ask", "never"], "ensure": ["present", "yes"], "on-drift": ["fail"],
    "match": ["only"], "tolerate": [["a.b"], [], "a.b", ["network"], ["rejected(a)"], [5]],
    "expect": ["true", ["that": "true"], []],
    "rescue": [[["wait": "1s"]], []], "always": [[["wait": "1s"]], [5]],
    "undo": [[["wait": "1s"]], [[:]], "automatic", 5],
  ]

  @Test func `a step has the keys that go with its kind`() throws {
    var found: [String] = []
    #expect(Set(Self.samples.keys) == Set(StepKind.allKeys))
    for (_, entries) in Self.kinds {
      for (key, values) in Self.samples {
        for value in values {
          let others = entries.filter { $0.0 != key }
          found += [try Self.difference(inSteps: Self.step(others + [(key, value)]))]
            .compactMap(\.self)
        }
      }
    }
    #expect(found == [])
  }

  @Test func `pages have their own keys`() throws {
    var found: [String] = []
    guard case .map(let whole) = Self.pages else { return }
    let others: [String: [Value]] = [
      "call": [
        "storage.list-storage-devices", "device.remove-device", "file.read", "profile.authenticate",
        nil,
      ],
      "with": [["page": 2], ["pages": 2], nil],
      "items": ["answer.tokens", "${{ answer.tokens }}a", nil],
      "next": ["${{ answer.tokens[?0] }}", 5, nil], "timeout": ["1m", 5],
      "retry": [["attempts": 3], ["attempts": 3, "on": ["rejected"]]], "expect": ["true", []],
      "ensure": ["present"], "when": ["true"],
    ]
    for (key, values) in others {
      for value in values {
        var entries = ValueMap()
        for name in whole.names where name != key { entries[name] = whole[name] }
        if value != .null { entries[key] = value }
        let step = Self.step([("for-each", .map(entries)), ("steps", [["wait": "1s"]])])
        found += [try Self.difference(inSteps: step)].compactMap(\.self)
      }
    }
    #expect(found == [])
  }

  // MARK: Inputs

  private static let declared: [String: [Value]] = [
    "type": ["string", "text"],
    "of": ["string", "record", ["type": "integer"], ["type": "record"], 5],
    "fields": [
      ["a": ["type": "string"]], [:], ["a": "string"], ["a": "list"], ["a": "record"],
      ["a": "text"], ["a": 5],
    ], "summary": ["a", "", 5],
    "default": literals.filter { $0 != "${{ inputs.any.value }}" } + [
      "${{ 1 }}", [true],
    ],
    "pattern": ["[a-z]+", 5], "enum": [["a", "b"], [1], [1.5], [], ["a", "a"], [true]],
    "new": [true, "yes"],
  ]

  @Test func `an input has the keys that go with its type, and a default of it`() throws {
    var found: [String] = []
    #expect(Set(Self.declared.keys) == Set(PlaybookMapping.input.keys))
    let fields: Value = ["a": ["type": "string", "default": "b"]]
    for type in ValueType.declarable {
      let own: [(String, Value)] = [("type", .string(type.word))]
      let needed = own + (type.word == "record" ? [("fields", fields)] : [])
      for (key, values) in Self.declared where key != "type" {
        for value in values {
          let entries = needed.filter { $0.0 != key } + [(key, value)]
          let playbook: Value = [
            "playbook": 1, "inputs": ["a": Self.step(entries)], "steps": [["wait": "1s"]],
          ]
          found += [try Self.difference(playbook)].compactMap(\.self)
        }
      }
    }
    #expect(found == [])
  }

  @Test(
    arguments: [
      ["name": "a"], ["name": 5], ["name": "${{ 1 }}"], ["summary": ""], ["labels": ["a b": "c"]],
      ["labels": ["a.b": 5]], ["labels": ["a": []]], ["inputs": ["a-b": ["type": "string"]]],
      ["let": ["inputs": 1]], ["session": ["username": "a"]], ["session": "none"],
      ["session": ["access-token": "a", "revoke": true]],
      ["session": ["access-token": "a", "username": "b"]],
      ["session": ["access-token": "a", "expires-at": "2026-05-01T12:00:00Z"]],
      ["session": ["access-token": "a", "expires-at": "tomorrow"]],
      ["session": ["username": "a", "password": "b", "revoke": "yes"]],
      ["outputs": ["a": 1]], ["outputs": ["a-b": 1]], ["outputs": []], ["playbook": 2],
      ["playbook": "1"], ["steps": []], ["step": []],
    ] as [Value])
  func `the top of a file has its keys`(entries: Value) throws {
    guard case .map(let entries) = entries else { return }
    var playbook = ValueMap()
    playbook["playbook"] = 1
    playbook["steps"] = [["wait": "1s"]]
    for name in entries.names { playbook[name] = entries[name] }
    #expect(try Self.difference(.map(playbook)) == nil)
  }
}
