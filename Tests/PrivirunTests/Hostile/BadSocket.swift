import NIOWebSocket
import Testing

/// What a WebSocket should not do, and when it does it.
struct BadSocket: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let acts: [SocketAct]
  /// Whether the connection is over afterwards.
  var endsConnection = true

  init(_ name: String, _ acts: SocketAct...) { self.init(name, acts) }

  init(_ name: String, _ acts: [SocketAct]) {
    testDescription = name
    self.acts = acts
  }

  static let all =
    nonsense.map { bad in
      var bad = bad
      bad.endsConnection = false
      return bad
    } + violations + closes

  /// What is passed over: nothing of it ends anything.
  private static let nonsense: [BadSocket] = [
    BadSocket("no JSON", .text("hello")),
    BadSocket("half of JSON", .text(#"{"data":{"type":"X-DPT"#)),
    BadSocket("other JSON", .text("[1]"), .text("null"), .text("{}")),
    BadSocket("an unknown type", .text(#"{"data":{"type":"GREETING","id":"c-1"}}"#)),
    BadSocket("a binary message", .frame(.binary, [1, 2, 3])),
    BadSocket(
      "a message in pieces",
      .frame(.text, Array(#"{"data":"#.utf8), fin: false), .frame(.continuation, Array("{}}".utf8))
    ),
    BadSocket(
      "another's command",
      .text(#"{"data":{"type":"X-DPT-CAB-ID","id":"c-9","command_status":3,"body":"no"}}"#)),
    BadSocket(
      "a status without a number",
      .text(#"{"data":{"type":"X-DPT-CAB-ID","id":"c-1","command_status":{}}}"#)),
    BadSocket(
      "a thousand pings", Array(repeating: .frame(.ping, [1]), count: 1000)),
  ]

  private static let violations: [BadSocket] = [
    BadSocket("a masked frame", .frame(.text, Array("{}".utf8), masked: true)),
    BadSocket(
      "a message too large", .frame(.text, [UInt8](repeating: 0x20, count: (1 << 20) + 1))),
    BadSocket(
      "a message too large in pieces",
      .frame(.text, [UInt8](repeating: 0x20, count: 1 << 19), fin: false),
      .frame(.continuation, [UInt8](repeating: 0x20, count: 1 << 19), fin: false),
      .frame(.continuation, [0x20])),
    BadSocket("a piece of nothing", .frame(.continuation, [0x20])),
    BadSocket("text that is not UTF-8", .frame(.text, [0xFF])),
    BadSocket("a ping in pieces", .frame(.ping, [], fin: false)),
    BadSocket("a ping too long", .frame(.ping, [UInt8](repeating: 0, count: 126))),
    BadSocket("a close frame of one byte", .frame(.connectionClose, [3])),
    BadSocket("a close frame of code 1005", .close(1005)),
    BadSocket("a close frame of code 2999", .close(2999)),
  ]

  private static let closes: [BadSocket] =
    [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999]
    .map { (code: UInt16) in BadSocket("closed with \(code)", .close(code)) } + [
      BadSocket("closed without a code", .close(nil)), BadSocket("cut off", .drop),
    ]
}

/// How an upgrade to WebSocket or a join is answered when it is answered badly.
enum BadOpening {
  static let upgrades: [BadAnswer] =
    [200, 301, 401, 403, 404, 426, 429, 500, 502, 503].map { status in
      BadAnswer(
        "upgrade \(status)", .whole(status, "", headers: "Location: http://127.0.0.1:1/\r\n"))
    } + [
      BadAnswer("upgrade without an accept key", upgrade("")),
      BadAnswer("upgrade with a wrong accept key", upgrade("Sec-WebSocket-Accept: AAAA\r\n")),
      BadAnswer("upgrade closed", .bytes("")),
      BadAnswer("upgrade not in HTTP", .bytes("SSH-2.0-OpenSSH_9.2\r\n\r\n")),
    ]

  private static func upgrade(_ header: String) -> HostileAnswer {
    .bytes(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        + "\(header)\r\n")
  }

  static let joins: [BadSocket] =
    [400, 401, 403, 409, 500].map { BadSocket("join \($0)", .text(refusal($0))) } + [
      BadSocket("join refused without a reason", .text(#"{"status":401,"data":{}}"#)),
      BadSocket("join refused and closed", .text(refusal(401)), .close(1008)),
      BadSocket("join closed with 1008", .close(1008)),
      BadSocket("join cut off", .drop),
      BadSocket("join answered with garbage and closed", .text("}{"), .close(1011)),
      BadSocket("join masked", .frame(.text, Array("{}".utf8), masked: true)),
    ]

  private static func refusal(_ status: Int) -> String {
    #"{"status":\#(status),"data":{"message":"because of \#(status)"}}"#
  }
}
