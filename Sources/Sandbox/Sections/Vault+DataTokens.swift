import Expressions
import Operations
import OrderedCollections

extension VaultRoute {
  static let dataToken: [VaultRoute] = [
    VaultRoute(
      "data-token.reserve-token-space", "POST", "/data-token/reserve-token-space", .form,
      .full { $0.reserve($1, $2) }),
    VaultRoute(
      "data-token.retrieve-temporary-data-token", "GET",
      "/data-token/retrieve-temporary-data-token/", .none,
      .read { $0.retrieveTemporaryToken($1, $2) }),
    VaultRoute(
      "data-token.exchange-data-for-token", "POST", "/data-token/exchange-data-for-token", .form,
      .full { $0.exchange($1, $2) }),
    VaultRoute(
      "data-token.request-data-via-token", "POST", "/data-token/request-data", .form,
      .full { $0.requestData($1, $2) }),
    VaultRoute(
      "data-token.configure-file-meta", "POST", "/data-token/configure-file-meta", .form,
      .full { $0.configureFile($1, $2) }),
    VaultRoute(
      "data-token.configure-information-security-risk-meta", "POST",
      "/data-token/configure-information-security-risk-meta", .form,
      .full { $0.configureRisk($1, $2) }),
    VaultRoute(
      "data-token.list-data-tokens", "GET", "/data-token/list-data-tokens", .none,
      .read { $0.listDataTokens($1, $2) }),
    VaultRoute(
      "data-token.update-data-token", "POST", "/data-token/update-data", .json,
      .full { $0.updateData($1, $2) }),
    VaultRoute(
      "data-token.update-data-token", "POST", "/data-token/update-data-token", .form,
      .full { $0.updateMeta($1, $2) }),
    VaultRoute(
      "data-token.delete-data", "POST", "/data-token/delete-data", .form,
      .full { $0.deleteData($1, $2) }),
  ]
}

extension Vault {
  /// The time to live is in minutes (protocol.md §7).
  fileprivate mutating func reserve(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let context = form.text("context")
    let minutes = form.integer(
      "ttl", within: 1...configuration.limits.reservationMinutes, fallback: 5)
    _ = form.optionalText("meta")
    if let refusal = form.refusal { return refusal }
    return accept(
      .dataToken(.reserve(context: context, lifetime: .seconds(60 * minutes))), call, of: caller)
  }

  fileprivate func retrieveTemporaryToken(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    guard let id = index.reservationRequests[CommandID(text: call.parameter)],
      let reservation = state.records.reservations[id], reservation.owner == caller.profile
    else { return .failure(404, "no such reservation") }
    let server = configuration.upstream
    let stream =
      switch dialect.streamForm {
      case .address: "\(server.url)/?auth=\(reservation.uploadValue)"
      case .value: reservation.uploadValue
      }
    guard dialect.temporaryToken == .object else { return .json(.string(id.text)) }
    return .json([
      "token": .string(id.text), "stream": .string(stream),
      "stream_server_id": .string(server.host), "stream_server_port": .int(Int64(server.port)),
    ])
  }

  fileprivate mutating func exchange(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let reservation = ReservationID(text: form.text("temporaryTokenSpace"))
    let payload = form.payload("data")
    if let refusal = form.refusal ?? refusal(ofDead: reservation, caller) { return refusal }
    return accept(.dataToken(.store(.memory(payload), in: reservation)), call, of: caller)
  }

  /// The answer at once to an exchange that cannot succeed, where the dialect gives one.
  private func refusal(ofDead id: ReservationID, _ caller: Caller) -> APIResponse? {
    let found = state.records.reservations[id]
    guard found?.owner != caller.profile || found?.state != .open else { return nil }
    return switch dialect.deadReservation {
    case .refused: nil
    case .notFound: .failure(404, "no such reservation")
    case .invalid: .invalid("temporaryTokenSpace", "data_token.reservation_not_found")
    }
  }

  /// Answers two ids: one for the command, one for the message that brings the data.
  fileprivate mutating func requestData(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let text = form.text("token")
    if let refusal = form.refusal { return refusal }
    guard let token = dataToken(text) else { return .failure(404, "no such token") }
    let request = newIdentifier()
    var response = accept(.dataToken(.request(token.id, request: request)), call, of: caller)
    guard let command = response.header("X-Dpt-Cab-Id") else { return response }
    response.headers.append(HTTPField("X-Dpt-Cab-Request-Id", request))
    let ids: Value =
      switch dialect.requestData {
      case .object: ["commandId": .string(command), "requestId": .string(request)]
      case .header: .null
      }
    response.body = Array(JSON.text(ids).utf8)
    return response
  }

  /// Issues the permanent token; both values resolve from then on (protocol.md §7).
  fileprivate mutating func configureFile(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let text = form.text("token")
    let file: ValueMap = [
      "fileName": .string(form.text("fileName")), "extension": .string(form.text("extension")),
      "context": .string(form.text("context")),
      "size": .int(Int64(form.integer("size", within: 0...Int.max))),
      "path": .string(form.text("path")),
    ]
    if let refusal = form.refusal { return refusal }
    guard var token = dataToken(text), token.owner == caller.profile else {
      return .failure(404, "no such token")
    }
    if dialect.permanentToken == .command {
      return accept(.dataToken(.update(text, DataTokenChange(file: file))), call, of: caller)
    }
    token.file = file
    let sendsToken = dialect.permanentToken != .none
    if token.permanent == nil, sendsToken {
      token.permanent = newIdentifier()
      index.add(token)
    }
    state.records.dataTokens[token.id] = token
    took(effectOf: call.operation)
    switch dialect.permanentToken {
    case .object: return .json(["token": .string(token.token)])
    case .string: return .json(.string(token.token))
    case .none, .command: return .json(.map(ValueMap()))
    }
  }

  fileprivate mutating func configureRisk(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let text = form.text("token")
    for name in ["classification", "label", "handling"] {
      if dialect.requiredFields == .official {
        _ = form.text(name)
      } else {
        _ = form.optionalText(name)
      }
    }
    if let refusal = form.refusal { return refusal }
    let risk = call.fields.rest(without: ["token"])
    return accept(
      .dataToken(.update(text, DataTokenChange(risk: risk))), call, of: caller)
  }

  fileprivate func listDataTokens(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.query, configuration.limits)
    let page = form.integer("page", within: 1...1_000_000, fallback: 1)
    let perPage = form.integer("perPage", within: 1...100, fallback: 20)
    let filters = form.map("filters") ?? ValueMap()
    if let refusal = form.refusal { return refusal }
    let own = (state.records.profiles[caller.profile]?.dataTokens ?? []).compactMap {
      state.records.dataTokens[$0]
    }
    let shown = own.filter { $0.passes(filters) }
    return list(shown.map { ($0.token, $0.record(dialect)) }, page: page, perPage: perPage)
  }

  fileprivate mutating func updateData(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let text = form.text("dataToken")
    let payload = form.payload("data")
    let meta = form.map("meta") ?? ValueMap()
    if let refusal = form.refusal { return refusal }
    let change = DataTokenChange(
      payload: .memory(payload), file: meta["file"]?.fields,
      risk: meta["information_security_risk"]?.fields, data: meta["data"]?.fields)
    return accept(.dataToken(.update(text, change)), call, of: caller)
  }

  /// The unofficial form, which changes file metadata only (protocol.md §13).
  fileprivate mutating func updateMeta(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let text = form.text("token")
    let context = form.optionalText("context")
    if let refusal = form.refusal { return refusal }
    let change = DataTokenChange(
      file: call.fields.rest(without: ["token", "context"]), context: context)
    return accept(.dataToken(.update(text, change)), call, of: caller)
  }

  fileprivate mutating func deleteData(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let text = form.text("token")
    return form.refusal ?? accept(.dataToken(.delete(text)), call, of: caller)
  }

  /// What a temporary or permanent token stands for.
  func dataToken(_ text: String) -> DataToken? {
    state.records.dataTokens[index.permanentTokens[text] ?? DataTokenID(text: text)]
  }
}

extension DataToken {
  /// Whether every filter names a value of the record exactly (protocol.md §7, operations.yaml).
  fileprivate func passes(_ filters: ValueMap) -> Bool {
    filters.names.allSatisfy { name in
      guard let wanted = filters[name]?.text else { return false }
      return switch name {
      case "token": wanted == token || wanted == id.text
      case "context": wanted == context
      case "meta.file.fileName": wanted == file["fileName"]?.text
      case "meta.file.extension": wanted == file["extension"]?.text
      case "meta.data.type": wanted == data["type"]?.text
      default: false
      }
    }
  }
}
