import Expressions
import Operations
import Playbooks
import Testing

@Suite struct AnswerProblemTests {
  private static func problem(
    _ id: String = "device.approve-device", status: Int, headers: [HTTPField] = [], _ body: String
  ) throws -> AnswerProblem? {
    let read = try Embedded.read(id, status: status, headers: headers, body)
    guard case .problem(let problem) = read.verdict else { return nil }
    return problem
  }

  @Test(arguments: [
    (400, FailureClass.invalid), (401, .unauthorised), (403, .invalid), (404, .invalid),
    (405, .invalid), (408, .timeout), (409, .invalid), (413, .invalid), (422, .invalid),
    (429, .throttled), (500, .serverError), (502, .serverError), (503, .serverError),
    (302, .malformed), (100, .malformed), (700, .malformed),
  ])
  func `every status has its class`(status: Int, kind: FailureClass) throws {
    #expect(try Self.problem(status: status, "")?.kind == kind)
  }

  @Test(arguments: [
    (
      #"{"errors":{"username":["taken","too long"],"name":"odd"},"message":"no"}"#,
      "username: taken; too long; name: odd"
    ),
    (#"{"errors":["first","second"]}"#, "first; second"),
    (#"{"errors":[{"field":"a","message":"b"},{"property":"c","message":"d"}]}"#, "a: b; c: d"),
    (#"{"violations":[{"propertyPath":"a","message":"b"}],"message":"no"}"#, "a: b"),
    (#"{"errors":{},"message":"no"}"#, "no"),
    (#"{"error":"bad","detail":"worse","message":"worst"}"#, "worst"),
    (#"{"error":"bad","detail":"worse"}"#, "bad"), (#"{"detail":"worse"}"#, "worse"),
    (#"{"error":{"code":7,"message":"inner"}}"#, "inner"),
    (#"["one","two"]"#, "one; two"), (#""oauth.already_retrieved""#, "oauth.already_retrieved"),
    ("plain words", "plain words"), ("a\r\nb\u{1B}[31mc", "a b [31mc"),
    ("<html><head><TITLE>502 Bad\n Gateway</title>", "a page titled “502 Bad  Gateway”"),
    ("<p>", "an HTML page"),
  ])
  func `the reason is read in the order of the contract`(body: String, reason: String) throws {
    #expect(try Self.problem(status: 422, body)?.message == "HTTP 422: \(reason)")
  }

  @Test(arguments: ["", "{}", "null", "[]", #"{"a":1}"#, #"{"message":"#])
  func `an answer without a reason says so`(body: String) throws {
    #expect(try Self.problem(status: 500, body)?.message == "HTTP 500 without a reason")
  }

  @Test func `a long reason is cut`() throws {
    let body = String(repeating: "ä", count: 10_000)
    let message = try #require(try Self.problem(status: 400, body)?.message)
    #expect(message.count == 511)
    #expect(message.hasSuffix("…"))
  }

  @Test(
    arguments: [
      ("7", nil, Duration.seconds(7)), (" 0 ", nil, .zero),
      ("99999999999999999999", nil, .seconds(86_400)),
      ("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", .seconds(60)),
      ("Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:49:37 1994", .seconds(60)),
      ("Tue, 01 Mar 2016 00:00:00 GMT", "Mon, 29 Feb 2016 23:59:59 GMT", .seconds(1)),
      ("Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 31 Dec 1999 23:59:58 GMT", .seconds(2)),
      ("Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", .zero),
      ("Sun, 06 Nov 1994 08:50:37 GMT", nil, nil), ("-1", nil, nil), ("soon", nil, nil),
      ("Sun, 06 Nov 1994 25:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", nil),
    ] as [(String, String?, Duration?)])
  func `the wait that a service asks for is obeyed`(
    after: String, date: String?, wait: Duration?
  ) throws {
    var headers = [HTTPField("retry-after", after)]
    if let date { headers.append(HTTPField("Date", date)) }
    #expect(try Self.problem(status: 429, headers: headers, "")?.retryAfter == wait)
  }

  @Test(arguments: [
    (
      "profile.authenticate", #"{"authorizationToken":""}"#, nil,
      "HTTP 200 without `authorizationToken`: JSON of another shape (no content type, 25 bytes)"
    ),
    (
      "profile.authenticate", "{}", nil,
      "HTTP 200 without `authorizationToken`: JSON of another shape (no content type, 2 bytes)"
    ),
    (
      "profile.authenticate", "<html><title>Hello</title>", "text/html",
      "HTTP 200 without `authorizationToken`: a page titled “Hello” instead of JSON "
        + "(text/html, 26 bytes)"
    ),
    (
      "profile.authenticate", #"{"authorizationToken":"planted-tok"#, "application/json",
      "HTTP 200 without `authorizationToken`: JSON that cannot be read: "
        + "the document ends inside a string "
        + "(line 1, column 35) "
        + "(application/json, 34 bytes)"
    ),
    (
      "profile.authenticate", #"{"authorizationToken":planted}"#, "application/json",
      "HTTP 200 without `authorizationToken`: JSON that cannot be read: expected a value "
        + "(line 1, column 23) "
        + "(application/json, 30 bytes)"
    ),
    (
      "profile.authenticate", "", nil,
      "HTTP 200 without `authorizationToken`: an empty body (no content type, 0 bytes)"
    ),
    (
      "device.approve-device", "{}", nil,
      "HTTP 200 without a command id: JSON of another shape (no content type, 2 bytes)"
    ),
    (
      "data-token.request-data-via-token", "", nil,
      "HTTP 200 without a request id: an empty body (no content type, 0 bytes)"
    ),
    (
      "data-token.configure-file-meta", "<p>", "text/html",
      "HTTP 200: a page instead of JSON (text/html, 3 bytes)"
    ),
  ])
  func `an answer that cannot be understood says what it is`(
    id: String, body: String, type: String?, message: String
  ) throws {
    let headers = type.map { [HTTPField("Content-Type", $0)] } ?? []
    let problem = try Self.problem(id, status: 200, headers: headers, body)
    #expect(problem == AnswerProblem(.malformed, message))
  }

  @Test func `bytes that are no text are no answer`() throws {
    let operation = try Embedded.operation("profile.retrieve-profile-id")
    let read = operation.read(APIResponse(status: 200, body: [0xFF, 0xFE, 0]))
    #expect(
      read.verdict
        == .problem(
          AnswerProblem(
            .malformed,
            "HTTP 200 without `profileId`: bytes that are neither text nor JSON "
              + "(no content type, 3 bytes)")))
  }
}
