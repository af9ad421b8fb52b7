/// Which of the service's addresses a request goes to (protocol.md §1).
package enum Endpoint: Sendable, Hashable {
  /// The HTTP API.
  case api
  /// The upload server.
  case upstream
  /// The download server.
  case downstream
  /// A complete `http` or `https` address that the service named itself.
  case url(String)
}

/// One name and value of a query or header, in the order it is sent.
package struct HTTPField: Sendable, Hashable {
  /// The name as it is sent; headers compare it without case.
  package var name: String
  /// The value before any percent-encoding.
  package var value: String

  /// Whether it is the header of that name, case ignored (RFC 9110 §5.1).
  package func isNamed(_ name: String) -> Bool {
    self.name.utf8.count == name.utf8.count
      && zip(self.name.utf8, name.utf8).allSatisfy { $0.foldingCase == $1.foldingCase }
  }

  /// A pair whose value is sent as given; a header's value must hold no line end.
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// One HTTP request, complete but for the address that `endpoint` stands for.
///
/// It may carry a token, a password or a payload, so it prints as its method and endpoint only.
package struct APIRequest: Sendable, Hashable {
  /// The address that the path is appended to, or a complete one.
  package var endpoint: Endpoint
  /// The HTTP method in capitals.
  package var method: String
  /// The percent-encoded path, beginning with a slash; ignored for `Endpoint.url`.
  package var path: String
  /// Sent as `?name=value&…`, percent-encoded by the transport, brackets too.
  package var query: [HTTPField]
  /// The headers that the operation needs, in order; the transport adds its own, such as `Host`.
  package var headers: [HTTPField]
  /// What the request carries: bytes in memory, or a file that is read while it is sent.
  package var content: Content
  /// Where the body of a successful answer goes; nil keeps it in memory.
  package var download: FileDownload?
  /// The instant after which it must not leave any more; nil for a request that may leave at any time.
  package var sendBy: Moment?

  /// What a request has for a body.
  package enum Content: Sendable, Hashable {
    case bytes([UInt8])
    /// A file of any size, read while it is sent.
    case file(FileUpload)
  }

  /// The body, empty where it is a file.
  package var body: [UInt8] {
    get {
      switch content {
      case .bytes(let bytes): bytes
      case .file: []
      }
    }
    set { content = .bytes(newValue) }
  }

  /// A request with its body in memory; a file to send or to receive is set afterwards.
  package init(
    endpoint: Endpoint = .api, method: String, path: String, query: [HTTPField] = [],
    headers: [HTTPField] = [], body: [UInt8] = []
  ) {
    self.endpoint = endpoint
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    content = .bytes(body)
  }

  /// The value of the first header of that name, case ignored.
  package func header(_ name: String) -> String? {
    headers.first { $0.isNamed(name) }?.value
  }
}

extension APIRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The method alone: path, query, headers and body may hold secrets.
  package var description: String { "\(method) request" }
  /// The same as `description`, so that a debugger shows no secret.
  package var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows no secret.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// One HTTP answer, its body whole: in memory, or in the file that the request named.
package struct APIResponse: Sendable, Hashable {
  /// The HTTP status as received, which may be outside 100 to 599.
  package var status: Int
  /// The headers in the order received; a name may occur more than once.
  package var headers: [HTTPField]
  /// The body: bytes in memory, or the file it was written to.
  package var content: Content
  /// When it came, for dates that it gives without a `Date` of its own; nil where nobody knows.
  package var receivedAt: Moment?

  /// What an answer has for a body.
  package enum Content: Sendable, Hashable {
    case bytes([UInt8])
    case file(ReceivedFile)
  }

  /// The body, empty where it went into a file.
  package var body: [UInt8] {
    get {
      switch content {
      case .bytes(let bytes): bytes
      case .file: []
      }
    }
    set { content = .bytes(newValue) }
  }

  /// A response with its body in memory; the machine sets `receivedAt` when it arrives.
  package init(status: Int, headers: [HTTPField] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    content = .bytes(body)
  }

  /// Bytes of the body as it came.
  package var byteCount: Int {
    switch content {
    case .bytes(let bytes): bytes.count
    case .file(let received): received.byteCount
    }
  }

  /// The file that the body went into.
  package var file: LocalFile? {
    switch content {
    case .bytes: nil
    case .file(let received): received.file
    }
  }

  /// The value of the first header of that name, case ignored.
  package func header(_ name: String) -> String? {
    headers.first { $0.isNamed(name) }?.value
  }
}

extension APIResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The status alone: headers and body may hold secrets.
  package var description: String { "HTTP \(status)" }
  /// The same as `description`, so that a debugger shows no secret.
  package var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows no secret.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension APIRequest {
  /// Whether files go out or come in with it.
  package var movesFiles: Bool {
    switch content {
    case .file: true
    case .bytes: download != nil
    }
  }
}

extension UInt8 {
  /// The same letter in lower case where it is one of ASCII.
  var foldingCase: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
  }
}
