import Expressions
import Operations

extension VaultRoute {
  static let utility: [VaultRoute] = [
    VaultRoute(
      "utility.check-server-health", "GET", "/health", .none,
      .open { _, _ in .json(["status": "ok"]) }),
    VaultRoute(
      "utility.request-command-id-status", "GET", "/request-status/", .none,
      .open { $0.commandStatus($1) }),
    VaultRoute(
      "utility.request-command-id-status", "POST", "/request-status/", .none,
      .open { $0.commandStatus($1) }),
  ]
}

extension Vault {
  /// How far a command is; no token, since a registration is asked about before there is one.
  fileprivate func commandStatus(_ call: Call) -> APIResponse {
    let id = CommandID(text: call.parameter)
    guard let command = commands[id], command.audience != .nobody || command.owner == nil else {
      return .failure(404, "no such command")
    }
    return .json(
      configuration.dialect.status.body(
        .string(command.state.word),
        asObject: [
          "commandId": .string(id.text), "command_status": .int(command.state.number),
          "body": .string(command.state.sentence),
        ]))
  }
}
