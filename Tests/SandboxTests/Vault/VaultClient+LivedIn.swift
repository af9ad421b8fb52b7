import Expressions
import Operations
import Sandbox

extension VaultClient {
  /// A vault of which every part of the state holds something, and a command is in progress.
  static func livedIn(_ configure: (inout VaultConfiguration) -> Void = { _ in }) -> VaultClient {
    var client = VaultClient.provisioned {
      $0.delay = .milliseconds(20)
      $0.voters = [.absent]
      configure(&$0)
    }
    let token = client.fillStore()
    client.holdVote(onDeletionOf: token)
    client.admitApplication()
    let owner = client.token
    client.parkExchange()
    client.token = nil
    _ = client.post(
      "/profile/register-profile", ["username": "c@example.com", "password": password])
    client.token = owner
    return client
  }

  /// A payload with a permanent token, an upload, a space without a payload, a download address.
  private mutating func fillStore() -> String {
    _ = device("store", role: "storage")
    let token = stored("hello")
    for isUploaded in [true, false] {
      let stream = reservation().text("stream")
      guard isUploaded else { continue }
      _ = send(
        APIRequest(endpoint: .url(stream), method: "POST", path: "/", body: Array("hi".utf8)))
      settle()
    }
    _ = post("/data-token/request-data", ["token": token])
    settle()
    return token
  }

  /// A policy that asks before data is deleted, and a vote that it holds on a deletion.
  private mutating func holdVote(onDeletionOf token: String) {
    let voter = device("voter", role: "verified-authenticator")
    _ = post(
      "/verified-authenticator/voting-configuration/register",
      json: [
        "name": "board", "strategy": "consensus", "timeLimit": 60,
        "deviceIdentifiers": [.string(voter)],
      ])
    settle()
    _ = post(
      "/policy/register",
      json: [
        "name": "care", "policyTemplateId": "01914f3a-5d20-7c41-9a0e-3b6f52c7d801",
        "applyingEventIds": ["01914f3a-5d24-7e85-83e9-1d2b6a7c5e04"],
        "configuration": ["classification": "internal"], "votingConfigurationId": "board",
      ])
    settle()
    _ = post("/policy/activate", ["name": "care"])
    settle()
    _ = post("/data-token/delete-data", ["token": token])
    settle()
  }

  /// An application with an access token, and a code that it has not changed for one.
  private mutating func admitApplication() {
    let application = application()
    _ = grant(["all"], of: application)
    _ = requestCode(of: application, nonce: "n-2", ["all"])
  }

  /// An exchange of somebody who has no storage device.
  private mutating func parkExchange() {
    provision("b@example.com", on: ConnectionID(2))
    _ = post(
      "/data-token/exchange-data-for-token",
      ["temporaryTokenSpace": reservation().text("token"), "data": Base64.encode("wait".utf8)])
    settle()
  }
}
