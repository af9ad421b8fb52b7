import Expressions
import Operations
import OrderedCollections
import Playbooks
import Testing

/// How answers, as services write them, compare with what a call asks for.
@Suite struct StandingTests {
  private typealias Standing = Lookup.Standing

  /// How the answers of the lookup's read, in this order, compare with `call`.
  private static func standing(
    _ id: String, _ call: ValueMap, _ bodies: [String],
    _ ensurance: Ensurance = Ensurance(.present)
  ) throws -> Standing {
    let operation = try Embedded.operation(id)
    let lookup = try #require(operation.lookup)
    var search = LookupSearch(lookup, for: call)
    for body in bodies {
      guard search.read(try Embedded.read(lookup.operation, body).fields) else { break }
    }
    return search.standing(ensurance, of: operation)
  }

  /// The standing in a word, with what differs and the record's value of `name`.
  private static func summary(_ standing: Standing, _ name: String = "") -> String {
    func shown(_ record: ValueMap) -> String { record[name].map { " \($0.displayText)" } ?? "" }
    return switch standing {
    case .absent: "absent"
    case .same(let record): "same" + shown(record)
    case .different(let record, let differences):
      "different" + shown(record) + ": "
        + differences.map {
          "\($0.field) \($0.asked.displayText) → \($0.found.displayText)"
        }.joined(separator: ", ")
    case .several(let records): "several" + records.map(shown).joined()
    case .unreadable: "unreadable"
    }
  }

  @Test(arguments: [
    (#"[]"#, "absent"),
    (#"[{"deviceIdentifier":"d1","name":"a","status":"pending"}]"#, "same d1"),
    (#"{"items":[{"deviceId":"d1","name":"a"},{"deviceId":"d2","name":"b"}]}"#, "same d1"),
    (#"{"d1":{"name":"a"}}"#, "same d1"),
    (#"{"d1":{"status":"pending"}}"#, "unreadable"),
    (#"[{"id":"d1","name":"a"},{"id":"d2","name":"a"}]"#, "several d1 d2"),
    (#"[{"id":"d1","name":"b"},{"id":"d2"}]"#, "unreadable"),
  ])
  func `a device is found by its name`(body: String, expected: String) throws {
    let standing = try Self.standing(
      "device.request-unique-identifier", ["deviceName": "a"], [body])
    #expect(Self.summary(standing, "deviceIdentifier") == expected)
  }

  @Test(arguments: [
    (
      #"[{"id":"d1","name":"a","createdAt":"2026-01-02T00:00:00+00:00"},"#
        + #"{"id":"d2","name":"a","createdAt":"2026-01-01T23:00:00Z"}]"#, "same d1"
    ),
    (#"[{"id":"d1","name":"a"},{"id":"d2","name":"a"}]"#, "same d2"),
  ])
  func `the newest of several is the one that was created last`(
    body: String, expected: String
  ) throws {
    let standing = try Self.standing(
      "device.request-unique-identifier", ["deviceName": "a"], [body],
      Ensurance(.present, match: .newest))
    #expect(Self.summary(standing, "deviceIdentifier") == expected)
  }

  @Test(arguments: [
    ("approved", "same"), ("Active", "same"), ("pending", "different: status approved → pending"),
    ("", "unreadable"),
  ])
  func `a device is approved when its status says so`(status: String, expected: String) throws {
    let standing = try Self.standing(
      "device.approve-device", ["deviceIdentifier": "d1"],
      [#"[{"deviceIdentifier":"d1","status":"\#(status)"}]"#])
    #expect(Self.summary(standing) == expected)
  }

  @Test(arguments: [
    (#"{"publicKey":"\#(String(repeating: "AB", count: 100))"}"#, true),
    (#""\#(String(repeating: "ab", count: 100))""#, true),
    (#"{"public_key":"\#(String(repeating: "ac", count: 100))"}"#, false),
  ])
  func `keys are the same in either case`(body: String, isSame: Bool) throws {
    let key = Value.string(String(repeating: "ab", count: 100))
    let standing = try Self.standing(
      "public-key.register-public-key", ["publicKey": key], [body])
    let found = Value.string(String(repeating: "ac", count: 100))
    let expected: Standing =
      isSame
      ? standing
      : .different(
        ["publicKey": found], [Lookup.Difference(field: "publicKey", asked: key, found: found)])
    #expect(standing == expected)
    #expect(Self.summary(standing).hasPrefix("same") == isSame)
  }

  @Test(arguments: [
    (#"{"timeLimit":"60","strategy":"consensus","deviceIdentifiers":["b","a"]}"#, "same"),
    (#"{"time_limit":60.0}"#, "same"),
    (
      #"{"timeLimit":30,"strategy":"unanimous"}"#,
      "different: timeLimit 60 → 30, strategy consensus → unanimous"
    ),
    (
      #"{"deviceIdentifiers":["a"],"percentageRequired":null}"#,
      #"different: deviceIdentifiers ["a","b"] → ["a"]"#
    ),
    (#"{"deviceIdentifiers":[{"name":"a"}]}"#, "same"),
  ])
  func `settings of a voting configuration are compared where they show`(
    fields: String, expected: String
  ) throws {
    let call: ValueMap = [
      "name": "v", "timeLimit": 60, "strategy": "consensus", "percentageRequired": 51,
      "deviceIdentifiers": ["a", "b"],
    ]
    let body = #"[{"id":"1","name":"v",\#(fields.dropFirst())]"#
    let registered = try Self.standing(
      "verified-authenticator.register-voting-configuration", call, [body])
    #expect(Self.summary(registered) == expected)
    let updated = try Self.standing(
      "verified-authenticator.update-voting-configuration", call, [body])
    #expect(Self.summary(updated) == (fields.contains("name") ? "unreadable" : expected))
  }

  @Test(arguments: [
    (#"{"strategy":"minimum_percentage","strategyParams":66}"#, "same"),
    (#"{"strategy":"minimum_percentage","strategy_params":{"percentage":"66"}}"#, "same"),
    (#"{"strategy":"minimum_percentage","strategyParams":[66]}"#, "same"),
    (#"{"strategy":"minimum_percentage"}"#, "same"),
    (
      #"{"strategy":"minimum_percentage","strategyParams":51}"#,
      "different: strategy_params 66 → 51"
    ),
    (#"["unanimous","consensus"]"#, "unreadable"),
  ])
  func `settings of the profile are compared where they show`(
    body: String, expected: String
  ) throws {
    let standing = try Self.standing(
      "verified-authenticator.set-quorum-strategy",
      ["strategy": "minimum_percentage", "strategy_params": 66], [body])
    #expect(Self.summary(standing) == expected)
  }

  private static let first = "01914f3a-5d21-7a10-8f4b-6c1de09a2b01"
  private static let other = "01914f3a-5d22-7b3e-a1c5-0f7e4d9b3c02"

  @Test(arguments: [
    ("\"votingConfigurationId\":\"\(first)\"", "same"),
    ("\"configurationId\":\"\(other)\"", "different: configurationId \(first) → \(other)"),
    ("\"configurationId\":\"by-name\"", "same"),
    ("\"applyingEventIds\":[\"\(other)\",\"\(first)\"]", "same"),
    ("\"applyingEventIds\":[\"data_token.data_exchanged\"]", "same"),
    ("\"configuration\":{\"label\":\"l\",\"more\":1}", "same"),
    (
      "\"configuration\":{\"label\":\"m\"}",
      #"different: configuration {"label":"l"} → {"label":"m"}"#
    ),
    ("\"configuration\":[]", #"different: configuration {"label":"l"} → []"#),
  ])
  func `what refers to something is compared when it is given as it shows`(
    fields: String, expected: String
  ) throws {
    let call: ValueMap = [
      "name": "p", "applyingEventIds": [.string(Self.first), .string(Self.other)],
      "configuration": ["label": "l"], "configurationId": .string(Self.first),
    ]
    let standing = try Self.standing(
      "policy.register-policy", call, [#"{"id":"7","name":"p",\#(fields)}"#])
    #expect(Self.summary(standing) == expected)
  }

  @Test(arguments: [
    [#"[{"token":"a","context":"c","fileName":"f"}]"#, "[]"],
    [
      #"[{"token":"b","context":"c","file":{"fileName":"g"}}]"#,
      #"[{"token":"a","context":"c","meta":{"file":{"fileName":"f"}}}]"#, "[]",
    ],
  ])
  func `stored data is found by context and name on any page`(bodies: [String]) throws {
    let standing = try Self.standing(
      "data-token.reserve-token-space", ["context": "c", "fileName": "f"], bodies)
    #expect(Self.summary(standing, "token") == "same a")
  }

  @Test(arguments: [
    (#"{"fileName":"f"}"#, "same"), (#"{"file":{"fileName":"g"}}"#, "different: fileName f → g"),
    (#"{"file":{}}"#, "unreadable"), (#"{"fileName":""}"#, "unreadable"),
  ])
  func `metadata that does not show may not be set yet`(fields: String, expected: String) throws {
    let standing = try Self.standing(
      "data-token.configure-file-meta", ["token": "a", "fileName": "f", "path": "/"],
      [#"[{"token":"a",\#(fields.dropFirst())]"#, "[]"])
    #expect(Self.summary(standing) == expected)
  }

  @Test func `data of the same context that has no name yet is other data`() throws {
    func summary(_ body: String) throws -> String {
      Self.summary(
        try Self.standing(
          "data-token.reserve-token-space", ["context": "c", "fileName": "f"], [body, "[]"]))
    }
    #expect(try summary(#"[{"token":"a","context":"c"}]"#) == "absent")
    #expect(try summary(#"[{"token":"a","context":"d"}]"#) == "absent")
  }

  @Test func `pages that repeat end, and their records count once`() throws {
    let operation = try Embedded.operation("data-token.configure-file-meta")
    let lookup = try #require(operation.lookup)
    let page = try Embedded.read(lookup.operation, #"[{"token":"a","size":"7"}]"#).fields
    var search = LookupSearch(lookup, for: ["token": "a", "size": 7])
    #expect(search.nextFields(adding: [:]) == ["page": 1])
    let turns = [search.read(page), search.read(page)]
    #expect(turns == [true, false])
    #expect(search.nextFields(adding: ["perPage": 5]) == ["perPage": 5, "page": 2])
    #expect(Self.summary(search.standing(Ensurance(.present), of: operation)) == "same")
  }

  @Test func `secrets are compared and never shown`() throws {
    let fields: OrderedDictionary<String, String> = ["size": "quorumSize"]
    let operation = try Embedded.operation("verified-authenticator.set-quorum-size")
    let lookup = Lookup(
      operation: "read", list: nil, identity: [:],
      comparison: Lookup.Comparison(fields: fields))
    for (found, isSame) in [(Value.secret(text: "2"), true), ("3", false)] {
      var search = LookupSearch(lookup, for: ["size": .secret(Secret(2 as Value))])
      _ = search.read(["quorumSize": found])
      let summary = Self.summary(search.standing(Ensurance(.present), of: operation))
      #expect(summary == (isSame ? "same" : "different: size ••• → •••"))
    }
  }

  @Test func `what is to be absent is not compared`() throws {
    let body = #"[{"id":"1","name":"v","timeLimit":30}]"#
    let call: ValueMap = ["name": "v", "timeLimit": 60]
    let standing = try Self.standing(
      "verified-authenticator.register-voting-configuration", call, [body], Ensurance(.absent))
    #expect(Self.summary(standing) == "same")
  }

  @Test(arguments: [
    ("public-key.register-public-key", 403, true), ("public-key.register-public-key", 404, true),
    ("public-key.register-public-key", 422, false), ("profile.register-new-profile", 401, true),
    ("device.request-unique-identifier", 404, false), ("policy.register-policy", 404, true),
    ("policy.register-policy", 401, false),
  ])
  func `a refusal of the read may say that there is nothing`(
    id: String, status: Int, isAbsence: Bool
  ) throws {
    let lookup = try #require(try Embedded.operation(id).lookup)
    let read = try Embedded.operation(lookup.operation)
    #expect(lookup.isAbsence(status: status, of: read, hasFoundAPI: true) == isAbsence)
    let alone = lookup.isAbsence(status: status, of: read, hasFoundAPI: false)
    #expect(alone == (isAbsence && status == 401))
  }

  @Test func `a result has the names of the answer and what the read gives`() throws {
    let operation = try Embedded.operation("device.request-unique-identifier")
    let lookup = try #require(operation.lookup)
    let record: ValueMap = ["deviceIdentifier": "d1", "name": "a", "status": "approved"]
    #expect(
      lookup.ensuredResult(of: operation, record: record)
        == ["commandId": .null, "deviceIdentifier": "d1", "status": "approved"])
    #expect(
      lookup.ensuredResult(of: operation, answer: ["commandId": "c"])
        == ["commandId": "c", "deviceIdentifier": .null, "status": .null])
  }

  @Test func `what corrects is called with the record's id and the call's fields`() throws {
    let operation = try Embedded.operation("verified-authenticator.register-voting-configuration")
    guard case .other(let remedy)? = operation.lookup?.remedies.correction else {
      Issue.record("nothing corrects it")
      return
    }
    let correcting = try Embedded.operation(remedy.operation)
    let call: ValueMap = [
      "name": "v", "timeLimit": 60, "strategy": "consensus", "deviceIdentifiers": [],
    ]
    var expected = call
    expected["id"] = "1"
    #expect(remedy.arguments(of: correcting, on: ["id": "1"], keeping: call) == expected)
    #expect(remedy.arguments(of: correcting, on: [:], keeping: ["name": "v"]) == nil)
  }

  @Test func `a described file is found by the token that it was given`() throws {
    let lookup = try #require(try Embedded.operation("data-token.configure-file-meta").lookup)
    let call: ValueMap = ["token": "reserved", "path": "/"]
    #expect(
      lookup.arguments(call, after: ["token": "permanent"]) == ["token": "permanent", "path": "/"])
    #expect(lookup.arguments(call, after: ["token": .null]) == call)
  }
}
