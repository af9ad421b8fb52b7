import Diagnostics
import Expressions
import OrderedCollections
import Playbooks
import Testing

struct GoodPlaybookTests {
  typealias Place = Diagnostics.SourceLocation

  @Test func `a playbook with every word of the language is read whole`() throws {
    let playbook = try Playbook(parsing: Fixtures.bytes("good.yaml"), file: "good.yaml")
    let expected = Playbook(
      name: "everything", summary: "Every word of the language once", inputs: Self.inputs,
      session: Credentials(
        .profile(
          username: try Self.expression("inputs.username", at(17, 17)),
          password: .literal(.secret(text: "in-clear"), at(18, 13, 8))), location: at(17, 3, 8)),
      steps: [try Self.profile, try Self.loop, try Self.parallel, try Self.block],
      outputs: [
        "token": OutputDeclaration(
          value: try Self.expression("steps.profile.token", at(60, 14)), location: at(60, 3, 5)),
        "fixed": OutputDeclaration(value: .literal(12, at(61, 10, 2)), location: at(61, 3, 5)),
      ], location: at(2, 1, 8))
    #expect(playbook.inputs == expected.inputs)
    #expect(playbook.steps == expected.steps)
    #expect(playbook == expected)
  }

  @Test func `the session of an application is read whole`() throws {
    let text = """
      playbook: 1
      session: { revoke: true, access-token: in-clear, refresh-token: "${{ 'r' }}" }
      steps:
        - call: a.b
          session: { access-token: t, expires-at: 2026-05-01T12:00:00Z, revoke: false }
      """
    let playbook = try Playbook(parsing: Array(text.utf8), file: "good.yaml")
    #expect(
      playbook.session
        == Credentials(
          .application(
            accessToken: .literal(.secret(text: "in-clear"), at(2, 40, 8)),
            refreshToken: try Self.expression("'r'", at(2, 70)), expiresAt: nil),
          isRevoked: true, location: at(2, 10)))
    #expect(
      playbook.steps.first?.modifiers.session
        == .own(
          Credentials(
            .application(
              accessToken: .literal(.secret(text: "t"), at(5, 30)), refreshToken: nil,
              expiresAt: .literal("2026-05-01T12:00:00Z", at(5, 45, 20))),
            location: at(5, 14))))
  }

  @Test func `a field of a record can be written as its type alone`() throws {
    func fields(_ text: String) throws -> [String: ValueSchema] {
      let playbook = try Playbook(
        parsing: Array("playbook: 1\ninputs:\n  a: \(text)\nsteps: [ { wait: 1s } ]\n".utf8),
        file: "good.yaml")
      guard case .record(let fields)? = playbook.inputs["a"]?.type else { return [:] }
      return Dictionary(uniqueKeysWithValues: fields.map { ($0.key, $0.value.schema) })
    }
    let short = try fields("{ type: record, fields: { name: string, pin: secret, tags: list } }")
    #expect(short.keys.sorted() == ["name", "pin", "tags"])
    #expect(
      try fields(
        "{ type: record, fields: { name: { type: string }, pin: { type: secret }, tags: { type: list } } }"
      ) == short)
  }

  @Test func `the pages of a loop are read whole`() throws {
    let text = """
      playbook: 1
      steps:
        - for-each:
            call: a.list
            with: { page: "${{ next }}" }
            items: ${{ answer.items }}
            next: ${{ answer.next }}
            timeout: 5s
          steps: [{ wait: 1s }]
      """
    let playbook = try Playbook(parsing: Array(text.utf8), file: "good.yaml")
    guard case .forEach(let loop)? = playbook.steps.first?.kind else {
      Issue.record("no loop was read")
      return
    }
    let call = Call(
      operation: Located("a.list", at: at(4, 13, 6)),
      arguments: [
        "page": Argument(
          value: try Self.expression("next", at(5, 26)), location: at(5, 15, 4))
      ])
    let read = Step(
      kind: .call(call),
      modifiers: Modifiers(timeout: Located(.constant(.seconds(5)), at: at(8, 16, 2))),
      location: at(4, 13, 6))
    #expect(
      loop.items
        == .pages(
          Pages(
            read: read, items: try Self.expression("answer.items", at(6, 18)),
            next: try Self.expression("answer.next", at(7, 17)))))
  }

  @Test func `a playbook without a name is called after its file`() throws {
    let text = "playbook: 1\nsteps: [ { wait: 1s } ]\n"
    let playbook = try Playbook(parsing: Array(text.utf8), file: "lib/enroll.device.yaml")
    #expect(playbook.name == "enroll.device")
  }

  // MARK: The expected parts

  private static let inputs: OrderedDictionary<String, InputDeclaration> = [
    "username": InputDeclaration(
      ValueSchema(.string, pattern: "[a-z]+@[a-z.]+"), summary: "Login name",
      defaultValue: "a@b.c", location: at(7, 3, 8)),
    "password": InputDeclaration(ValueSchema(.secret), location: at(8, 3, 8)),
    "count": InputDeclaration(
      ValueSchema(.integer, allowed: [1, 2]), defaultValue: 2, location: at(9, 3, 5)),
    "ratio": InputDeclaration(ValueSchema(.number), defaultValue: 1.0, location: at(10, 3, 5)),
    "dry": InputDeclaration(ValueSchema(.boolean), defaultValue: false, location: at(11, 3, 3)),
    "stores": InputDeclaration(
      ValueSchema(.list(of: .string)), defaultValue: ["vault-a", "vault-b"],
      location: at(12, 3, 6)),
    "limits": InputDeclaration(
      ValueSchema(.map(of: .list(of: .number))), defaultValue: ["a": [1.0, 2.5]],
      location: at(13, 3, 6)),
    "document": InputDeclaration(
      ValueSchema(.file), defaultValue: "./samples/contract.txt", location: at(14, 3, 8)),
  ]

  private static var profile: Step {
    get throws {
      let arguments: OrderedDictionary<String, Argument> = [
        "username": Argument(
          value: .text(
            [.literal("u-"), .expression(try parsed("inputs.username", at(24, 30)))],
            at(24, 23, 26)),
          location: at(24, 13, 8)),
        "list": Argument(
          value: .list(
            [.literal(1, at(24, 58)), try expression("2", at(24, 66))], at(24, 57)),
          location: at(24, 51, 4)),
        "map": Argument(
          value: .map(
            ["a": .literal(nil, at(24, 84)), "b": .literal("x", at(24, 90, 3))], at(24, 79)),
          location: at(24, 74, 3)),
      ]
      var modifiers = Modifiers(session: .none)
      modifiers.when = try expression("inputs.dry == false", at(26, 11))
      modifiers.timeout = Located(.constant(.seconds(120)), at: at(27, 14, 2))
      modifiers.retry = Retry(
        attempts: .constant(3), backoff: .constant(.seconds(60)), on: [.network, .serverError],
        refusals: [Located("a.b", at: at(28, 68, 13))], location: at(28, 12))
      modifiers.expect = [
        Assertion(condition: try expression("answer.ok", at(30, 9)), location: at(30, 9, 9)),
        Assertion(
          condition: try expression("answer.count > 0", at(31, 22)),
          message: .text(
            [.literal("none of "), .expression(try parsed("inputs.count", at(31, 66)))],
            at(31, 53, 29)),
          location: at(31, 9)),
      ]
      return Step(
        id: "profile", name: .literal("Register ${not an expression}", at(22, 11, 29)),
        kind: .call(
          Call(
            operation: Located("profile.register", at: at(23, 11, 16)), arguments: arguments)),
        modifiers: modifiers, location: at(21, 5, 2))
    }
  }

  private static var loop: Step {
    get throws {
      let play = Step(
        kind: .play(
          Play(
            path: Located("lib/enroll.yaml", at: at(36, 15, 15)),
            arguments: [
              "name": Argument(
                value: try expression("store", at(37, 28)), location: at(37, 17, 4))
            ])),
        location: at(36, 9, 4))
      return Step(
        kind: .forEach(
          ForEach(
            items: .value(try expression("inputs.stores", at(32, 19))),
            variable: Located("store", at: at(33, 9, 5)), concurrency: .constant(3), steps: [play])),
        location: at(32, 5, 8))
    }
  }

  private static var parallel: Step {
    get throws {
      let source = "answer.status ==\n  'decided'"
      let node = try YAMLNode(
        parsing: Fixtures.bytes("good.yaml"), file: "good.yaml")
      let until = try #require(
        node["steps"]?.elements?[2]["parallel"]?["right"]?.elements?[0]["wait"]?["until"])
      let condition = try Template.parse("${{ \(source)\n\n}}", literal: nil) {
        until.location(ofScalarOffset: $0 - 4)
      }
      let left = Step(
        kind: .wait(.duration(Located(.constant(.seconds(5400)), at: at(39, 22, 5)))),
        location: at(39, 14))
      let right = Step(
        kind: .wait(
          .until(
            condition: condition,
            read: Call(
              operation: Located("voting.find", at: at(45, 19, 11)),
              arguments: ["id": Argument(value: .literal(7, at(46, 25)), location: at(46, 21, 2))]),
            every: .constant(.milliseconds(500)))),
        location: at(41, 11, 4))
      return Step(
        kind: .parallel([
          "left": Branch(steps: [left], location: at(39, 7, 4)),
          "right": Branch(steps: [right], location: at(40, 7, 5)),
        ]), location: at(38, 5, 8))
    }
  }

  private static var block: Step {
    get throws {
      let loop = Step(
        kind: .forEach(
          ForEach(
            items: .value(
              .list([.literal("a", at(49, 20)), .literal("b", at(49, 23))], at(49, 19))),
            variable: Located("item", at: at(49, 9, 8)), concurrency: .constant(1),
            steps: [
              Step(
                kind: .assert([
                  Assertion(condition: .literal(true, at(50, 27, 4)), location: at(50, 27, 4))
                ]), location: at(50, 17))
            ])), location: at(49, 9, 8))
      var modifiers = Modifiers()
      modifiers.session = .own(
        Credentials(
          .profile(
            username: .literal("other", at(51, 26, 5)),
            password: try expression("inputs.password", at(51, 48))), location: at(51, 14)))
      modifiers.rescue = [
        Step(
          kind: .assert([
            Assertion(
              condition: try expression("error.class == 'timeout'", at(53, 25)),
              message: .literal("unexpected", at(53, 60, 10)), location: at(53, 17))
          ]), location: at(53, 9, 6))
      ]
      modifiers.always = [
        Step(
          id: "last",
          kind: .call(Call(operation: Located("file.write", at: at(56, 15, 10)))),
          modifiers: Modifiers(
            retry: Retry(
              attempts: .constant(2), maximumBackoff: .constant(.milliseconds(500)),
              location: at(57, 16)), tolerate: [Located("c.d", at: at(58, 20, 3))]),
          location: at(55, 9, 2))
      ]
      return Step(kind: .block([loop]), modifiers: modifiers, location: at(48, 5, 5))
    }
  }

  private static func expression(_ source: String, _ place: Place) throws -> Template {
    .expression(try parsed(source, place))
  }

  private static func parsed(_ source: String, _ place: Place) throws -> Expression {
    try Expression(parsing: source, at: place)
  }
}

/// A place in the good file.
private func at(_ line: Int, _ column: Int, _ length: Int = 1) -> Diagnostics.SourceLocation {
  Diagnostics.SourceLocation(file: "good.yaml", line: line, column: column, length: length)
}
