import NIOHTTP1

/// A request to the status server, whose body is counted and thrown away.
struct StatusRequest {
  let head: HTTPRequestHead
  var bodyBytes = 0

  init(_ head: HTTPRequestHead) {
    self.head = head
  }

  var method: String { head.method.rawValue }
  var target: String { head.uri }
  /// Whether the client keeps the connection; one of HTTP/1.0 would have to be assured of it in the response.
  var mayStayOpen: Bool { head.isKeepAlive && head.version != .http1_0 }

  /// The response to what breaks a rule of HTTP or a limit, after which the connection ends; nil where nothing
  /// does.
  func refusal(_ limits: StatusLimits) -> StatusAnswer? {
    if bodyBytes > limits.bodyBytes { return .line(413, "The body is too long.") }
    // RFC 9112 §3.2.
    let hosts = head.headers[canonicalForm: "host"].count
    guard hosts == 1 || head.version == .http1_0 else {
      return .line(400, "The request needs one field `Host`.")
    }
    return nil
  }
}
