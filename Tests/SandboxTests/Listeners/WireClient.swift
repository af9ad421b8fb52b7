import Expressions
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Operations
import Sandbox

/// A client over real HTTP.
struct WireClient {
  private let addresses: SandboxAddresses
  private var token: String?

  init(_ addresses: SandboxAddresses) {
    self.addresses = addresses
  }

  /// The same client of a server at other addresses.
  func moved(to addresses: SandboxAddresses) -> WireClient {
    var client = WireClient(addresses)
    client.token = token
    return client
  }

  func send(
    _ method: String, _ path: String, type: String? = nil, body: [UInt8] = []
  ) async throws -> APIResponse {
    try await send(method, url: "\(addresses.api)\(path)", type: type, body: body)
  }

  func post(
    _ path: String, _ fields: KeyValuePairs<String, String>
  ) async throws -> APIResponse {
    let body = PercentEncoding.form(fields.map { HTTPField($0.key, $0.value) })
    return try await send(
      "POST", path, type: "application/x-www-form-urlencoded", body: Array(body.utf8))
  }

  func fetch(_ url: String) async throws -> APIResponse {
    try await send("GET", url: url, type: nil, body: [])
  }

  func upload(_ bytes: [UInt8], to url: String) async throws -> APIResponse {
    try await send("POST", url: url, type: "application/octet-stream", body: bytes)
  }

  private func send(
    _ method: String, url: String, type: String?, body: [UInt8]
  ) async throws -> APIResponse {
    var headers: HTTPHeaders = [:]
    if let type { headers.add(name: "Content-Type", value: type) }
    if let token { headers.add(name: "X-DPT-AUTHORIZATION", value: token) }
    let answer = try await WireExchange.perform(
      HTTPMethod(rawValue: method), url, headers, body: body)
    return APIResponse(
      status: Int(answer.head.status.code),
      headers: answer.head.headers.map { HTTPField($0.name, $0.value) }, body: answer.body)
  }
}

/// Whole parts of a tenant's life.
extension WireClient {
  mutating func provision(_ socket: WireSocket) async throws {
    try await authenticate()
    try await join(socket)
    let keys = try await send("GET", "/generate-keys").value
    try await command(
      "/public-key/register-public-key", ["publicKey": keys[field: "public"]?.text ?? ""], socket)
  }

  /// Registers a profile and shows its token from then on.
  mutating func authenticate() async throws {
    let credentials: KeyValuePairs = [
      "username": "a@example.com", "password": VaultClient.password,
    ]
    let id = try await post("/profile/register-profile", credentials).commandID
    while try await send("GET", "/request-status/\(id)").value == ["started"] {}
    let answer = try await post("/profile/authenticate", credentials)
    let value = answer.value[field: "authorizationToken"]?.text ?? ""
    token = value
  }

  func join(_ socket: WireSocket) async throws {
    let frame = #"{"action":"joinChannel","data":{"authorizationToken":"\#(token ?? "")"}}"#
    try await socket.write(.text, Array(frame.utf8))
    _ = try await socket.next()
  }

  /// Sends a command and waits for its acknowledgement.
  @discardableResult
  func command(
    _ path: String, _ fields: KeyValuePairs<String, String>, _ socket: WireSocket
  ) async throws -> String {
    let id = try await post(path, fields).commandID
    _ = try await socket.message("X-DPT-CAB-ID", id: id)
    return id
  }

  func enrolStore(_ socket: WireSocket) async throws {
    let id = try await command(
      "/device/request-unique-identifier", ["deviceName": "store"], socket)
    let answer = try await post("/device/retrieve-unique-identifier", ["id": id])
    let device: KeyValuePairs = [
      "deviceIdentifier": answer.value[field: "deviceIdentifier"]?.text ?? ""
    ]
    try await command("/device/approve-device", device, socket)
    try await command("/storage/register", device, socket)
  }

  func reserve(_ socket: WireSocket) async throws -> Value {
    let id = try await command(
      "/data-token/reserve-token-space", ["context": "contracts"], socket)
    return try await send("GET", "/data-token/retrieve-temporary-data-token/\(id)").value
  }

  func store(_ payload: String, _ socket: WireSocket) async throws -> String {
    try await enrolStore(socket)
    let token = try await reserve(socket)[field: "token"]?.text ?? ""
    let fields: KeyValuePairs = [
      "temporaryTokenSpace": token, "data": Base64.encode(payload.utf8),
    ]
    try await command("/data-token/exchange-data-for-token", fields, socket)
    return token
  }
}

/// A connection that says whatever a test wants.
enum RawConnection {
  /// Writes `text` and returns everything that comes until the other side closes, or `end` came.
  static func exchange(
    _ text: String, _ url: String, closingAfterwards: Bool = false, until end: String? = nil,
    within mark: String? = nil
  ) async throws -> String {
    let port = Int(url.split(separator: ":").last ?? "") ?? 0
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: text))
      if closingAfterwards {
        try await channel.channel.close()
        return ""
      }
      var answer = ""
      for try await part in inbound {
        answer += String(buffer: part)
        if let end, answer.hasSuffix(end) { break }
        if let mark, answer.contains(mark) { break }
      }
      return answer
    }
  }
}
