import Foundation
import Testing

/// Tenants whose passwords are made for them.
@Suite("Provisioning against a sandbox in another process", .timeLimit(.minutes(20)))
struct MadePasswordTests {
  private static let file = ".privirun/secrets/acme.password"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func privirun(
    _ command: String, _ sandbox: SeparateSandbox, _ options: String...
  ) async throws -> Ended {
    try await Program.run(
      [
        command, "\(PackageFiles.workflows)/provision-tenant.yaml", "--input", "name=acme",
        "--input", "username=ops@acme.example", "--input", "stores=[\"vault-a\"]",
      ] + options,
      in: folder.path, environment: sandbox.environment)
  }

  private var password: String {
    get throws {
      try String(contentsOfFile: "\(folder.path)/\(Self.file)", encoding: .utf8)
        .trimmingCharacters(in: .newlines)
    }
  }

  @Test func `a tenant gets a password once, and it opens the profile from then on`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let planned = try await privirun("plan", sandbox)
      #expect(planned.status == 0)
      #expect(planned.output.contains("+ Have a password  secrets.generate"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun/secrets"))

      let made = try await privirun("run", sandbox, "--output", "json")
      #expect(made.status == 0, "\(made.errors)")
      let password = try password
      #expect(password.count == 24)
      let mode = try FileManager.default.attributesOfItem(
        atPath: "\(folder.path)/\(Self.file)")[.posixPermissions]
      #expect(mode as? Int == 0o600)
      #expect(!made.output.contains(password))

      let again = try await privirun("run", sandbox, "--output", "json")
      #expect(again.status == 0)
      #expect(try self.password == password)
      let end = try #require(try JSONLines.objects(again.output).last)
      #expect((end["changes"] as? [String: Any])?.keys.sorted() == ["unchanged"])

      let report = try await Program.run(
        "run", "\(PackageFiles.workflows)/report-tenant.yaml", "--quiet", "--input",
        "username=ops@acme.example", "--input", "password=file:\(Self.file)", in: folder.path,
        environment: sandbox.environment)
      #expect(report == Ended(status: 0))
    }
  }

  @Test func `a policy is replaced by its next version once`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      #expect(try await privirun("run", sandbox, "--quiet").status == 0)
      func replace(_ command: String, _ options: String...) async throws -> Ended {
        try await Program.run(
          [
            command, "\(PackageFiles.workflows)/replace-policy.yaml", "--input",
            "username=ops@acme.example", "--input", "password=file:\(Self.file)", "--input",
            "replaces=contracts-need-consent", "--input", "policy=contracts-need-consent-2",
          ] + options,
          in: folder.path, environment: sandbox.environment)
      }
      let planned = try await replace("plan", "--exit-code")
      #expect(planned.status == 6)
      #expect(planned.output.contains("2 to create, 1 to change, 2 to remove"))
      #expect(try await replace("run", "--quiet").status == 0)
      #expect(try await replace("plan", "--exit-code").status == 0)
      let ledger = try await sandbox.ledger()
      #expect(try await replace("run", "--quiet").status == 0)
      let after = try await sandbox.ledger()
      #expect(
        after.effects.filter { ledger.effects[$0.key] != $0.value && $0.key.hasPrefix("policy.") }
          == [:])
      #expect(after.effects["policy.register-policy"] == 2)
      #expect(after.effects["policy.delete-policy"] == 1)
    }
  }
}
