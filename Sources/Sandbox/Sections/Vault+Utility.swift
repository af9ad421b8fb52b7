import Expressions
import Operations

extension VaultRoute {
  static let utility: [VaultRoute] = [
    VaultRoute(
      "utility.check-server-health", "GET", "/health", .none,
      .open { vault, _ in vault.health }),
    VaultRoute(
      "utility.request-command-id-status", "GET", "/request-status/", .none,
      .open { $0.commandStatus($1) }),
    VaultRoute(
      "utility.request-command-id-status", "POST", "/request-status/", .none,
      .open { $0.commandStatus($1) }),
  ]
}

extension Vault {
  fileprivate var health: APIResponse {
    switch dialect.health {
    case .object: .json(["status": "ok"])
    case .text: .text("OK", status: 200)
    case .empty: APIResponse(status: 200)
    }
  }

  /// How far a command is; no token, since a registration is asked about before there is one.
  fileprivate mutating func commandStatus(_ call: VaultCall) -> APIResponse {
    let id = CommandID(text: call.parameter)
    guard let command = state.work.commands[id], command.audience != .nobody || command.owner == nil
    else {
      return .failure(404, "no such command")
    }
    if dialect.pollRate == .limited, let last = command.polledAt,
      clock - last < .milliseconds(500)
    {
      var refusal = APIResponse.failure(429, "too many polls")
      refusal.headers.append(HTTPField("Retry-After", "1"))
      return refusal
    }
    state.work.commands[id]?.polledAt = state.time.clock
    let progress = command.state
    let status = progress.httpStatus(dialect)
    return switch dialect.status {
    case .array: .json(.list(progress.words(dialect)), status: status)
    case .string: .json(.string(progress.word(dialect)), status: status)
    case .number: .json(.int(progress.number), status: status)
    case .object:
      .json(
        [
          "commandId": .string(id.text), "command_status": .int(progress.number),
          "body": progress.note(dialect),
        ], status: status)
    case .http: APIResponse(status: status)
    }
  }
}
