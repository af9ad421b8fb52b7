/// What a hostile server sends back, byte for byte.
struct HostileAnswer: Sendable {
  /// What it does after these bytes.
  enum Afterwards: Sendable {
    case closes
    /// Keeps the connection and says nothing.
    case stalls
    /// Sends these bytes again and again, as fast as they are taken.
    case repeats([UInt8])
    /// Sends this byte again and again, one every few milliseconds.
    case drips(UInt8)
  }

  let bytes: [UInt8]
  var afterwards = Afterwards.closes

  /// These bytes and nothing else.
  static func bytes(_ bytes: String, _ afterwards: Afterwards = .closes) -> HostileAnswer {
    HostileAnswer(bytes: Array(bytes.utf8), afterwards: afterwards)
  }

  /// A whole answer.
  static func whole(
    _ status: Int, _ body: String, type: String = "application/json", headers: String = ""
  ) -> HostileAnswer {
    whole(status, Array(body.utf8), type: type, headers: headers)
  }

  /// A whole answer of any bytes.
  static func whole(
    _ status: Int, _ body: [UInt8], type: String, headers: String = ""
  ) -> HostileAnswer {
    let head =
      "HTTP/1.1 \(status) Whatever\r\nContent-Type: \(type)\r\n\(headers)"
      + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    return HostileAnswer(bytes: Array(head.utf8) + body)
  }

  static func json(_ body: String) -> HostileAnswer { whole(200, body) }
}
