import Expressions
import FoundationEssentials
import Operations
import Testing

@testable import Sandbox

/// What is state, in the vault and in its file.
///
/// `Fixtures/state-1.json` was written before the vault kept its state as one value, from
/// `VaultClient.livedIn()`.
struct StateFormTests {
  private struct File: Codable {
    let format: Int
    let state: VaultState
  }

  private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/state-1.json")

  private static func text(_ data: Data) throws -> String {
    JSON.text(ordered(try JSON.parse(Array(data))))
  }

  /// The value with its lists and names in order: dictionaries and sets rest in any order.
  private static func ordered(_ value: Value) -> Value {
    switch value {
    case .list(let elements):
      return .list(elements.map(ordered).sorted { JSON.text($0) < JSON.text($1) })
    case .map(let map):
      var ordered = ValueMap()
      for name in map.names.sorted() { ordered[name] = map[name].map(Self.ordered) }
      return .map(ordered)
    default: return value
    }
  }

  @Test func `a state file of format 1 is the same after it was loaded and saved`() throws {
    let before = try Data(contentsOf: Self.fixture)
    let file = try JSONDecoder().decode(File.self, from: before)
    let after = try JSONEncoder().encode(file)
    #expect(try Self.text(after) == Self.text(before))
  }

  @Test func `a vault has what was in a state file of format 1, and goes on with it`() throws {
    let data = try Data(contentsOf: Self.fixture)
    var client = VaultClient { $0.delay = .milliseconds(20) }
    client.vault.resume(try JSONDecoder().decode(File.self, from: data).state)
    client.now = client.vault.clock
    // A login settles the registration that was in progress.
    client.authenticate("c@example.com")
    #expect(client.token != nil)
    client.authenticate("b@example.com")
    #expect(contexts(client) == [])
    _ = client.device("store", role: "storage")
    #expect(contexts(client) == ["contracts"])
  }

  /// The contexts of a profile's data tokens.
  private func contexts(_ client: VaultClient) -> [String] {
    var copy = client
    guard case .list(let rows)? = copy.get("/data-token/list-data-tokens").value[field: "items"]
    else { return [] }
    return rows.map { $0.text("context") }
  }

  @Test func `a sandbox starts with a state file of format 1`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "sandbox-state-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "state.json")
    try Data(contentsOf: Self.fixture).write(to: path)
    var configuration = SandboxConfiguration(seed: 7)
    configuration.stateFile = path.path
    configuration.time = TimeSource { VaultClient.start }
    let answer = try await SandboxServer.withServer(configuration) { addresses in
      try await WireClient(addresses).post(
        "/profile/authenticate", ["username": "a@example.com", "password": VaultClient.password])
    }
    #expect(answer.status == 200)
  }

  @Test(arguments: [Voter.absent, .yes])
  func `the index is what the state implies, while records come and go`(voter: Voter) {
    var client = VaultClient.livedIn { $0.voters = [voter] }
    #expect(client.vault.index == VaultIndex(of: client.vault.state))
    guard case .list(let devices) = client.get("/storage/list-storage-devices").value,
      let store = devices.first?.text("deviceIdentifier")
    else {
      Issue.record("no device")
      return
    }
    _ = client.post("/device/remove", ["deviceIdentifier": store])
    client.wait(.seconds(600))
    #expect(client.vault.index == VaultIndex(of: client.vault.state))
  }
}
