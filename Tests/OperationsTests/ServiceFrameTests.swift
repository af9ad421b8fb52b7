import Expressions
import Testing

@testable import Operations

@Suite struct ServiceFrameTests {
  private static let first = #"{"data":{"type":"X-DPT-CAB-ID","id":"a","command_status":2}}"#
  private static let second = #"{"data":{"type":"X-DPT-CAB-ID","id":"b } \"","command_status":2}}"#

  @Test(arguments: [
    first + second,
    first + "\n" + second + "\n",
    "[\(first),\(second)]",
    "\u{FEFF}\(first)\r\n\(second)",
    "\u{FEFF}[\(first), \(second)]",
    first + "\u{1E}" + second + "{\"cut\":",
  ])
  func `a frame with two messages brings both`(frame: String) {
    #expect(
      ServiceMessage.all(in: frame) == [
        .commandStatus(id: "a", state: .succeeded, body: .null),
        .commandStatus(id: #"b } ""#, state: .succeeded, body: .null),
      ])
  }

  @Test(arguments: [first, "\u{FEFF}" + first, "[\(first)]"])
  func `a frame with one message brings one`(frame: String) {
    #expect(
      ServiceMessage.all(in: frame) == [.commandStatus(id: "a", state: .succeeded, body: .null)])
  }

  @Test(arguments: ["", "[]", "text", "{", "}{", "\"{}\"", "[[", "{\"a\":\"}", "\u{FEFF}"])
  func `a frame without a message is ignored`(frame: String) {
    #expect(ServiceMessage.all(in: frame).allSatisfy { $0 == .ignored })
  }
}
