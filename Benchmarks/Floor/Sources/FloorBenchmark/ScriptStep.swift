/// One thing that a client does for a tenant.
enum ScriptStep {
  /// Sends a request and waits for the answer.
  case exchange(ScriptExchange)
  /// Opens the tenant's socket.
  case connect
  /// Sends a message on it.
  case send(Template)
  /// Waits for a message on it.
  case receive(ExpectedMessage)
  /// Closes it, and waits until it is closed.
  case close
}

/// A message that a client waits for.
enum ExpectedMessage {
  case joined
  /// The acknowledgement of the latest command.
  case acknowledgement
  case left
}

/// One request and what its answer must be.
struct ScriptExchange {
  enum Body {
    case none
    case form(Template)
    case json(Template)

    var text: Template? {
      switch self {
      case .none: nil
      case .form(let text), .json(let text): text
      }
    }

    var contentType: String? {
      switch self {
      case .none: nil
      case .form: "application/x-www-form-urlencoded"
      case .json: "application/json"
      }
    }
  }

  enum Access {
    case open
    case token
  }

  let method: String
  let path: Template
  let body: Body
  let access: Access
  let status: Int
  /// What the body must contain.
  let content: String
  /// The values that the answer brings: for each the text that stands before it, if any.
  let values: [(Slot, after: String?)]

  /// The headers to send, in this order.
  func headers(_ values: TenantValues) -> [(String, String)] {
    var headers: [(String, String)] = []
    headers.reserveCapacity(4)
    if case .token = access { headers.append(("X-DPT-AUTHORIZATION", values[.token])) }
    headers.append(("Accept", "application/json, text/plain;q=0.8, */*;q=0.5"))
    if let type = body.contentType { headers.append(("Content-Type", type)) }
    headers.append(("Accept-Encoding", "identity, gzip"))
    return headers
  }
}

extension ScriptStep {
  /// A request that is answered with 200.
  static func read(
    _ path: Template, content: String = "", _ values: [(Slot, after: String?)] = []
  ) -> ScriptStep {
    .exchange(
      ScriptExchange(
        method: "GET", path: path, body: .none, access: .token, status: 200, content: content,
        values: values))
  }

  /// A request that is sent before there is a token, or that is a read with a body.
  static func post(
    _ path: Template, _ body: ScriptExchange.Body, access: ScriptExchange.Access, status: Int = 200,
    _ values: [(Slot, after: String?)]
  ) -> ScriptStep {
    .exchange(
      ScriptExchange(
        method: "POST", path: path, body: body, access: access, status: status, content: "",
        values: values))
  }

  /// A command: a request that is answered with its id, and the wait for its acknowledgement.
  static func command(_ path: Template, _ body: ScriptExchange.Body) -> [ScriptStep] {
    [
      post(path, body, access: .token, status: 202, [(.command, after: nil)]),
      .receive(.acknowledgement),
    ]
  }
}
