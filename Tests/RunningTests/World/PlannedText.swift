import Diagnostics
import Expressions
import Operations
import Planning
import Playbooks
import Testing

/// Plans made from YAML in memory and a small API of their own.
enum PlannedText {
  /// A plan of the playbook `main`; `files` are further playbooks by path, relative to it.
  static func plan(
    _ main: String, files: [String: String] = [:], inputs: ValueMap = [:]
  ) throws -> Plan {
    var all = files.mapKeys { "/books/\($0)" }
    all["/books/main.yaml"] = "playbook: 1\nname: main\n\(main)"
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader(files: access(to: all)).load(
        "/books/main.yaml", texts: &texts)
      let api = try APIDescription(parsing: Array(description.utf8), file: "api.yaml")
      return try Planner(api: api).check(loaded).plan(inputs: inputs)
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
      throw error
    }
  }

  private static func access(to texts: [String: String]) -> PlaybookFiles {
    PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in
        guard texts[path] != nil else { throw .missing }
        return path
      },
      read: { path, _ throws(PlaybookFiles.Problem) in
        guard let text = texts[path] else { throw .missing }
        return Array(text.utf8)
      },
      names: { _ in nil })
  }

  /// An API with one operation for each way to end and each answer to "what does a repeat do".
  private static let description = """
    openapi: 3.1.0
    x-privirun:
      roles: {authenticate: login, command-status: status, download: fetch, reauthorize: prolong,
        revoke: revoke, refresh: refresh}
      sensitive-names: [password]
    paths:
      /login:
        post:
          operationId: login
          security: []
          requestBody: {content: {application/json: {schema: {properties: {
            username: {type: string}, password: {type: string, x-privirun: {sensitive: true}}}}}}}
          x-privirun:
            repetition: harmless
            authorization: none
            answer: &life {expiresAt: {type: string, from: [expiresAt]},
              authorizationToken: {type: string, from: [token], sensitive: true}}
      /prolong:
        post: {operationId: prolong, x-privirun: {authorization: token, repetition: harmless,
          answer: *life}}
      /revoke:
        post: {operationId: revoke, x-privirun: {authorization: token, repetition: harmless}}
      /refresh:
        post:
          operationId: refresh
          requestBody: {content: {application/json: {schema: {properties: {
            refresh_token: {type: string, x-privirun: {sensitive: true}}}}}}}
          x-privirun:
            authorization: access-token
            fields: {accessToken: {place: authorization, type: string, sensitive: true}}
            answer:
              token: {type: string, from: [token], required: true, sensitive: true}
              refreshToken: {type: string, from: [refreshToken], sensitive: true}
              expiresAt: {type: string, from: [expiresAt]}
      /status/{commandId}:
        get:
          operationId: status
          security: []
          parameters: [{name: commandId, in: path, required: true, schema: {type: string}}]
          x-privirun:
            repetition: safe
            authorization: token-if-any
            alternatives:
              - {method: POST, path: "/status/{commandId}", encoding: json, heeds-json: true}
      /:
        get:
          operationId: fetch
          parameters: [{name: auth, in: query, schema: {type: string}, x-privirun: {sensitive: true}}]
          x-privirun: {endpoint: downstream, completion: stream, authorization: stream-auth,
            repetition: harmless, answer: {data: {type: bytes, from: [$body]}}}
      /items:
        get:
          operationId: items
          parameters: [{name: page, in: query, schema: {type: integer}}]
          x-privirun: {authorization: token, repetition: safe, answer: {
            items: {type: list, from: [$list], record: {name: [name], id: [id], key: [key]}}}}
      /add:
        post:
          operationId: add
          requestBody: {content: {application/json: {schema: {properties: {
            name: {type: string}}}}}}
          x-privirun: {authorization: token, repetition: detectable, answer: {
            id: {type: string, from: [id]}, key: {type: string, from: [key], sensitive: true},
            other: {type: string, from: [other]}},
            lookup: {operation: items, list: items, page: page, identity: {name: name}}}
      /remove:
        post:
          operationId: remove
          requestBody: {content: {application/json: {schema: {properties: {
            name: {type: string}}}}}}
          x-privirun: {authorization: token, repetition: detectable,
            lookup: {operation: items, list: items, identity: {name: name}, expects: absent}}
      /order:
        post:
          operationId: order
          requestBody: {content: {application/json: {schema: {required: [name], properties: {
            name: {type: string}}}}}}
          x-privirun: {authorization: token, repetition: harmless}
      /make:
        post:
          operationId: make
          requestBody: {content: {application/json: {schema: {properties: {
            name: {type: string}}}}}}
          x-privirun: {authorization: token, repetition: detectable,
            answer: {id: {type: string, from: [id]}},
            lookup: {operation: items, list: items, identity: {name: name}, record-id: id,
              unique: false}}
      /deposit:
        post:
          operationId: deposit
          requestBody: {content: {application/json: {schema: {properties: {
            name: {type: string}}}}}}
          x-privirun: {authorization: token, repetition: detectable, gated: true, single-use: name,
            answer: {id: {type: string, from: [id]}},
            lookup: {operation: items, list: items, identity: {name: name}}}
      /withdraw:
        post:
          operationId: withdraw
          requestBody: {content: {application/json: {schema: {properties: {
            name: {type: string}}}}}}
          x-privirun: {authorization: token, repetition: detectable, gated: true,
            lookup: {operation: items, list: items, identity: {name: name}, expects: absent}}
      /rename:
        post:
          operationId: rename
          requestBody: {content: {application/json: {schema: {properties: {
            password: {type: string, x-privirun: {sensitive: true}}}}}}}
          x-privirun: {authorization: token, repetition: detectable, sets-password: password,
            lookup: {operation: login, identity: {password: password}, session-username: username}}
      /sign-up:
        post:
          operationId: sign-up
          requestBody: {content: {application/json: {schema: {properties: {
            username: {type: string}, password: {type: string, x-privirun: {sensitive: true}}}}}}}
          x-privirun: {authorization: none, repetition: detectable,
            lookup: {operation: login, identity: {username: username, password: password}}}
    \(things)
    \(operation("read", "get", completion: "http", repetition: "safe"))
    \(operation("safe", "post", completion: "http", repetition: "safe"))
    \(operation("harmless", "post", completion: "http", repetition: "harmless"))
    \(operation("detectable", "post", completion: "http", repetition: "detectable",
      lookup: "{operation: read, identity: {value: value}}"))
    \(operation("unsafe", "post", completion: "http", repetition: "unsafe"))
    \(operation("command", "post", completion: "command-status", repetition: "detectable"))
    \(operation("repeatable", "post", completion: "command-status", repetition: "harmless"))
    \(operation("anonymous", "post", completion: "command-status", repetition: "detectable",
      authorization: "none"))
    \(operation("ballot", "post", completion: "command-status", repetition: "detectable",
      authorization: "none", extra: "gated: true"))
    \(operation("data", "post", completion: "request-id", repetition: "harmless"))
    \(operation("obtain", "post", completion: "request-id", repetition: "harmless",
      extra: "effect: none"))
    \(operation("create", "post", completion: "command-status", repetition: "unsafe",
      authorization: "none", extra: "identified-by: value"))
    \(operation("elsewhere", "get", completion: "http", repetition: "safe",
      extra: "alternatives: [{method: GET, path: /other-way}]"))

    """

  /// Things that can be ensured, in a list.
  private static let things = """
      /things:
        get:
          operationId: things
          x-privirun: {authorization: token, repetition: safe, answer: {
            things: {type: list, from: [$list],
              record: {name: [name], id: [id], size: [size], state: [state]}}}}
      /pages:
        post:
          operationId: pages
          requestBody: {content: {application/json: {schema: {properties: {after: {}}}}}}
          x-privirun: {authorization: token, repetition: safe, effect: none, answer: {
            items: {type: list, from: [items]}, next: {type: any, from: [next]}}}
      /badge:
        get:
          operationId: badge
          x-privirun: {authorization: token, repetition: safe, answer: {
            text: {type: string, from: [text]}}}
      /pin:
        post:
          operationId: pin
          requestBody: {content: {application/json: {schema: {properties: {text: {type: string}}}}}}
          x-privirun: {authorization: token, repetition: harmless,
            lookup: {operation: badge, absent-on: [401, 403], absent-with: things,
              compares: {text: text}, gives: {text: text}, drift: fail}}
    \(thing("build", "name: {type: string}, size: {type: integer}", repetition: "detectable",
      answer: "answer: {receipt: {type: string, from: [receipt]}},", """
        identity: {name: name}, compares: {size: size}, gives: {id: id},
        corrected-by: {operation: resize, with: {id: record.id}},
        removed-by: [{operation: allow-no-more, with: {id: record.id}},
          {operation: drop, with: {id: record.id}}]
        """))
    \(thing("twin", "name: {type: string}", repetition: "detectable",
      "identity: {name: name}, gives: {id: id}, unique: false, record-id: id"))
    \(thing("kin", "name: {type: string}, size: {type: integer}", repetition: "detectable",
      answer: "shows-in: [things],", """
        identity: {name: name}, compares: {size: size}, gives: {id: id}, unique: false,
        record-id: id, removed-by: {operation: drop, with: {id: record.id}}
        """))
    \(thing("fixed", "name: {type: string}, size: {type: integer}", repetition: "detectable", """
        identity: {name: name}, compares: {size: size}, gives: {id: id},
        removed-by: {operation: drop, with: {id: record.id}}
        """))
    \(thing("firm", "name: {type: string}, size: {type: integer}", repetition: "detectable", """
        identity: {name: name}, compares: {size: size}, gives: {id: id},
        removed-by: [{operation: allow-no-more, with: {id: record.id}},
          {operation: drop, with: {id: record.id}}]
        """))
    \(thing("allow", "id: {type: string}", repetition: "harmless", """
        identity: {id: id}, holds: {state: ['on']}, corrected-by: self,
        removed-by: {operation: allow-no-more, with: {id: record.id}}
        """))
    \(thing("enlist", "name: {type: string}", repetition: "detectable",
      answer: "completion: command-status,", "identity: {name: name}, gives: {id: id}"))
    \(thing("elect", "name: {type: string}", repetition: "detectable",
      answer: "completion: command-status, gated: true,", "identity: {name: name}, gives: {id: id}"))
    \(thing("admit", "id: {type: string}", repetition: "harmless",
      answer: "completion: command-status,",
      "identity: {id: id}, holds: {state: ['on']}, corrected-by: self"))
    \(thing("allow-no-more", "id: {type: string}", repetition: "harmless", nil))
    \(thing("mark", "id: {type: string}, name: {type: string}, size: {type: integer}",
      repetition: "harmless", """
        identity: {id: id}, compares: {size: size}, corrected-by: self, gives: {name: name}
        """))
    \(thing("resize", "id: {type: string}, size: {type: integer}", repetition: "harmless", nil))
    \(thing("drop", "id: {type: string}", repetition: "detectable",
      "identity: {id: id}, expects: absent"))
    """

  private static func thing(
    _ id: String, _ fields: String, repetition: String, answer: String = "", _ lookup: String?
  ) -> String {
    let lookup = lookup.map { "lookup: {operation: things, list: things, \($0)}" } ?? ""
    return """
        /\(id):
          post:
            operationId: \(id)
            requestBody: {content: {application/json: {schema: {properties: {\(fields)}}}}}
            x-privirun: {authorization: token, repetition: \(repetition), \(answer) \(lookup)}
      """
  }

  private static func operation(
    _ id: String, _ method: String, completion: String, repetition: String,
    authorization: String = "token", lookup: String? = nil, extra: String = ""
  ) -> String {
    let place =
      method == "get"
      ? "parameters: [{name: value, in: query, schema: {}}]"
      : "requestBody: {content: {application/json: {schema: {properties: {value: {}}}}}}"
    let answer =
      completion == "request-id"
      ? "data: {type: bytes, from: [$data]}, requestId: {type: string, from: [$requestId]}, "
        + "file: {type: map, from: [$file]}, size: {type: integer, from: [$size]}"
      : "value: {type: any, from: [value]}"
    let fields =
      completion == "request-id"
      ? "fields: {key: {place: local, type: string, sensitive: true, role: key}, "
        + "to: {place: local, type: any, role: target}}" : ""
    return """
        /\(id):
          \(method):
            operationId: \(id)
            \(place)
            x-privirun:
              completion: \(completion)
              repetition: \(repetition)
              authorization: \(authorization)
              answer: {\(answer)}
              \(fields)
              \(lookup.map { "lookup: \($0)" } ?? "")
              \(extra)
      """
  }
}

extension Dictionary where Key == String {
  fileprivate func mapKeys(_ change: (String) -> String) -> Self {
    Self(uniqueKeysWithValues: map { (change($0.key), $0.value) })
  }
}
