import Foundation
import Testing

@Suite("Runs against a sandbox that injects faults", .timeLimit(.minutes(20)))
struct FaultySandboxTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func faults(_ sandbox: SeparateSandbox) async throws -> [String: Int]? {
    let ledger = try JSONSerialization.jsonObject(with: Data(try await sandbox.ledgerText().utf8))
    return (ledger as? [String: Any])?["faults"] as? [String: Int]
  }

  @Test func `the faults and their seed are printed, and counted in the ledger`() async throws {
    try await SeparateSandbox.serving(
      "--faults", "none,slow=100%:0s,half=0%", "--seed", "7", in: folder.path
    ) { sandbox in
      #expect(sandbox.greeting.contains("Faults it injects: slow=100%:0s (seed 7)"))
      let ended = try await Program.run(
        "run", "\(PackageFiles.workflows)/check-health.yaml", in: folder.path,
        environment: sandbox.environment)
      #expect(ended.status == 0)
      #expect(try await faults(sandbox) == ["slow": 1])
    }
  }

  @Test func `a sandbox without faults mentions none`() async throws {
    try await SeparateSandbox.serving("--faults", "none", in: folder.path) { sandbox in
      #expect(!sandbox.greeting.contains { $0.contains("Faults") })
      let faults = try await faults(sandbox)
      #expect(faults == nil)
    }
  }

  @Test func `a run starts a sandbox with faults`() async throws {
    let ended = try await Program.run(
      "run", "\(PackageFiles.workflows)/check-health.yaml", "--sandbox", "--faults",
      "slow=100%:0s", "--sandbox-seed", "7", in: folder.path)
    #expect(ended.status == 0)
  }

  @Test func `messages that come twice, late, swapped and in storms change nothing`() async throws {
    try await SeparateSandbox.serving(
      "--delay", "0", "--seed", "3", "--faults",
      "slow=30%:5ms,double=40%,reorder=30%:20ms,late=30%:10ms,pending=50%", in: folder.path
    ) { sandbox in
      let ended = try await Program.run(
        "run", "\(PackageFiles.workflows)/onboard-tenant.yaml", "--input",
        "username=a@example.com", "--input", "password=env:P", in: folder.path,
        environment: sandbox.environment.merging(["P": "planted-Password-9f3a"]) { $1 })
      #expect(ended.status == 0)
      let effects = try await sandbox.ledger().effects
      #expect(effects["device.approve-device"] == 4)
      #expect(effects["data-token.exchange-data-for-token"] == 1)
      let injected = try #require(try await faults(sandbox))
      #expect(Set(injected.keys) == ["slow", "double", "reorder", "late", "pending"])
    }
  }
}
