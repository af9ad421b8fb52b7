import Expressions
import Operations
import Testing

@Suite struct ServiceMessageTests {
  @Test(arguments: [
    (
      #"{"correlationId":"k","status":200,"data":{"channelId":"c","message":"Successfully joined profile channel."}}"#,
      ServiceMessage.joined(correlationID: "k", channelID: "c")
    ),
    (#"{"status":200,"data":{"channelId":"c"}}"#, .joined(correlationID: nil, channelID: "c")),
    (
      #"{"status":"200","data":{"channelId":7,"correlationId":"k"}}"#,
      .joined(correlationID: "k", channelID: "7")
    ),
    (
      #"{"correlationId":"k","data":{"channelId":"c"}}"#,
      .joined(correlationID: "k", channelID: "c")
    ),
    (
      #"{"correlationId":"k","status":401,"data":{"message":"invalid\ntoken"}}"#,
      .joinRefused(correlationID: "k", status: 401, message: "invalid token")
    ),
    (
      #"{"status":500}"#,
      .joinRefused(correlationID: nil, status: 500, message: "no reason given")
    ),
    (#"{"status":403,"error":"no"}"#, .joinRefused(correlationID: nil, status: 403, message: "no")),
    (
      #"{"correlationId":"k","status":200,"data":{"channelId":"c","message":"Successfully left profile channel."}}"#,
      .left(correlationID: "k")
    ),
  ])
  func `answers to a join and a leave`(text: String, message: ServiceMessage) {
    #expect(ServiceMessage(parsing: text) == message)
  }

  @Test(arguments: [
    (#"1"#, CommandState.pending), ("2", .succeeded), ("3", .failed(reason: Secret("why"))),
    (#""2""#, .succeeded),
    (#""started""#, .pending), (#""Success""#, .succeeded),
    (#""rejected""#, .failed(reason: Secret("why"))),
    ("9", .unknown("9")), (#""archived""#, .unknown("archived")),
  ])
  func `states of a command`(word: String, state: CommandState) {
    let text =
      #"{"data":{"type":"X-DPT-CAB-ID","id":"c","command_status":\#(word),"body":"why"}}"#
    #expect(
      ServiceMessage(parsing: text) == .commandStatus(id: "c", state: state, body: "why"))
  }

  @Test func `a status may lack its body and its id may be a number`() {
    #expect(
      ServiceMessage(parsing: #"{"data":{"type":"x-dpt-cab-id","id":5,"command_status":2}}"#)
        == .commandStatus(id: "5", state: .succeeded, body: .null))
  }

  @Test func `messages about requested data`() {
    #expect(
      ServiceMessage(
        parsing:
          #"{"data":{"type":"X-DPT-CAB-REQUEST-ID","id":"r","data_context":"c","output_type":1,"body":"a"}}"#
      )
        == .requestData(
          id: "r", context: "c", outputType: 1, body: .secret(text: "a")))
    #expect(
      ServiceMessage(
        parsing: #"{"data":{"type":"X-DPT-CAB-REQUEST-ID","id":"r","output_type":"0","body":null}}"#
      )
        == .requestData(id: "r", context: nil, outputType: 0, body: .null))
    #expect(
      ServiceMessage(parsing: #"{"data":{"type":"STREAM-READY","id":"r"}}"#)
        == .streamReady(id: "r", url: nil))
    #expect(
      ServiceMessage(parsing: #"{"data":{"type":"STREAM-READY","requestId":"r","streamUrl":"u"}}"#)
        == .streamReady(id: "r", url: Secret("u")))
  }

  @Test(arguments: [
    "", "hello", "null", "[]", "{}", "\u{0}", #"{"data":{}}"#, #"{"data":[1]}"#, #"{"data":"x"}"#,
    #"{"data":{"type":"NEWS","id":"c"}}"#, #"{"data":{"type":"X-DPT-CAB-ID","command_status":2}}"#,
    #"{"data":{"type":"X-DPT-CAB-ID","id":"c"}}"#,
    #"{"data":{"type":"X-DPT-CAB-ID","id":"c","command_status":{}}}"#,
    #"{"data":{"type":"X-DPT-CAB-ID","id":"","command_status":2}}"#,
    #"{"data":{"type":"X-DPT-CAB-REQUEST-ID","body":"x"}}"#, #"{"status":200}"#,
    #"{"status":200,"data":{"message":"hello"}}"#, #"{"correlationId":"k"}"#,
    #"{"data":{"type":"X-DPT-CAB-ID","id":"c","command_status":2"#,
    String(repeating: "[", count: 100_000),
    String(repeating: #"{"data":"#, count: 50_000),
  ])
  func `what the contract does not know is ignored`(text: String) {
    #expect(ServiceMessage(parsing: text) == .ignored)
  }

  @Test func `a message over the limit is ignored`() {
    let filler = String(repeating: " ", count: ServiceMessage.maximumCount)
    #expect(
      ServiceMessage(parsing: #"{"status":200,"data":{"channelId":"c"}}"# + filler) == .ignored)
  }

  @Test func `a message cut anywhere is ignored`() {
    let text = #"{"data":{"type":"X-DPT-CAB-ID","id":"c\u00e9","command_status":2,"body":[1.5e3]}}"#
    for count in 0..<text.utf8.count {
      #expect(ServiceMessage(parsing: String(text.prefix(count))) == .ignored, "\(count)")
    }
  }

  private static let sealed = Base64.encode([UInt8](repeating: 9, count: 28))

  @Test(
    arguments: [
      (1, "https://down/?auth=x", RequestedData.address(Secret("https://down/?auth=x"))),
      (1, " HTTP://down/ ", .address(Secret("HTTP://down/"))), (1, "value", .auth(Secret("value"))),
      (1, "", .notice("no address yet")), (nil, "http://down/", .address(Secret("http://down/"))),
      (0, sealed, .payload([UInt8](repeating: 9, count: 28))),
      (nil, sealed, .payload([UInt8](repeating: 9, count: 28))),
      (0, String(sealed.dropLast(2)), .payload([UInt8](repeating: 9, count: 28))),
      (
        0, Base64.encode([UInt8](repeating: 9, count: 27)),
        .notice(Base64.encode([UInt8](repeating: 9, count: 27)))
      ),
      (0, "Your data is on its way", .notice("Your data is on its way")), (0, "", .notice("")),
      (7, "text", .notice("text")),
    ] as [(Int?, String, RequestedData)])
  func `the body of requested data is recognised by its content`(
    outputType: Int?, body: String, data: RequestedData
  ) {
    #expect(RequestedData(outputType: outputType, body: .secret(text: body)) == data)
  }

  @Test func `a client sends both known forms at once`() {
    #expect(
      ClientFrame.join(token: Secret("t\"1"), correlationID: "k")
        == #"{"action":"joinChannel","correlationId":"k","authorizationToken":"t\"1","#
        + #""data":{"authorizationToken":"t\"1","correlationId":"k"}}"#)
    #expect(
      ClientFrame.leave(token: Secret("t"), correlationID: "k", channelID: "c")
        == #"{"action":"leaveChannel","correlationId":"k","authorizationToken":"t","#
        + #""data":{"authorizationToken":"t","correlationId":"k","channelId":"c"}}"#)
  }
}
