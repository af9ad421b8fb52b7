/// How a server broke the WebSocket protocol.
enum WebSocketViolation: Hashable {
  case maskedFrame
  case reservedBits
  /// RSV1, which permessage-deflate uses (RFC 7692 §6).
  case compressed
  case unknownOpcode
  case fragmentOrder
  case controlFrame
  case closeFrame
  case invalidText
  case messageTooLarge

  /// The code of the close frame that answers it (RFC 6455 §7.4.1).
  var closeCode: UInt16 {
    switch self {
    case .maskedFrame, .reservedBits, .compressed, .unknownOpcode, .fragmentOrder, .controlFrame,
      .closeFrame:
      1002
    case .invalidText: 1007
    case .messageTooLarge: 1009
    }
  }

  /// What it did, to be said of an origin.
  var message: String {
    switch self {
    case .maskedFrame: "sent a masked WebSocket frame"
    case .reservedBits: "sent a WebSocket frame with reserved bits"
    case .compressed:
      "sent a compressed WebSocket frame (permessage-deflate), which was not negotiated"
    case .unknownOpcode: "sent a WebSocket frame of unknown kind"
    case .fragmentOrder: "sent fragments of WebSocket messages out of order"
    case .controlFrame: "sent a WebSocket control frame that is fragmented or too long"
    case .closeFrame: "sent a malformed WebSocket close frame"
    case .invalidText: "sent a WebSocket text message that is not UTF-8"
    case .messageTooLarge: "sent a WebSocket message that is larger than the limit"
    }
  }

  /// What to do about it, when that is known.
  var hint: String? {
    switch self {
    case .compressed:
      "turn off WebSocket compression in the server, or in the gateway in front of it"
    case .maskedFrame, .reservedBits, .unknownOpcode, .fragmentOrder, .controlFrame, .closeFrame,
      .invalidText, .messageTooLarge:
      nil
    }
  }
}
