import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Testing

/// What a description says an operation does at the service, and what follows from it.
@Suite struct ConsequenceTests {
  /// A description in which `things.make` has `extras` in its `x-privirun`.
  private static func document(_ extras: String) -> String {
    """
    openapi: 3.1.0
    x-privirun:
      roles: {authenticate: login, command-status: status, download: fetch}
      events: [thing.made, thing.dropped]
    paths:
      /login:
        post:
          operationId: login
          requestBody:
            content:
              application/json:
                schema:
                  properties: {username: {type: string}, password: {type: string}}
          x-privirun:
            answer: {authorizationToken: {type: string, from: [token]}}
      /status/{commandId}:
        get: {operationId: status, parameters: [{name: commandId, in: path}]}
      /: {get: {operationId: fetch, parameters: [{name: auth, in: query}]}}
      /shelves: {get: {operationId: shelves.list}}
      /things: {get: {operationId: things.list, x-privirun: {
        answer: {things: {type: list, from: [$list], record: {name: [name]}}}}}}
      /make: {post: {operationId: things.make,
        parameters: [{name: days, in: query}, {name: name, in: query}, {name: rules, in: query}],
        x-privirun: {\(extras)}}}
    """
  }

  private static func operation(_ extras: String) throws -> Operations.Operation {
    let text = document(extras)
    let description = try APIDescription(parsing: Array(text.utf8), file: "api.yaml")
    return try #require(description.operations["things.make"])
  }

  private static func codes(_ extras: String) -> [String] {
    do {
      _ = try APIDescription(parsing: Array(document(extras).utf8), file: "api.yaml")
      return []
    } catch {
      return error.diagnostics.map { diagnostic in
        diagnostic.code.rawValue + (diagnostic.hint.map { ": \($0)" } ?? "")
      }
    }
  }

  private static let gone =
    "lookup: {operation: things.list, list: things, identity: {name: name}, expects: absent}"

  @Test(
    arguments: [
      ("repetition: safe", .init(.none)),
      ("repetition: harmless", .init(.change)),
      ("repetition: detectable", .init(.create)),
      ("repetition: unsafe", .init(.create)),
      ("repetition: detectable, \(gone)", .init(.remove)),
      ("repetition: harmless, \(gone)", .init(.remove)),
      ("repetition: harmless, \(gone), effect: change", .init(.change)),
      ("repetition: harmless, effect: none", .init(.none)),
      ("repetition: safe, quiet: true", .init(.none)),
      ("repetition: safe, quiet: false", .init(.change)),
      ("repetition: safe, quiet: false, effect: create", .init(.create)),
      (
        "repetition: unsafe, shows-in: [shelves, things], causes: [thing.dropped, thing.made], "
          + "final: true",
        .init(
          .create, showsIn: ["shelves", "things"], causes: ["thing.dropped", "thing.made"],
          isFinal: true)
      ),
      ("asks: {by: rules}", .init(.create, asks: .init(by: "rules"))),
      (
        "asks: {by: rules, except: name}",
        .init(.create, asks: .init(by: "rules", except: "name"))
      ),
      (
        "lives: {field: days, unit: days, default: 2, until: [fetch, things.list]}",
        .init(
          .create,
          lives: .init(
            field: "days", unit: .seconds(86_400), default: 2, until: ["fetch", "things.list"]))
      ),
      (
        "lives: {field: days, unit: minutes, until: [fetch]}",
        .init(.create, lives: .init(field: "days", unit: .seconds(60), until: ["fetch"]))
      ),
    ] as [(String, Operations.Operation.Consequences)])
  func `what an operation does is read, or follows from what is known of it`(
    extras: String, consequences: Operations.Operation.Consequences
  ) throws {
    #expect(try Self.operation(extras).consequences == consequences)
  }

  @Test(arguments: [
    ("effect: creat", ["wrong-value: did you mean `create`?"]),
    ("effcet: create", ["unknown-key: did you mean `effect`?"]),
    ("quiet: perhaps", ["wrong-value"]),
    ("repetition: harmless, quiet: false", ["wrong-value"]),
    ("repetition: safe, quiet: false, effect: none", ["wrong-value"]),
    ("shows-in: [shelfs]", ["unknown-name: did you mean `shelves`?"]),
    ("shows-in: shelves", ["wrong-type"]),
    ("repetition: safe, shows-in: [shelves]", ["wrong-value"]),
    ("causes: [thing.mad]", ["unknown-name: did you mean `thing.made`?"]),
    ("repetition: harmless, effect: none, causes: [thing.made]", []),
    ("asks: true", ["wrong-type"]),
    ("asks: {}", ["missing-key"]),
    ("asks: {by: rule}", ["unknown-name: did you mean `rules`?"]),
    ("asks: {by: rules, except: nam}", ["unknown-name: did you mean `name`?"]),
    ("asks: {by: rules, of: name}", ["unknown-key"]),
    ("final: maybe", ["wrong-value"]),
    ("repetition: safe, final: true", ["wrong-value"]),
    ("lives: 5", ["wrong-type"]),
    ("lives: {}", ["missing-key", "missing-key", "missing-key"]),
    ("lives: {field: dais, unit: days, until: []}", ["unknown-name: did you mean `days`?"]),
    ("lives: {field: days, unit: weeks, until: []}", ["wrong-value"]),
    ("lives: {field: days, unit: day, until: []}", ["wrong-value: did you mean `days`?"]),
    ("lives: {field: days, unit: days, default: 0, until: []}", ["wrong-value"]),
    ("lives: {field: days, unit: days, default: two, until: []}", ["wrong-value"]),
    (
      "lives: {field: days, unit: days, until: [thing.list]}",
      ["unknown-operation: did you mean `things.list`?"]
    ),
    ("lives: {field: days, unit: days, until: [], for: 2}", ["unknown-key"]),
  ])
  func `consequences name what is there`(extras: String, codes: [String]) {
    #expect(Self.codes(extras) == codes)
  }

  @Test(arguments: [
    ("repetition: unsafe", ["things.list"]),
    ("repetition: unsafe, shows-in: [shelves]", ["shelves.list", "things.list"]),
    ("repetition: safe", []),
    ("repetition: safe, quiet: false", ["things.list"]),
  ])
  func `an effect may show in its own section and in those that are named`(
    extras: String, reads: [String]
  ) throws {
    let text = Self.document(extras)
    let description = try APIDescription(parsing: Array(text.utf8), file: "api.yaml")
    let operation = try #require(description.operations["things.make"])
    let shown = description.operations.values.filter {
      $0.id.hasSuffix(".list") && operation.mayShow(in: $0)
    }
    #expect(shown.map(\.id) == reads)
    #expect(operation.isQuiet == reads.isEmpty)
  }

  private static let lives = Operations.Operation.Lives(
    field: "ttl", unit: .seconds(60), default: 5, until: [])

  @Test(
    arguments: [
      (lives, [:], .seconds(300)),
      (lives, ["ttl": .null], .seconds(300)),
      (lives, ["ttl": 7], .seconds(420)),
      (lives, ["ttl": 0], nil),
      (lives, ["ttl": "7"], nil),
      (lives, ["ttl": .int(.max)], .seconds(60_000_000_000)),
      (.init(field: "ttl", unit: .seconds(1), until: []), [:], nil),
      (.init(field: "ttl", unit: .seconds(1), until: []), ["ttl": 90], .seconds(90)),
    ] as [(Operations.Operation.Lives, ValueMap, Duration?)])
  func `a lifetime is counted in its unit`(
    lives: Operations.Operation.Lives, arguments: ValueMap, duration: Duration?
  ) {
    #expect(lives.duration(in: arguments) == duration)
  }
}
