import Expressions
import Operations
import OrderedCollections
import Sandbox

/// A client of a vault in virtual time: sends requests, keeps what its sockets received.
struct VaultClient {
  static let start = Moment(nanoseconds: 1_790_000_000_000_000_000)
  static let password = "correct horse battery"

  var vault: Vault
  var now = start
  var token: String?
  /// Everything sent to sockets, in order.
  var received: [(text: String, connection: ConnectionID)] = []
  var closed: [ConnectionID] = []
  /// Sockets that a fault broke.
  var dropped: [ConnectionID] = []
  /// The downtime of each restart.
  var restarts: [Duration] = []
  var discarded: [BlobID] = []

  init(seed: UInt64 = 1, _ configure: (inout VaultConfiguration) -> Void = { _ in }) {
    var configuration = VaultConfiguration()
    configuration.delay = .zero
    configuration.voterDelay = .zero
    configure(&configuration)
    vault = Vault(configuration: configuration, seed: seed)
  }

  /// A client of a vault that speaks these variants, each `name=choice`.
  static func speaking(
    _ choices: [String], _ configure: (inout VaultConfiguration) -> Void = { _ in }
  ) -> VaultClient {
    VaultClient { configuration in
      configuration.speak(choices)
      configure(&configuration)
    }
  }

  mutating func send(_ request: APIRequest) -> APIResponse {
    let reaction = vault.receive(request, at: now)
    take(reaction.emissions)
    DocumentedRefusals.check(reaction.response, to: request)
    return reaction.response
  }

  mutating func post(_ path: String, _ fields: KeyValuePairs<String, String> = [:]) -> APIResponse {
    post(path, form: fields.map { HTTPField($0.key, $0.value) })
  }

  mutating func post(_ path: String, form: [HTTPField]) -> APIResponse {
    let body = PercentEncoding.form(form)
    return send(
      request("POST", path, type: "application/x-www-form-urlencoded", body: Array(body.utf8)))
  }

  mutating func post(_ path: String, json: Value) -> APIResponse {
    send(
      request("POST", path, type: "application/json", body: Array(JSON.text(json).utf8)))
  }

  mutating func get(_ path: String, _ query: KeyValuePairs<String, String> = [:]) -> APIResponse {
    var request = request("GET", path, type: nil, body: [])
    request.query = query.map { HTTPField($0.key, $0.value) }
    return send(request)
  }

  func request(_ method: String, _ path: String, type: String?, body: [UInt8]) -> APIRequest {
    var headers = type.map { [HTTPField("Content-Type", $0)] } ?? []
    if let token { headers.append(HTTPField("X-DPT-AUTHORIZATION", token)) }
    return APIRequest(method: method, path: path, headers: headers, body: body)
  }

  mutating func wait(_ duration: Duration) {
    now = now + duration
    take(vault.advance(to: now))
  }

  mutating func say(_ frame: Value, on connection: ConnectionID = ConnectionID(1)) {
    take(vault.receive(text: JSON.text(frame), on: connection, at: now))
  }

  mutating func take(_ emissions: [VaultEmission]) {
    DocumentedRefusals.check(vault)
    for emission in emissions {
      switch emission {
      case .send(let text, let connection): received.append((text, connection))
      case .close(let connection): closed.append(connection)
      case .drop(let connection): dropped.append(connection)
      case .restart(let downtime): restarts.append(downtime)
      case .discard(let blob): discarded.append(blob)
      }
    }
  }
}

/// Whole parts of a tenant's life.
extension VaultClient {
  /// Registers a profile, authenticates, joins and registers a key.
  static func provisioned(
    seed: UInt64 = 1, _ configure: (inout VaultConfiguration) -> Void = { _ in }
  ) -> VaultClient {
    var client = VaultClient(seed: seed, configure)
    client.provision("a@example.com", on: ConnectionID(1))
    return client
  }

  mutating func provision(_ username: String, on connection: ConnectionID) {
    token = nil
    register(username)
    authenticate(username)
    join(connection)
    let keys = get("/generate-keys").value
    _ = post("/public-key/register-public-key", ["publicKey": keys[field: "public"]?.text ?? ""])
    settle()
  }

  @discardableResult
  mutating func register(_ username: String) -> APIResponse {
    let answer = post(
      "/profile/register-profile", ["username": username, "password": Self.password])
    settle()
    return answer
  }

  mutating func authenticate(_ username: String) {
    let answer = post(
      "/profile/authenticate", ["username": username, "password": Self.password])
    token = answer.value[field: "authorizationToken"]?.text
  }

  mutating func join(_ connection: ConnectionID) {
    vault.connected(connection, at: now)
    say(
      ["action": "joinChannel", "authorizationToken": .string(token ?? ""), "correlationId": "c"],
      on: connection)
  }

  /// Lets what is due within a second happen.
  mutating func settle() {
    wait(.seconds(1))
  }

  mutating func device(_ name: String, role: String?) -> String {
    let request = post("/device/request-unique-identifier", ["deviceName": name]).commandID
    settle()
    let answer = post("/device/retrieve-unique-identifier", ["id": request]).value
    let device = answer[field: "deviceIdentifier"]?.text ?? ""
    _ = post("/device/approve-device", ["deviceIdentifier": device])
    settle()
    if let role { _ = post("/\(role)/register", ["deviceIdentifier": device]) }
    settle()
    return device
  }

  /// Reserves token space and retrieves the outcome.
  mutating func reservation(context: String = "contracts", ttl: String = "5") -> Value {
    let id = post("/data-token/reserve-token-space", ["context": context, "ttl": ttl]).commandID
    settle()
    return get("/data-token/retrieve-temporary-data-token/\(id)").value
  }

  /// Stores `payload` and returns its permanent token.
  mutating func stored(_ payload: String, context: String = "contracts") -> String {
    let token = reservation(context: context)[field: "token"]?.text ?? ""
    _ = post(
      "/data-token/exchange-data-for-token",
      ["temporaryTokenSpace": token, "data": Base64.encode(payload.utf8)])
    settle()
    let answer = post("/data-token/configure-file-meta", fileMeta(of: token)).value
    return answer[field: "token"]?.text ?? ""
  }

  func fileMeta(of token: String) -> KeyValuePairs<String, String> {
    [
      "token": token, "fileName": "contract.txt", "extension": "txt", "context": "contracts",
      "size": "5", "path": "/",
    ]
  }
}

/// Reading.
extension VaultClient {
  /// How a command ended: its word when polled, and the reason sent on the socket.
  func status(of command: String) -> String? {
    var copy = self
    let answer = copy.get("/request-status/\(command)")
    guard case .list(let words) = answer.value, !words.isEmpty else { return nil }
    return words[0].text
  }

  /// The `data` of every message to sockets that has this `type`.
  func messages(_ type: String) -> [Value] {
    received.compactMap { try? JSON.parse($0.text.utf8)[field: "data"] }
      .filter { $0[field: "type"] == .string(type) }
  }

  /// The last message on a socket about a command, as `status body`.
  func outcome(of command: String) -> String? {
    messages("X-DPT-CAB-ID").last { $0[field: "id"] == .string(command) }.map {
      "\($0[field: "command_status"]?.plainText ?? "") \($0[field: "body"]?.text ?? "")"
    }
  }

  /// How often an operation was received and had an effect.
  func count(of operation: String) -> Ledger.Count? { vault.ledger.operations[operation] }

  var violations: [String] { vault.ledger.violations.map(\.kind.rawValue) }
}

extension APIResponse {
  var value: Value { (try? JSON.parse(body)) ?? .null }

  /// The command id in the header, which must be in the body too.
  var commandID: String { header("X-Dpt-Cab-Id") ?? "" }
}

extension VaultConfiguration {
  /// Fixes variants, each `name=choice`.
  mutating func speak(_ choices: [String]) {
    for choice in choices {
      let halves = choice.split(separator: "=").map(String.init)
      for variant in DialectVariant.all where variant.name == halves[0] { fix(variant, halves[1]) }
    }
  }
}
