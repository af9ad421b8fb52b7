import Expressions
import Operations

extension Vault {
  private static let uploadOperation = "data-token.upstream-file-via-stream-auth"
  private static let downloadOperation = "data-token.download-data"

  /// Takes a payload at the upload server: single use, within the reservation's life.
  ///
  /// The answer is the end for the client; the token resolves once storage has the payload, which
  /// a vote may still prevent (protocol.md §15).
  mutating func upload(_ request: APIRequest) -> APIResponse {
    guard request.path == "/" || request.path.isEmpty else { return .failure(404, "not found") }
    guard request.method == "POST" else { return .failure(405, "method not allowed") }
    ledger.received(Self.uploadOperation)
    guard request.body.count <= configuration.limits.uploadBytes else {
      return .failure(413, "payload too large")
    }
    let value = request.streamValue
    if usedUploads.contains(value) {
      ledger.note(.reusedStreamValue, operation: Self.uploadOperation, at: clock)
    }
    guard let id = uploads[value], let reservation = reservations[id],
      reservation.expiresAt > clock, reservation.state == .open
    else { return .failure(401, "invalid stream authorization") }
    guard hasRoom, hasSpace(for: request.body.count) else { return .full }
    uploads[value] = nil
    usedUploads.insert(value)
    let command = submit(
      .dataToken(.store(request.body, in: id)), operation: Self.uploadOperation,
      owner: reservation.owner, audience: .nobody)
    reservations[id]?.state = .claimed(command)
    return .json(.map(ValueMap()))
  }

  /// Gives a requested payload out, once.
  mutating func download(_ request: APIRequest) -> APIResponse {
    guard request.path == "/" || request.path.isEmpty else { return .failure(404, "not found") }
    guard request.method == "GET" else { return .failure(405, "method not allowed") }
    ledger.received(Self.downloadOperation)
    let value = request.streamValue
    guard let pass = downloads[value], pass.expiresAt > clock else {
      return .failure(401, "invalid stream authorization")
    }
    guard !pass.isUsed else {
      ledger.note(.reusedStreamValue, operation: Self.downloadOperation, at: clock)
      return .failure(401, "invalid stream authorization")
    }
    downloads[value]?.isUsed = true
    guard let token = dataTokens[pass.token] else { return .failure(404, "nothing is ready") }
    return APIResponse(
      status: 200, headers: [HTTPField("Content-Type", "application/octet-stream")],
      body: token.payload)
  }

  /// Whether a payload can be given to whoever asked for it; without a holder it never is.
  func release(_ id: DataTokenID, to command: Command) -> Verdict {
    guard let token = dataTokens[id] else { return .refused("data_token.not_found") }
    guard token.owner == command.owner else { return .refused(Refusal.notAnOwner.key) }
    return liveHolders(of: token).isEmpty ? .waits : .unchanged("Data requested.")
  }

  /// Sends the message that brings a requested payload (protocol.md §3, `output_type`).
  mutating func deliver(_ id: DataTokenID, request: String, to owner: ProfileID) {
    guard let token = dataTokens[id] else { return }
    let text = Base64.encode(token.payload)
    if configuration.dialect.delivery == .inline,
      text.utf8.count <= configuration.limits.inlineCharacters
    {
      publish(dataMessage(request, token, kind: 0, body: text), to: owner)
      return
    }
    let value = newSecret()
    downloads[value] = DownloadPass(
      token: id, expiresAt: clock + configuration.downloadLifetime)
    switch configuration.dialect.delivery {
    case .link:
      let address = "\(configuration.downstream.url)/?auth=\(value)"
      publish(dataMessage(request, token, kind: 1, body: address), to: owner)
    case .inline:
      publish(dataMessage(request, token, kind: 1, body: value), to: owner)
      publish(["data": ["type": "STREAM-READY", "id": .string(request)]], to: owner)
    }
  }

  private func dataMessage(
    _ request: String, _ token: DataToken, kind: Int64, body: String
  ) -> Value {
    [
      "data": [
        "type": "X-DPT-CAB-REQUEST-ID", "id": .string(request),
        "data_context": .string(token.context), "output_type": .int(kind), "body": .string(body),
      ]
    ]
  }
}

extension APIRequest {
  fileprivate var streamValue: String { query.first { $0.name == "auth" }?.value ?? "" }
}
