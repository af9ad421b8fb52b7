import Foundation
import Testing

@Suite("Files against a sandbox in another process", .timeLimit(.minutes(20)))
struct FileJourneyTests {
  private static let password = "planted-Password-9f3a"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(
    _ workflow: String, _ sandbox: SeparateSandbox, _ inputs: [String: String]
  ) async throws -> (status: Int32, end: [String: Any], output: String) {
    let inputs = inputs.merging(["username": "a@example.com", "password": "env:P"]) { $1 }
    let ended = try await Program.run(
      ["run", "\(PackageFiles.workflows)/\(workflow)", "--output", "json"]
        + inputs.sorted { $0.key < $1.key }.flatMap { ["--input", "\($0.key)=\($0.value)"] },
      in: folder.path, environment: sandbox.environment.merging(["P": Self.password]) { $1 })
    let end = try JSONLines.objects(ended.output).last ?? [:]
    return (ended.status, end, ended.output + ended.errors)
  }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)"))
  }

  /// All that is in the folder but what the program keeps for itself.
  private var files: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { !$0.hasPrefix(".") }.sorted()
    }
  }

  @Test func `a file of some size is stored and fetched, and comes back as it was`() async throws {
    let original = Data((0..<5_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 10) })
    try original.write(to: URL(filePath: "\(folder.path)/file.bin"))
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      #expect(try await run("onboard-tenant.yaml", sandbox, [:]).status == 0)
      let stored = try await run("store-file.yaml", sandbox, ["file": "file.bin"])
      #expect(stored.status == 0)
      let token = try #require((stored.end["outputs"] as? [String: Any])?["token"] as? String)
      let fetched = try await run(
        "fetch-file.yaml", sandbox, ["token": token, "to": "copy.bin"])
      #expect(fetched.status == 0)
      #expect((fetched.end["outputs"] as? [String: Any])?["size"] as? Int == original.count)
      #expect(try data("copy.bin") == original)

      let missing = try await run(
        "store-file.yaml", sandbox, ["file": "file.bin", "keyFolder": "elsewhere"])
      #expect(missing.status == 1)
      #expect(
        missing.output.contains("the key file `elsewhere/a@example.com.data-key` does not exist"))
      #expect(try files == ["copy.bin", "file.bin"])

      try folder.write(
        String(repeating: "7e", count: 32), to: ".privirun/others/a@example.com.data-key")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600],
        ofItemAtPath: "\(folder.path)/.privirun/others/a@example.com.data-key")
      let other = try await run(
        "fetch-file.yaml", sandbox,
        ["token": token, "to": "other.bin", "keyFolder": ".privirun/others"])
      #expect(other.status == 1)
      #expect(other.output.contains("the payload was altered or encrypted under another key"))
      #expect(try files == ["copy.bin", "file.bin"])

      let ledger = try await sandbox.ledger()
      #expect(ledger.violations == 0)
      #expect(ledger.effects["data-token.upstream-file-via-stream-auth"] == 1)
      let key = String(
        decoding: try data(".privirun/keys/a@example.com.data-key"), as: UTF8.self
      ).trimmingCharacters(in: .newlines)
      for secret in [key, Self.password] {
        #expect(!(stored.output + fetched.output + other.output).contains(secret))
      }
    }
  }
}
