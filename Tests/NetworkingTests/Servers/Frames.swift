import NIOCore
import NIOWebSocket

extension WebSocketFrame {
  static func of(
    _ opcode: WebSocketOpcode, _ text: String, fin: Bool = true
  ) -> WebSocketFrame {
    WebSocketFrame(fin: fin, opcode: opcode, data: ByteBuffer(string: text))
  }

  static func text(_ text: String) -> WebSocketFrame { of(.text, text) }

  static func masked(_ text: String) -> WebSocketFrame {
    WebSocketFrame(
      fin: true, opcode: .text, maskKey: [1, 2, 3, 4], data: ByteBuffer(string: text))
  }

  /// A close frame; nil is one without a code.
  static func close(_ code: UInt16?, _ reason: [UInt8] = []) -> WebSocketFrame {
    var body = ByteBuffer()
    if let code { body.writeInteger(code) }
    body.writeBytes(reason)
    return WebSocketFrame(fin: true, opcode: .connectionClose, data: body)
  }
}
