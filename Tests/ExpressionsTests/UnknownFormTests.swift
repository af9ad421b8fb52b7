import Diagnostics
import Expressions
import OrderedCollections
import Testing

/// Unknown values in templates, texts and JSON.
@Suite struct UnknownFormTests {
  private static let id = Value.unknown(Unknown("a.id"))
  private static let both = Value.unknown(Unknown("a.id").union(Unknown("b.name")))

  private static func template(_ text: String) throws -> Template {
    try Template.parse(text, literal: .string(text), locate: location)
  }

  private static func location(_ offset: Int) -> Diagnostics.SourceLocation {
    SourceLocation(file: "a.yaml", line: 1, column: 1 + offset)
  }

  @Test(
    arguments: [
      ("plain", "plain", "plain"), ("${{ n }}", 3, "3"), ("n is ${{ n }}", "n is 3", "n is 3"),
      ("${{ id }}", id, "(known after apply)"), ("${{ id + 1 }}", id, "(known after apply)"),
      ("to ${{ id }}!", id, "to (known after apply)!"),
      ("${{ id }} ${{ n }}", id, "(known after apply) 3"),
      ("${{ id }}${{ name }}", both, "(known after apply)(known after apply)"),
      ("is ${{ list }}", id, "is (known after apply)"),
      ("${{ list }}", [1, id], "[1,(known after apply)]"),
      (
        "${{ [id, name] }}", [id, .unknown(Unknown("b.name"))],
        "[(known after apply),(known after apply)]"
      ),
      ("${{ hidden }}", id, "(known after apply)"),
      ("${{ secret }}/${{ id }}", id, "•••/(known after apply)"),
      ("${{ false && id }}", false, "false"),
    ] as [(String, Value, String)])
  func `a text with an unknown part is unknown as a whole`(
    _ text: String, _ value: Value, _ shown: String
  ) throws {
    let template = try Self.template(text)
    #expect(try template.evaluateAllowingUnknown(with: UnknownTests.bindings.short) == value)
    #expect(try template.shownText(with: UnknownTests.bindings.short) == shown)
    guard let unknown = value.unknown else {
      #expect(try template.evaluate(with: UnknownTests.bindings.short) == value)
      return
    }
    let error = try #require(throws: EvaluationError.self) {
      try template.evaluate(with: UnknownTests.bindings.short)
    }
    #expect(error.unknown == unknown)
  }

  @Test func `lists and maps are evaluated one by one`() throws {
    let fields: OrderedDictionary<String, Template> = [
      "name": try Self.template("x"), "id": try Self.template("${{ id }}"),
      "text": try Self.template("is ${{ id }} ${{ name }}"),
      "list": .list(
        [try Self.template("${{ id }}"), try Self.template("${{ n }}")], Self.location(0)),
    ]
    let template = Template.map(fields, Self.location(0))
    #expect(
      try template.evaluateAllowingUnknown(with: UnknownTests.bindings.short)
        == ["name": "x", "id": Self.id, "text": Self.both, "list": [Self.id, 3]])
    let error = try #require(throws: EvaluationError.self) {
      try template.evaluate(with: UnknownTests.bindings.short)
    }
    #expect(error.unknown == Self.both.unknown)
  }

  @Test(arguments: ["${{ 1 / 0 }}", "${{ id }}${{ 1 / 0 }}", "${{ id + missing }}"])
  func `an error is no unknown value`(_ text: String) throws {
    let list = Template.list(
      [try Self.template("${{ id }}"), try Self.template(text)], Self.location(0))
    let bindings = UnknownTests.bindings.short
    for template in [try Self.template(text), list] {
      let errors = [
        #expect(throws: EvaluationError.self) { try template.evaluate(with: bindings) },
        #expect(throws: EvaluationError.self) {
          try template.evaluateAllowingUnknown(with: bindings)
        },
        #expect(throws: EvaluationError.self) { try template.shownText(with: bindings) },
      ]
      #expect(errors.map { $0?.unknown } == [nil, nil, nil])
    }
  }

  @Test(
    arguments: [
      (id, #"{"$unknown":["a.id"]}"#, "(known after apply)"),
      (both, #"{"$unknown":["a.id","b.name"]}"#, "(known after apply)"),
      (
        ["a": id, "b": 1], #"{"a":{"$unknown":["a.id"]},"b":1}"#,
        #"{"a":(known after apply),"b":1}"#
      ),
      (.secret(Secret(id)), #"{"$unknown":["a.id"]}"#, "(known after apply)"),
      (.secret(Secret([id])), #""•••""#, "•••"),
    ] as [(Value, String, String)])
  func `JSON marks what is unknown and people read words`(
    _ value: Value, _ json: String, _ shown: String
  ) {
    #expect(JSON.text(value) == json)
    #expect(value.displayText == shown)
  }

  @Test func `what is unknown is neither text nor secret`() {
    let value = Self.id
    #expect(value.plainText == nil)
    #expect(value.text == nil)
    #expect(value.hidden == value)
    #expect(!value.hidden.holdsSecret)
    #expect(value.revealed == value)
    #expect(StaticType(of: value) == .dyn)
    #expect(Value.secret(Secret(value)).unknown == Unknown("a.id"))
    #expect(Value.secret(Secret([value])).unknownParts == Unknown("a.id"))
    #expect(([value, 1] as Value).unknownParts == Unknown("a.id"))
    #expect(([1] as Value).unknownParts == nil)
  }

  @Test(
    arguments: [
      ("n == 2 && id", "`n` is 3"),
      ("s == id || no", "`s` is \"x\", `id` is (known after apply), `no` is false"),
      ("list == [2, 3]", "`list` is [1,(known after apply)]"),
      ("secret == 'x'", "`secret` is •••"),
      ("[secret, id] == ['x']", "`[secret, id]` is •••"),
    ] as [(String, String?)])
  func `a false condition shows what is unknown`(_ condition: String, _ expected: String?) throws {
    let template = try Self.template("${{ \(condition) }}")
    #expect(template.comparedValues(with: UnknownTests.bindings.short) == expected)
  }
}

extension Bindings {
  /// With a shorter list.
  fileprivate var short: Bindings {
    adding("list", [1, .unknown(Unknown("a.id"))])
  }
}
