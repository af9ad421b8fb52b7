import Expressions
package import Operations

extension Vault {
  private static let uploadOperation = "data-token.upstream-file-via-stream-auth"
  private static let downloadOperation = "data-token.download-data"

  /// Takes a payload at the upload server: single use, within the reservation's life.
  ///
  /// The answer is the end for the client; the token resolves once storage has the payload, which
  /// a vote may still prevent (protocol.md §15).
  mutating func upload(_ request: APIRequest, _ payload: Payload) -> APIResponse {
    let answer = take(payload, from: request)
    if !(200..<300).contains(answer.status) { discard(payload) }
    return answer
  }

  private mutating func take(_ payload: Payload, from request: APIRequest) -> APIResponse {
    let claim = claim(for: request, byteCount: payload.count)
    if let response = refusal(of: claim, request) { return response }
    guard case .open(let id, let owner) = claim, hasRoom, hasSpace(for: payload) else {
      return .full
    }
    ledger.received(Self.uploadOperation)
    state.passes.uploads[request.streamValue] = nil
    state.passes.usedUploads.insert(request.streamValue)
    let command = submit(
      .dataToken(.store(payload, in: id)), operation: Self.uploadOperation, owner: owner,
      audience: dialect.upload == .command ? .profile(owner) : .nobody)
    state.records.reservations[id]?.state = .claimed(command)
    let header = HTTPField("X-Dpt-Cab-Id", command.text)
    return switch dialect.upload {
    case .plain: .json(.map(ValueMap()))
    case .command: .json(.map(ValueMap()), headers: [header])
    }
  }

  /// The answer to an upload that is refused whatever its body holds, so that nobody need read it.
  ///
  /// `byteCount` is what its head announces. Nil says that the body is wanted.
  package mutating func refusal(
    beforeUpload request: APIRequest, byteCount: Int, at now: Moment
  ) -> APIResponse? {
    state.time.reach(now)
    return refusal(of: claim(for: request, byteCount: byteCount), request)
  }

  /// What an upload may lay claim to.
  private enum Claim {
    case open(ReservationID, owner: ProfileID)
    case wrongPath, wrongMethod, tooLarge, unauthorized
  }

  private func claim(for request: APIRequest, byteCount: Int) -> Claim {
    guard request.path == "/" || request.path.isEmpty else { return .wrongPath }
    guard request.method == "POST" else { return .wrongMethod }
    guard byteCount <= configuration.limits.uploadBytes else { return .tooLarge }
    guard let id = state.passes.uploads[request.streamValue],
      let reservation = state.records.reservations[id],
      reservation.expiresAt > clock, reservation.state == .open
    else { return .unauthorized }
    return .open(id, owner: reservation.owner)
  }

  private mutating func refusal(of claim: Claim, _ request: APIRequest) -> APIResponse? {
    switch claim {
    case .open: return nil
    case .wrongPath: return .failure(404, "not found")
    case .wrongMethod: return .failure(405, "method not allowed")
    case .tooLarge:
      ledger.received(Self.uploadOperation)
      return .failure(413, "payload too large")
    case .unauthorized:
      ledger.received(Self.uploadOperation)
      if state.passes.usedUploads.contains(request.streamValue) {
        ledger.note(.reusedStreamValue, operation: Self.uploadOperation, at: clock)
      }
      return .failure(401, "invalid stream authorization")
    }
  }

  /// Gives a requested payload out, once.
  mutating func download(_ request: APIRequest) -> APIResponse {
    guard request.path == "/" || request.path.isEmpty else { return .failure(404, "not found") }
    guard request.method == "GET" else { return .failure(405, "method not allowed") }
    ledger.received(Self.downloadOperation)
    let value = request.streamValue
    guard let pass = state.passes.downloads[value], pass.expiresAt > clock else {
      return .failure(401, "invalid stream authorization")
    }
    guard !pass.isUsed else {
      ledger.note(.reusedStreamValue, operation: Self.downloadOperation, at: clock)
      return .failure(401, "invalid stream authorization")
    }
    state.passes.downloads[value]?.isUsed = true
    guard let token = state.records.dataTokens[pass.token] else {
      return .failure(404, "nothing is ready")
    }
    let type = HTTPField("Content-Type", "application/octet-stream")
    switch token.payload {
    case .memory(let bytes): return APIResponse(status: 200, headers: [type], body: bytes)
    case .stored(let blob, _):
      outbox.blob = blob
      return APIResponse(status: 200, headers: [type])
    }
  }

  /// Whether a payload can be given to whoever asked for it; without a holder it never is.
  func release(_ id: DataTokenID, to command: Command) -> EffectFate {
    guard let token = state.records.dataTokens[id] else { return .refused("data_token.not_found") }
    guard token.owner == command.owner else { return .refused(Refusal.notAnOwner.key) }
    guard liveHolders(of: token).isEmpty else { return .unchanged("Data requested.") }
    return switch dialect.missingHolder {
    case .waits: .waits
    case .refused: .refused("storage.offline")
    }
  }

  /// Sends the message that brings a requested payload (protocol.md §3, `output_type`).
  mutating func deliver(_ id: DataTokenID, request: String, to owner: ProfileID) {
    guard let token = state.records.dataTokens[id] else { return }
    turnDialect()
    for _ in 0..<dialect.notice.count {
      publish(dataMessage(request, token, kind: 0, body: "Your data is on its way."), to: owner)
    }
    if dialect.delivery == .inline, let text = inlineText(of: token.payload) {
      publish(dataMessage(request, token, kind: 0, body: text), to: owner)
      return
    }
    let value = newSecret()
    state.passes.downloads[value] = DownloadPass(
      token: id, expiresAt: clock + configuration.downloadLifetime)
    let address = "\(configuration.downstream.url)/?auth=\(value)"
    switch dialect.delivery {
    case .link: publish(dataMessage(request, token, kind: 1, body: address), to: owner)
    case .inline, .value:
      publish(dataMessage(request, token, kind: 1, body: value), to: owner)
      publish(streamReady(request, address), to: owner)
    }
  }

  private func streamReady(_ request: String, _ address: String) -> Value {
    switch dialect.streamReady {
    case .sameID: ["data": ["type": "STREAM-READY", "id": .string(request)]]
    case .address:
      [
        "data": [
          "type": "STREAM-READY", "requestId": .string(request), "streamUrl": .string(address),
        ]
      ]
    }
  }

  /// The payload as the text of a message, or nil when it is too long for one.
  private func inlineText(of payload: Payload) -> String? {
    guard case .memory(let bytes) = payload,
      (bytes.count + 2) / 3 * 4 <= configuration.limits.inlineCharacters
    else { return nil }
    return Base64.encode(bytes)
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
