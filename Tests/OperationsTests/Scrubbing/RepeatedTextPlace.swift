import Expressions
import Operations

/// The places where something that a service wrote is kept or shown.
enum RepeatedTextPlace {
  /// What each place shows of a service that writes `text` there.
  static let all: [(name: String, show: @Sendable (String, SecretScrubber) throws -> [String])] = [
    ("a message", { try refused(["message": .string($0)], $1) }),
    ("a list of messages", { try refused(["errors": [.string($0), "b"]], $1) }),
    ("the errors of a field", { try refused(["errors": ["password": [.string($0)]]], $1) }),
    ("the name of a field", { try refused(["errors": .map([$0: ["bad"]])], $1) }),
    (
      "a violation",
      { try refused(["violations": [["propertyPath": .string($0), "message": "m"]]], $1) }
    ),
    ("a plain text", { try read(422, $0, type: "text/plain", $1) }),
    ("a title", { try read(502, "<html><title>\($0)</title></html>", type: "text/html", $1) }),
    ("a title of success", { try read(200, "<title>\($0)</title>", type: "text/html", $1) }),
    ("a type", { try read(200, "<p>", type: $0, $1) }),
    ("another host", { try read(302, "", location: "https://\($0)/x", $1) }),
    ("a value of a record", { try read(200, json(["id": "d", "note": .string($0)]), $1) }),
    ("a key of a record", { try read(200, json(.map(["id": "d", $0: 1])), $1) }),
    ("a polled word", { polled(200, json(.string($0)), $1) }),
    ("a polled reason", { polled(200, json(["status": "rejected", "body": .string($0)]), $1) }),
    ("a polled problem", { polled(500, json(["message": .string($0)]), $1) }),
    (
      "the reason of a command",
      {
        message(
          ["type": "X-DPT-CAB-ID", "id": "c", "command_status": 3, "body": .string($0)], $1)
      }
    ),
    (
      "the word of a command",
      { message(["type": "X-DPT-CAB-ID", "id": "c", "command_status": .string($0)], $1) }
    ),
    (
      "a refused join",
      { text, scrubber in
        let frame: Value = ["status": 401, "data": ["message": .string(text)]]
        return ["\(ServiceMessage(parsing: json(frame), hiding: scrubber))"]
      }
    ),
  ]

  private static func json(_ value: Value) -> String { JSON.text(value) }

  private static func refused(_ body: Value, _ scrubber: SecretScrubber) throws -> [String] {
    try read(422, json(body), scrubber)
  }

  private static func read(
    _ status: Int, _ body: String, type: String = "application/json", location: String? = nil,
    _ scrubber: SecretScrubber
  ) throws -> [String] {
    let operation = try Embedded.operation("device.retrieve-profile-devices")
    let headers =
      [HTTPField("Content-Type", type)] + (location.map { [HTTPField("Location", $0)] } ?? [])
    let answer = operation.read(
      APIResponse(status: status, headers: headers, body: Array(body.utf8)), hiding: scrubber)
    var shown = strings(in: answer.recordable) + strings(in: .map(answer.fields))
    if case .problem(let problem) = answer.verdict { shown.append(problem.message) }
    return shown
  }

  private static func polled(
    _ status: Int, _ body: String, _ scrubber: SecretScrubber
  ) -> [String] {
    let response = APIResponse(status: status, body: Array(body.utf8))
    return switch CommandStatus.read(response, hiding: scrubber) {
    case .succeeded(let note), .rejected(let note, _): strings(in: note)
    case .unknown(let word): [word]
    case .problem(let problem): [problem.message]
    case .inFlight, .notKnown: []
    }
  }

  private static func message(_ data: Value, _ scrubber: SecretScrubber) -> [String] {
    let text = json(["data": data])
    guard
      case .commandStatus(_, let state, let body) = ServiceMessage(parsing: text, hiding: scrubber)
    else { return [] }
    if case .unknown(let word) = state { return strings(in: body) + [word] }
    return strings(in: body)
  }

  /// Everything in `value` that can be read.
  private static func strings(in value: Value) -> [String] {
    switch value {
    case .list(let elements): elements.flatMap(strings)
    case .map(let map): map.entries.flatMap { strings(in: $0.key) + strings(in: $0.value) }
    case .secret, .unknown, .null: []
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type:
      value.plainText.map { [$0] } ?? []
    }
  }
}
