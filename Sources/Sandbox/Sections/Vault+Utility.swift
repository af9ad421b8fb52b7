import Expressions
import Operations

extension VaultRoute {
  static let utility: [VaultRoute] = [
    VaultRoute(
      "utility.check-server-health", "GET", "/health", .none,
      .open { vault, _ in vault.health }),
    VaultRoute(
      "utility.request-command-id-status", "GET", "/request-status/", .none,
      .open { $0.commandStatus($1) }, from: .official),
    VaultRoute(
      "utility.request-command-id-status", "POST", "/request-status/", .none,
      .open { $0.commandStatus($1) }, from: .observed),
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
  fileprivate func commandStatus(_ call: Call) -> APIResponse {
    let id = CommandID(text: call.parameter)
    guard let command = commands[id], command.audience != .nobody || command.owner == nil else {
      return .failure(404, "no such command")
    }
    let word = Value.string(command.state.word(dialect))
    return switch dialect.status {
    case .array: .json([word])
    case .string: .json(word)
    case .number: .json(.int(command.state.number))
    case .object:
      .json([
        "commandId": .string(id.text), "command_status": .int(command.state.number),
        "body": command.state.note(dialect),
      ])
    case .http: APIResponse(status: command.state.httpStatus)
    }
  }
}
