import NIOCore

/// Why the other side closes, as its close frame says (RFC 6455 §5.5.1 and §7.4).
struct CloseStatus: Hashable {
  /// The code of the frame, or nil for a frame without one.
  let code: UInt16?
  /// The reason that came with it, as it came; empty without one.
  let reason: String

  /// Reads the body of a close frame; nil when it breaks the protocol.
  ///
  /// That is a body of one byte, a code that must not be sent, or a reason that is not UTF-8.
  init?(_ body: ByteBuffer) {
    var body = body
    guard body.readableBytes > 0 else {
      code = nil
      reason = ""
      return
    }
    guard let code = body.readInteger(as: UInt16.self), Self.mayBeSent(code),
      let reason = String(validating: body.readableBytesView, as: UTF8.self)
    else { return nil }
    self.code = code
    self.reason = reason
  }

  /// Whether the socket ended as it should: normally, or because the other side goes away.
  var isClean: Bool { [nil, 1000, 1001].contains(code) }

  /// Such as `code 1013 (try again later)`.
  var description: String {
    let code = code.map { "code \($0)" } ?? "no code"
    return reason.isEmpty ? code : "\(code) (\(reason))"
  }

  /// RFC 6455 §7.4.1 and §7.4.2, with 1012 to 1014 of the IANA registry of close codes.
  private static func mayBeSent(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
