import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks
import Testing

@Suite struct DescriptionReadingTests {
  /// The smallest description that is whole, with `operation` under one more path.
  private static func document(
    openapi: String = "3.1.0", extras: String = "", operation: String = ""
  ) -> String {
    """
    openapi: \(openapi)
    x-privirun:
      roles: {authenticate: login, command-status: status, download: fetch}
    \(extras)
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
        get:
          operationId: status
          parameters: [{name: commandId, in: path}]
      /:
        get:
          operationId: fetch
          parameters: [{name: auth, in: query}]
          x-privirun: {endpoint: downstream}
    \(operation)
    """
  }

  private static func codes(_ text: String) -> [String] {
    do {
      _ = try APIDescription(parsing: Array(text.utf8), file: "api.yaml")
      return []
    } catch {
      return error.diagnostics.map { diagnostic in
        let line = diagnostic.location?.line ?? 0
        return "\(line) \(diagnostic.code.rawValue)" + (diagnostic.hint.map { ": \($0)" } ?? "")
      }
    }
  }

  @Test(arguments: [("made", [String]()), ("made_", ["25 unknown-name: did you mean `made`?"])])
  func `what identifies a created thing is a field of the answer`(
    _ name: String, _ codes: [String]
  ) {
    let operation =
      "  /make: {post: {operationId: make, x-privirun: {identified-by: \(name), "
      + "answer: {made: {type: string, from: [made]}}}}}"
    #expect(Self.codes(Self.document(operation: operation)) == codes)
  }

  @Test func `a small description is read`() {
    #expect(Self.codes(Self.document()) == [])
  }

  @Test func `what a plain document leaves out is taken from HTTP`() throws {
    let text = Self.document(operation: "  /plain: {delete: {operationId: plain, security: []}}")
    let description = try APIDescription(parsing: Array(text.utf8), file: "api.yaml")
    let plain = try #require(description.operations["plain"])
    #expect(plain.authorization == .none)
    #expect(plain.repetition == .unsafe)
    #expect(plain.completion == .http)
    #expect(description.operations["fetch"]?.repetition == .safe)
    #expect(description.operations["fetch"]?.authorization == .token)
  }

  @Test func `references inside the document are followed`() throws {
    let text = Self.document(
      operation: """
          /named/{id}:
            get:
              operationId: named
              parameters: [{$ref: "#/components/parameters/Id"}]
        components:
          parameters: {Id: {name: id, in: path, schema: {$ref: "#/components/schemas/Id"}}}
          schemas: {Id: {type: integer, enum: [7, 8], minimum: 7, description: A number}}
        """)
    let description = try APIDescription(parsing: Array(text.utf8), file: "api.yaml")
    let expected = Field(
      ValueSchema(.integer, allowed: [7, 8], minimum: 7), at: .path, isRequired: true,
      summary: "A number")
    #expect(description.operations["named"]?.fields == ["id": expected])
  }

  @Test(arguments: [
    ("[]", ["1 wrong-type"]),
    (document(openapi: "3.0.3"), ["1 unsupported-version"]),
    (document(extras: "  version: 2"), ["4 unsupported-version"]),
    (document(extras: "  sensitiv-names: []"), ["4 unknown-key: did you mean `sensitive-names`?"]),
    ("openapi: 3.1.0", ["1 missing-key", "1 missing-key"]),
  ])
  func `a wrong frame is refused`(text: String, codes: [String]) {
    #expect(Self.codes(text) == codes)
  }

  @Test(arguments: [
    ("  /a: {get: {summary: A}}", ["25 missing-key"]),
    ("  /a: {get: {operationId: login}}", ["25 duplicate-operation"]),
    ("  /a/{b}: {get: {operationId: a}}", ["25 unknown-name"]),
    (
      "  /a: {get: {operationId: a, x-privirun: {completion: command-stats}}}",
      ["25 wrong-value: did you mean `command-status`?"]
    ),
    (
      "  /a: {get: {operationId: a, x-privirun: {repetitoin: safe}}}",
      ["25 unknown-key: did you mean `repetition`?"]
    ),
    (
      "  /a: {get: {operationId: a, x-privirun: {answer: {b: {from: [$lst]}}}}}",
      ["25 wrong-value: did you mean `$list`?"]
    ),
    (
      "  /a: {get: {operationId: a, x-privirun: {lookup: {operation: fetsh}}}}",
      ["25 unknown-operation: did you mean `fetch`?"]
    ),
    (
      "  /a: {get: {operationId: a, x-privirun: {lookup: {operation: fetch, list: rows}}}}",
      ["25 unknown-name"]
    ),
    (
      "  /a: {get: {operationId: a, x-privirun: {lookup: {operation: login, record-id: key}}}}",
      ["25 unknown-name"]
    ),
    (
      "  /a: {get: {operationId: a, x-privirun: {lookup: {operation: login, unique: false}}}}",
      ["25 missing-key"]
    ),
    (
      "  /a: {get: {operationId: a, x-privirun: {alternatives: [{path: /b}]}}}",
      ["25 missing-key"]
    ),
    ("  /a: {get: {operationId: a, x-privirun: {any-body: maybe}}}", ["25 wrong-value"]),
    ("  /a: {get: {operationId: a, x-privirun: {gated: perhaps}}}", ["25 wrong-value"]),
    (
      "  /a: {get: {operationId: a, parameters: [{name: token, in: query}], "
        + "x-privirun: {single-use: tokn}}}",
      ["25 unknown-name: did you mean `token`?"]
    ),
    ("  /a: {get: {operationId: a, parameters: [{name: b, in: cookie}]}}", ["25 wrong-value"]),
    (
      "  /a: {get: {operationId: a, parameters: [{name: b, in: query, schema: {type: strng}}]}}",
      ["25 wrong-value: types are string, integer, number, boolean, array, object"]
    ),
    (
      "  /a: {get: {operationId: a, parameters: [{$ref: other.yaml#/p}]}}",
      ["25 wrong-reference", "25 missing-key"]
    ),
    (
      "  /a: {post: {operationId: a, requestBody: {content: {text/xml: {}}}}}",
      [
        "25 wrong-value: known are application/x-www-form-urlencoded, application/json, "
          + "application/octet-stream"
      ]
    ),
  ])
  func `a wrong operation is refused where it stands`(operation: String, codes: [String]) {
    #expect(Self.codes(Self.document(operation: operation)) == codes)
  }

  @Test(arguments: [
    ("compares: {b: rows}", [String]()),
    ("compare: {b: rows}", ["25 unknown-key: did you mean `compares`?"]),
    ("compares: {c: rows}", ["25 unknown-name"]),
    ("compares: {b: row}", ["25 unknown-name: did you mean `rows`?"]),
    ("compares: {b: [rows]}", ["25 wrong-type"]),
    ("compares: {b: rows}, unordered: [c]", ["25 unknown-name"]),
    ("compares: {b: rows}, references: [b], ignoring-case: [b], unordered: [b]", []),
    ("holds: {rows: [1, 2]}, gives: {c: rows}, newest: rows", []),
    ("holds: {row: [1]}", ["25 unknown-name: did you mean `rows`?"]),
    ("holds: {rows: 1}", ["25 wrong-type"]),
    ("gives: {rows: row}", ["25 unknown-name: did you mean `rows`?"]),
    ("newest: row", ["25 unknown-name: did you mean `rows`?"]),
    ("corrected-by: self, drift: fail", []),
    ("drift: warn", ["25 wrong-value"]),
    ("corrected-by: {operation: status, with: {commandId: record.rows}}", []),
    ("corrected-by: {operation: statu}", ["25 unknown-operation: did you mean `status`?"]),
    ("corrected-by: {with: {commandId: record.rows}}", ["25 missing-key"]),
    ("corrected-by: {operation: status, with: {commandId: rows}}", ["25 wrong-value"]),
    ("corrected-by: {operation: status, with: {id: record.rows}}", ["25 unknown-name"]),
    (
      "removed-by: [{operation: status, with: {commandId: record.row}}]",
      ["25 unknown-name: did you mean `rows`?"]
    ),
    ("removed-by: status", ["25 wrong-type"]),
    ("absent-on: [403], shows: later", []),
    ("absent-on: [200]", ["25 wrong-value"]),
    ("absent-on: [403], absent-with: status", []),
    ("absent-on: [403], absent-with: statu", ["25 unknown-operation: did you mean `status`?"]),
    ("shows: soon", ["25 wrong-value"]),
    ("unique: maybe", ["25 wrong-value"]),
  ])
  func `what a lookup says for ensured calls names what is there`(
    extras: String, codes: [String]
  ) {
    let operation =
      "  /a: {get: {operationId: a, parameters: [{name: b, in: query}], x-privirun: "
      + "{answer: {rows: {type: any, from: [$]}}, lookup: {operation: a, \(extras)}}}}"
    #expect(Self.codes(Self.document(operation: operation)) == codes)
  }

  @Test func `roles must name operations with what the roles need`() {
    let text = Self.document().replacing("authenticate: login", with: "authenticate: logn")
      .replacing("download: fetch", with: "download: status")
    #expect(
      Self.codes(text) == ["3 unknown-operation: did you mean `login`?", "3 missing-key"])
  }

  @Test func `references in a circle end`() {
    let text = Self.document(
      operation: """
          /a: {get: {operationId: a, parameters: [{$ref: "#/components/a"}]}}
        components: {a: {$ref: "#/components/b"}, b: {$ref: "#/components/a"}}
        """)
    #expect(Self.codes(text).contains { $0.contains("wrong-reference") })
  }
}
