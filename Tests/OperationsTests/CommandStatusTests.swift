import Expressions
import Operations
import Playbooks
import Testing

@Suite struct CommandStatusTests {
  private static func read(_ body: String, status: Int = 200) -> CommandStatus {
    CommandStatus.read(APIResponse(status: status, body: Array(body.utf8)))
  }

  /// One word in each shape that an answer may have.
  private static func shapes(_ word: String) -> [String] {
    let quoted = Int(word) == nil ? "\"\(word)\"" : word
    return [
      word, "\"\(word)\"", "[\(quoted)]", " \(quoted)\n", #"{"command_status":\#(quoted)}"#,
      #"[{"commandId":"c","command_status":\#(quoted),"body":null}]"#, #"{"status":\#(quoted)}"#,
      #"{"state":"\#(word)"}"#, word.uppercased(),
    ]
  }

  @Test(arguments: ["started", "submitted", "pending", "processing", "1"])
  func `words for a command in flight`(word: String) {
    for body in Self.shapes(word) {
      #expect(Self.read(body) == .inFlight, "\(body)")
      #expect(Self.read(body, status: 202) == .inFlight, "\(body)")
    }
  }

  @Test(arguments: ["succeeded", "success", "finished", "completed", "2"])
  func `words for a command that is done`(word: String) {
    for body in Self.shapes(word) { #expect(Self.read(body) == .succeeded(.null), "\(body)") }
  }

  @Test(arguments: ["rejected", "failed", "error", "3"])
  func `words for a command that was refused`(word: String) {
    for body in Self.shapes(word) {
      #expect(Self.read(body) == .rejected(.null, reason: nil), "\(body)")
    }
  }

  @Test func `a reason or note comes along`() {
    #expect(
      Self.read(#"{"commandId":"c","command_status":3,"body":"profile.not_an_owner"}"#)
        == .rejected("profile.not_an_owner", reason: Secret("profile.not_an_owner")))
    #expect(Self.read(#"{"status":"failed","reason":{"a":1}}"#) == .rejected(["a": 1], reason: nil))
    #expect(
      Self.read(#"["rejected","device.not_found"]"#)
        == .rejected("device.not_found", reason: Secret("device.not_found")))
    #expect(Self.read(#"{"status":"success","message":"Done."}"#) == .succeeded("Done."))
  }

  @Test(arguments: ["archived", "4", "voted down"])
  func `any other word is terminal and reported verbatim`(word: String) {
    #expect(Self.read(word) == .unknown(word: word))
    #expect(Self.read(#"["\#(word)"]"#) == .unknown(word: word))
    #expect(Self.read(#"{"command_status":"\#(word)"}"#) == .unknown(word: word))
  }

  @Test func `the status of HTTP alone is enough`() {
    #expect(Self.read("", status: 202) == .inFlight)
    #expect(Self.read("<html>", status: 202) == .inFlight)
    #expect(Self.read("some-id", status: 202) == .inFlight)
    #expect(Self.read("") == .succeeded(.null))
    #expect(Self.read("", status: 404) == .notKnown)
    #expect(Self.read(#"{"message":"unknown"}"#, status: 404) == .notKnown)
  }

  @Test func `anything else is a problem`() {
    #expect(
      Self.read("<html>")
        == .problem(AnswerProblem(.malformed, "HTTP 200 without a command status")))
    #expect(
      Self.read("[]") == .problem(AnswerProblem(.malformed, "HTTP 200 without a command status")))
    #expect(
      Self.read(#"{"message":"slow down"}"#, status: 429)
        == .problem(AnswerProblem(.throttled, "HTTP 429: slow down")))
    #expect(
      Self.read("", status: 401)
        == .problem(AnswerProblem(.unauthorised, "HTTP 401 without a reason")))
  }
}
