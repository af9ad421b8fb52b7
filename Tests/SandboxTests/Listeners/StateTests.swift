import Expressions
import FoundationEssentials
import Operations
import Sandbox
import Testing

/// A sandbox whose state outlives it.
struct StateTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "sandbox-state-\(UUID().uuidString)")
  private var path: String { folder.appending(path: "state.json").path }

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func configuration(seed: UInt64 = 7) -> SandboxConfiguration {
    var configuration = SandboxConfiguration(seed: seed)
    configuration.vault.delay = .zero
    configuration.vault.voterDelay = .zero
    configuration.memoryPayloadBytes = 16
    configuration.stateFile = path
    return configuration
  }

  @Test func `a profile of the start logs in, has a key, and stays what it is after a restart`()
    async throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    for password in ["correct-horse", "another-password"] {
      var configuration = configuration()
      configuration.profile = SandboxProfile(
        username: "alice", password: Secret(.string(password)))
      let statuses = try await SandboxServer.withServer(configuration) { addresses in
        let client = WireClient(addresses)
        var statuses: [Int] = []
        for password in ["correct-horse", "another-password"] {
          let form: KeyValuePairs = ["username": "alice", "password": password]
          statuses.append(try await client.post("/profile/authenticate", form).status)
        }
        return statuses
      }
      #expect(statuses.first == 200)
      #expect(statuses.last != 200)
    }
  }

  @Test func `what a tenant has is there after a restart, payloads too`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let large = (0..<5000).map { UInt8($0 % 251) }
    let (before, small, filed) = try await SandboxServer.withServer(configuration()) {
      addresses -> (WireClient, String, String) in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      let small = try await client.store("hello", socket)
      let reservation = try await client.reserve(socket)
      let stream = reservation[field: "stream"]?.text ?? ""
      #expect(try await client.upload(large, to: stream).status == 200)
      try await socket.close()
      return (client, small, reservation[field: "token"]?.text ?? "")
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    try await SandboxServer.withServer(configuration(seed: 8)) { addresses in
      let client = before.moved(to: addresses)
      #expect(try await client.send("GET", "/profile/retrieve-profile-id").status == 200)
      let devices = try await client.send("GET", "/device/retrieve-profile-devices").value
      #expect("\(devices)".contains("store"))
      for (token, payload) in [(small, Array("hello".utf8)), (filed, large)] {
        let socket = try await WireSocket.open(addresses.webSocket)
        try await client.join(socket)
        let answer = try await client.post("/data-token/request-data", ["token": token])
        let id = answer.header("x-dpt-cab-request-id") ?? ""
        let message = try await socket.message("X-DPT-CAB-REQUEST-ID", id: id)
        let url = message[field: "body"]?.text ?? ""
        #expect(try await client.fetch(url).body == payload)
        try await socket.close()
      }
    }
  }

  @Test func `a command that was in progress settles after a restart, when its time has come`()
    async throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = HandClock()
    var slow = configuration()
    slow.vault.delay = .seconds(3600)
    slow.time = clock.source
    let fields: KeyValuePairs = ["username": "a@example.com", "password": VaultClient.password]
    let id = try await SandboxServer.withServer(slow) { addresses in
      try await WireClient(addresses).post("/profile/register-profile", fields).commandID
    }
    clock.move(.seconds(1800))
    let halfway = try await status(of: id, slow)
    clock.move(.seconds(1800))
    let end = try await status(of: id, slow)
    #expect([halfway, end] == [["started"], ["succeeded"]])
    try await SandboxServer.withServer(slow) { addresses in
      let answer = try await WireClient(addresses).post("/profile/authenticate", fields)
      #expect(answer.status == 200)
    }
  }

  private func status(of id: String, _ configuration: SandboxConfiguration) async throws -> Value {
    try await SandboxServer.withServer(configuration) { addresses in
      try await WireClient(addresses).send("GET", "/request-status/\(id)").value
    }
  }

  @Test func `a change is saved while the server runs`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var eager = configuration()
    eager.saveInterval = .zero
    try await SandboxServer.withServer(eager) { addresses in
      let client = WireClient(addresses)
      _ = try await client.post(
        "/profile/register-profile",
        ["username": "a@example.com", "password": VaultClient.password])
      var tries = 0
      while !FileManager.default.fileExists(atPath: path), tries < 10_000 {
        _ = try await client.send("GET", "/health")
        tries += 1
      }
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `a second sandbox may not have the file, and may when the first has stopped`()
    async throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    try await SandboxServer.withServer(configuration()) { _ in
      let error = await #expect(throws: SandboxError.self) {
        try await SandboxServer.withServer(configuration()) { _ in }
      }
      #expect(error?.message == "The state file \(path) is in use by another sandbox.")
    }
    try await SandboxServer.withServer(configuration()) { _ in }
  }

  @Test func `a sandbox that cannot start lets go of its file`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try await SandboxServer.withServer(SandboxConfiguration(seed: 1)) { addresses in
      var taken = configuration()
      taken.apiPort = Int(addresses.api.split(separator: ":").last ?? "") ?? 0
      await #expect(throws: SandboxError.self) {
        try await SandboxServer.withServer(taken) { _ in }
      }
    }
    try await SandboxServer.withServer(configuration()) { _ in }
  }

  @Test func `a save that fails while the server runs is reported`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (failures, reported) = AsyncStream<SandboxError>.makeStream()
    var eager = configuration()
    eager.saveInterval = .zero
    eager.report = { reported.yield($0) }
    await #expect(throws: SandboxError.self) {
      try await SandboxServer.withServer(eager) { addresses in
        // Where the file is to be written there is a folder.
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true)
        _ = try await WireClient(addresses).post(
          "/profile/register-profile",
          ["username": "a@example.com", "password": VaultClient.password])
        let failure = await failures.first { _ in true }
        #expect(failure?.message.contains(path) == true)
      }
    }
  }

  @Test(arguments: [
    ("", "is damaged, or no state of a sandbox"), ("no json", "is damaged, or no state"),
    (#"{"format":1}"#, "is damaged"), (#"{"format":1,"state":{}}"#, "is damaged"),
    (#"{"format":2,"state":{}}"#, "was written by a later version (form 2)"),
    (#"{"a":1}"#, "is damaged, or no state of a sandbox"),
  ])
  func `a file that is no state is refused, and left as it is`(
    text: String, complaint: String
  ) async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: URL(filePath: path))
    let error = await #expect(throws: SandboxError.self) {
      try await SandboxServer.withServer(configuration()) { _ in }
    }
    #expect(error?.message.contains(complaint) == true)
    #expect(error?.message.contains(path) == true)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(text.utf8))
  }

  @Test func `a file that is cut is refused, and left as it is`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try await SandboxServer.withServer(configuration()) { _ in }
    let whole = try Data(contentsOf: URL(filePath: path))
    try whole.dropLast(1).write(to: URL(filePath: path))
    await #expect(throws: SandboxError.self) {
      try await SandboxServer.withServer(configuration()) { _ in }
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == whole.dropLast(1))
  }

  @Test func `a place where no file can be made is reported at shutdown at the latest`()
    async throws
  {
    var configuration = configuration()
    configuration.stateFile = "/dev/null/state.json"
    await #expect(throws: SandboxError.self) {
      try await SandboxServer.withServer(configuration) { _ in }
    }
  }
}
