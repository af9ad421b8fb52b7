import Expressions
import Operations
import Sandbox

extension VaultClient {
  /// A tenant whose vault injects the faults of `text` from now on.
  static func disturbed(
    by text: String, seed: UInt64 = 1, _ configure: (inout VaultConfiguration) -> Void = { _ in }
  ) throws -> VaultClient {
    let spec = try FaultSpec(parsing: text)
    var client = provisioned(seed: seed, configure)
    client.wait(.seconds(10))
    client.received = []
    client.vault.faults.spec = spec
    return client
  }

  /// No faults from now on.
  mutating func calm() { vault.faults.spec = FaultSpec() }

  /// Sends a command, whose acknowledgement is due at once.
  mutating func command(_ name: String) -> String {
    post("/device/request-unique-identifier", ["deviceName": name]).commandID
  }

  /// The ids and states that sockets were sent, in order; an answer of a socket is `answer`.
  var arrivals: [String] {
    received.map { message in
      let data = (try? JSON.parse(message.text.utf8))?[field: "data"]
      guard let id = data?[field: "id"]?.text else { return "answer" }
      return "\(id) \(data?[field: "command_status"]?.plainText ?? "")"
    }
  }
}
