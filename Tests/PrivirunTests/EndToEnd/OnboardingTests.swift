import Foundation
import Testing

@Suite("Onboarding against a sandbox in another process", .timeLimit(.minutes(20)))
struct OnboardingTests {
  private static let password = "planted-Password-9f3a"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func onboard(
    _ sandbox: SeparateSandbox, _ options: String..., output: String = "json"
  ) async throws -> Ended {
    try await Program.run(
      [
        "run", "\(PackageFiles.workflows)/onboard-tenant.yaml", "--output", output,
        "--input", "username=a@example.com", "--input", "password=env:P",
      ] + options,
      in: folder.path,
      environment: sandbox.environment.merging(["P": Self.password]) { $1 })
  }

  /// The operations that create something, each by its effects in one onboarding.
  private static let effects = [
    "profile.register-new-profile": 1, "public-key.register-public-key": 1,
    "device.request-unique-identifier": 4, "device.approve-device": 4,
    "storage.register-storage-device": 3, "data-token.reserve-token-space": 1,
    "data-token.exchange-data-for-token": 1, "verified-authenticator.register-authenticator": 1,
    "verified-authenticator.register-voting-configuration": 1, "policy.register-policy": 1,
    "policy.activate-policy": 1, "voting.create-voting": 1,
  ]

  @Test func `it creates each thing once, breaks no rule, is recorded, and reveals no secret`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let ended = try await onboard(sandbox)
      #expect(ended.status == 0)
      #expect(ended.errors == "")
      let events = try JSONLines.objects(ended.output)
      #expect(events.first?["type"] as? String == "run-started")
      #expect(events.last?["type"] as? String == "run-finished")
      #expect(events.last?["outcome"] as? String == "succeeded")
      let outputs = events.last?["outputs"] as? [String: Any]
      #expect(
        Set(outputs?.keys.map(\.self) ?? [])
          == ["token", "policy", "vote", "devices", "authenticator"])
      #expect(outputs?["vote"] as? String == "resolved")
      #expect(events.compactMap { $0["sequence"] as? Int } == Array(events.indices))

      let ledger = try await sandbox.ledger()
      #expect(ledger.violations == 0)
      for (operation, count) in Self.effects {
        #expect(ledger.effects[operation] == count, "\(operation): \(ledger.effects)")
      }

      let run = try #require(events.last?["run"] as? String)
      let shown = try await Program.run("show", String(run.prefix(6)), in: folder.path)
      #expect(shown.status == 0)
      #expect(shown.output.contains("Have the public key registered"))
      #expect(shown.output.contains("run succeeded"))
      let shownJSON = try await Program.run(
        "show", run, "--output", "json", in: folder.path)

      let written =
        try journalBytes()
        + [
          "output": Data(ended.output.utf8), "errors": Data(ended.errors.utf8),
          "show": Data(shown.output.utf8), "show as JSON": Data(shownJSON.output.utf8),
          "ledger": Data(try await sandbox.ledgerText().utf8),
        ].map { ($0.key, $0.value) }
      #expect(written.count >= 6)
      for (secretName, secret) in try plantedSecrets() {
        for form in SecretForms.all(of: secret) {
          for (place, bytes) in written {
            #expect(bytes.range(of: form) == nil, "\(secretName) in \(place)")
          }
        }
      }
    }
  }

  @Test func `a second time for the same name reads, changes nothing and holds no vote`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let first = try await onboard(sandbox)
      #expect(first.status == 0)
      let before = try await sandbox.ledger().effects
      let again = try await onboard(sandbox)
      #expect(again.status == 0)
      let outputs = try #require(
        try JSONLines.objects(again.output).last?["outputs"] as? [String: Any])
      #expect(outputs["vote"] is NSNull)
      let after = try await sandbox.ledger().effects
      for operation in Self.effects.keys {
        #expect(after[operation] == before[operation], "\(operation)")
      }
    }
  }

  @Test func `a vote that is lost fails the run with its reason`() async throws {
    try await SeparateSandbox.serving(
      "--delay", "0", "--voters", "no", in: folder.path
    ) { sandbox in
      let ended = try await onboard(sandbox, output: "plain")
      #expect(ended.status == 1)
      #expect(ended.output.contains("vote"))
      #expect(ended.output.contains("run failed"))
      #expect(try await sandbox.ledger().violations == 0)
    }
  }

  @Test func `a slow service changes nothing but the time`() async throws {
    try await SeparateSandbox.serving("--delay", "200ms", in: folder.path) { sandbox in
      let ended = try await onboard(sandbox)
      #expect(ended.status == 0)
      let ledger = try await sandbox.ledger()
      #expect(ledger.violations == 0)
      for (operation, count) in Self.effects { #expect(ledger.effects[operation] == count) }
    }
  }

  private func journalBytes() throws -> [(String, Data)] {
    let journal = URL(filePath: folder.path).appending(component: ".privirun")
    return try FileManager.default.contentsOfDirectory(atPath: journal.path)
      .filter { $0.hasPrefix("journal.sqlite") && !$0.hasSuffix(".key") }
      .map { ($0, try Data(contentsOf: journal.appending(component: $0))) }
      + [("commits", PlainJournal.forms(at: journal.appending(component: "journal.sqlite").path))]
  }

  private func plantedSecrets() throws -> [(String, Data)] {
    let keys = URL(filePath: folder.path).appending(path: ".privirun/keys")
    let files = try FileManager.default.contentsOfDirectory(atPath: keys.path)
    #expect(files.sorted() == ["a@example.com.data-key", "a@example.com.key"])
    return [("the password", Data(Self.password.utf8))]
      + (try files.map { ($0, try Data(contentsOf: keys.appending(component: $0))) })
  }
}
