package import Operations

extension Vault {
  /// Answers one HTTP request at any of the three HTTP listeners; `request.endpoint` says which.
  ///
  /// Whatever is due by `now` happens first, and what the request makes due at once happens after.
  package mutating func receive(_ request: APIRequest, at now: Moment) -> VaultReaction {
    receive(request, carrying: .memory(request.body), at: now)
  }

  /// The same for a request at the upload listener whose body is kept elsewhere.
  package mutating func receive(
    _ request: APIRequest, carrying payload: Payload, at now: Moment
  ) -> VaultReaction {
    let earlier = advance(to: now)
    let fault = faults.fault(of: request, at: clock)
    var reaction =
      if let fault {
        receive(request, payload, at: now, under: fault)
      } else {
        react(to: request, payload, at: now)
      }
    if !earlier.isEmpty { reaction.emissions.insert(contentsOf: earlier, at: 0) }
    return reaction
  }

  /// Processes a request; what was due before it has happened.
  mutating func react(
    to request: APIRequest, _ payload: Payload, at now: Moment
  ) -> VaultReaction {
    occurrences.beginRequest()
    turnDialect()
    let mayOvertake = dialect.acknowledgementTime == .early
    let response = remembering { $0.answer(request, payload) }
    defer { outbox.blob = nil }
    return VaultReaction(
      response: response, blob: outbox.blob, emissions: advance(to: now),
      mayOvertake: mayOvertake)
  }

  private mutating func answer(_ request: APIRequest, _ payload: Payload) -> APIResponse {
    switch request.endpoint {
    case .api: return answerAtAPI(request)
    case .upstream: return upload(request, payload)
    case .downstream: return download(request)
    case .url(let address):
      guard let moved = request.moved(from: address, configuration) else {
        return .failure(404, "not found")
      }
      return moved.endpoint == .upstream ? upload(moved, payload) : download(moved)
    }
  }

  private mutating func answerAtAPI(_ request: APIRequest) -> APIResponse {
    guard request.body.count <= configuration.limits.requestBytes else {
      return .failure(413, "request too large")
    }
    if request.path.hasPrefix(Self.controlPath) { return control(request) }
    return find(request).written(in: dialect.problems)
  }

  private mutating func find(_ request: APIRequest) -> APIResponse {
    let slash = request.path.lastIndex(of: "/").map(request.path.index(after:))
    let start = slash ?? request.path.startIndex
    let last = request.path[start...]
    if let methods = VaultRoute.table[request.path], !last.isEmpty {
      return follow(methods, request, parameter: "")
    }
    guard !last.isEmpty, let methods = VaultRoute.table[String(request.path[..<start])],
      let parameter = PercentDecoding.component(last)
    else { return .failure(404, "not found") }
    return follow(methods, request, parameter: parameter)
  }

  private mutating func follow(
    _ methods: [String: VaultRoute], _ request: APIRequest, parameter: String
  ) -> APIResponse {
    guard methods.values.contains(where: { $0.isServed(by: dialect.paths) }) else {
      return .failure(404, "not found")
    }
    guard let route = methods[request.method], route.isServed(by: dialect.paths) else {
      return .failure(405, "method not allowed")
    }
    ledger.received(route.operation)
    switch route.access {
    case .open(let handle):
      return read(request, route, parameter) { vault, call in handle(&vault, call) }
    case .full(let handle):
      return admit(
        request, route, parameter, needsKey: dialect.demandsProfileKey, handle)
    case .read(let handle):
      return admit(request, route, parameter, needsKey: dialect.demandsProfileKey) {
        var seen = $0.seenByRead()
        return handle(&seen, $1, $2)
      }
    case .beforeKey(let handle):
      return admit(request, route, parameter, needsKey: false, handle)
    }
  }

  private mutating func admit(
    _ request: APIRequest, _ route: VaultRoute, _ parameter: String, needsKey: Bool,
    _ handle: @Sendable (inout Vault, VaultCall, Caller) -> APIResponse
  ) -> APIResponse {
    guard let value = presentedToken(request) else {
      ledger.note(.callWithoutToken, operation: route.operation, at: clock)
      return .failure(401, "invalid token")
    }
    expireToken(value)
    guard let profile = profile(ofToken: value) else { return .failure(401, "invalid token") }
    if let grant = state.passes.tokens[value]?.grant, !Scopes(grant.scopes).allow(route) {
      return .failure(403, "outside the token's scope")
    }
    if needsKey, profile.publicKey == nil {
      // To read is how to learn that there is none.
      if request.method != "GET" {
        ledger.note(.callBeforeKey, operation: route.operation, at: clock)
      }
      let status =
        switch dialect.missingKey {
        case .forbidden: 403
        case .unauthorized: 401
        }
      return .failure(status, "public key not registered")
    }
    let caller = Caller(profile: profile.id, token: value)
    return read(request, route, parameter) { vault, call in handle(&vault, call, caller) }
  }

  private mutating func read(
    _ request: APIRequest, _ route: VaultRoute, _ parameter: String,
    _ handle: (inout Vault, VaultCall) -> APIResponse
  ) -> APIResponse {
    guard request.query.count <= configuration.limits.fields,
      let fields = RequestFields.read(
        request, as: route.body, limit: configuration.limits.fields)
    else { return .invalid("body", "cannot be read as this operation's content type") }
    let call = VaultCall(
      operation: route.operation, request: request, parameter: parameter,
      query: RequestFields(query: request.query), fields: fields)
    return handle(&self, call)
  }

  /// The token that a request shows: any in its own header, an application's behind `Basic` too
  /// (protocol.md §11).
  private func presentedToken(_ request: APIRequest) -> String? {
    if let value = request.header("X-DPT-AUTHORIZATION"), !value.isEmpty { return value }
    guard let value = request.basicCredentials, state.passes.tokens[value]?.grant != nil else {
      return nil
    }
    return value
  }

  /// The profile of a token that is alive.
  func profile(ofToken value: String) -> Profile? {
    guard let token = state.passes.tokens[value], token.expiresAt > clock else { return nil }
    return state.records.profiles[token.profile]
  }
}

extension APIRequest {
  /// The request for one of the vault's own file servers behind a complete address.
  fileprivate func moved(
    from address: String, _ configuration: VaultConfiguration
  ) -> APIRequest? {
    let bases: [(Endpoint, String)] = [
      (.upstream, configuration.upstream.url), (.downstream, configuration.downstream.url),
    ]
    for (endpoint, base) in bases where address.hasPrefix("\(base)/") {
      let halves = address.dropFirst(base.count).split(separator: "?", maxSplits: 1)
      var moved = self
      moved.endpoint = endpoint
      moved.path = halves.first.map(String.init) ?? "/"
      let query = halves.count > 1 ? String(halves[1]) : ""
      guard let fields = PercentDecoding.form(query.utf8, limit: 16) else { return nil }
      moved.query = fields + self.query
      return moved
    }
    return nil
  }
}
