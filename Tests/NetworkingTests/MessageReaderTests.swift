import NIOCore
import NIOWebSocket
import Testing

@testable import Networking

@Suite struct MessageReaderTests {
  @Test(
    arguments: [
      ([.of(.text, "a"), .of(.text, "")], [.message("a"), .message("")]),
      (
        [
          .of(.text, "a", fin: false), .of(.ping, "p"), .of(.continuation, "b", fin: false),
          .of(.pong, ""), .of(.continuation, "c"),
        ],
        [.none, .ping(ByteBuffer(string: "p")), .none, .none, .message("abc")]
      ),
      (
        [.of(.binary, "123456", fin: false), .of(.continuation, "x"), .of(.text, "a")],
        [.none, .none, .message("a")]
      ),
      ([.of(.binary, "12", fin: false), .of(.continuation, "3")], [.none, .message("123")]),
      ([.notText, .text("a")], [.none, .message("a")]),
      (
        [.of(.binary, "1", fin: false), .of(.continuation, "2345"), .text("a")],
        [.none, .none, .message("a")]
      ),
      ([.of(.text, "1234")], [.message("1234")]),
      ([.of(.text, "12345"), .of(.text, "a")], [.violation(.messageTooLarge), .none]),
      (
        [.of(.text, "123", fin: false), .of(.continuation, "45", fin: false)],
        [.none, .violation(.messageTooLarge)]
      ),
      ([.masked("a")], [.violation(.maskedFrame)]),
      ([.of(.continuation, "a")], [.violation(.fragmentOrder)]),
      ([.of(.text, "a", fin: false), .of(.text, "b")], [.none, .violation(.fragmentOrder)]),
      ([.of(.binary, "a", fin: false), .of(.text, "b")], [.none, .violation(.fragmentOrder)]),
      ([.reserved(bit: 1)], [.violation(.compressed)]),
      ([.reserved(bit: 2)], [.violation(.reservedBits)]),
      ([.reserved(bit: 3)], [.violation(.reservedBits)]),
      ([.unknown(0x3)], [.violation(.unknownOpcode)]),
      ([.unknown(0xB)], [.violation(.unknownOpcode)]),
      ([.invalidText], [.violation(.invalidText)]),
      ([.split(first: [0xC3]), .ending([0xBC])], [.none, .message("ü")]),
    ] as [([WebSocketFrame], [MessageReader.Event])])
  func `frames become events`(frames: [WebSocketFrame], expected: [MessageReader.Event]) {
    var reader = MessageReader(limit: 4)
    #expect(frames.map { reader.read($0) } == expected)
  }

  @Test(arguments: [nil, 1000, 1001] as [UInt16?])
  func `a clean close`(code: UInt16?) throws {
    let status = try #require(closing(by: .close(code)))
    #expect(status.code == code)
    #expect(status.isClean)
  }

  @Test(arguments: [1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999])
  func `a close for a reason`(code: UInt16) throws {
    let status = try #require(closing(by: .close(code, Array("because".utf8))))
    #expect(status.code == code)
    #expect(status.description == "code \(code) (because)")
    #expect(!status.isClean)
  }

  @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535])
  func `a code that must not be sent`(code: UInt16) {
    #expect(closing(by: .close(code)) == nil)
  }

  @Test func `a close frame that is cut or not UTF-8`() {
    #expect(closing(by: .of(.connectionClose, "a")) == nil)
    #expect(closing(by: .close(1000, [0xFF])) == nil)
  }

  @Test func `nothing is read after a close`() {
    var reader = MessageReader(limit: 4)
    _ = reader.read(.close(1000))
    #expect(reader.read(.text("a")) == .none)
  }

  /// The status of a close frame, nil when the frame breaks the protocol.
  private func closing(by frame: WebSocketFrame) -> CloseStatus? {
    var reader = MessageReader(limit: 4)
    switch reader.read(frame) {
    case .closed(let status): return status
    case .violation(.closeFrame): return nil
    case .none, .message, .ping, .violation:
      Issue.record("no event of a close frame")
      return nil
    }
  }
}

extension WebSocketFrame {
  fileprivate static func reserved(bit: Int) -> WebSocketFrame {
    WebSocketFrame(
      fin: true, rsv1: bit == 1, rsv2: bit == 2, rsv3: bit == 3, opcode: .text,
      data: ByteBuffer())
  }

  fileprivate static func unknown(_ code: UInt8) -> WebSocketFrame {
    WebSocketFrame(
      fin: true, opcode: WebSocketOpcode(encodedWebSocketOpcode: code) ?? .text,
      data: ByteBuffer())
  }

  fileprivate static let invalidText = WebSocketFrame(
    fin: true, opcode: .text, data: ByteBuffer(bytes: [0xC3, 0x28]))

  fileprivate static let notText = WebSocketFrame(
    fin: true, opcode: .binary, data: ByteBuffer(bytes: [0xC3, 0x28]))

  fileprivate static func split(first bytes: [UInt8]) -> WebSocketFrame {
    WebSocketFrame(fin: false, opcode: .text, data: ByteBuffer(bytes: bytes))
  }

  fileprivate static func ending(_ bytes: [UInt8]) -> WebSocketFrame {
    WebSocketFrame(fin: true, opcode: .continuation, data: ByteBuffer(bytes: bytes))
  }
}
