import Foundation
import Testing

@Suite("Plans against a sandbox in another process", .timeLimit(.minutes(20)))
struct PlanTests {
  private static let password = "planted-Password-9f3a"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func privirun(
    _ command: String, _ sandbox: SeparateSandbox, _ options: String...
  ) async throws -> Ended {
    try await Program.run(
      [
        command, "\(PackageFiles.workflows)/onboard-tenant.yaml", "--input",
        "username=a@example.com", "--input", "password=env:P",
      ] + options,
      in: folder.path,
      environment: sandbox.environment.merging(["P": Self.password]) { $1 })
  }

  /// The reads that a plan may send, and the login.
  private static let reads: Set<String> = [
    "profile.authenticate", "public-key.retrieve-public-key", "device.retrieve-profile-devices",
    "storage.list-storage-devices", "verified-authenticator.list-verified-authenticators",
    "verified-authenticator.list-voting-configurations", "policy.list-policy-templates",
    "policy.list-registered-policies", "policy.list-active-policies",
    "policy.retrieve-registered-policy", "data-token.list-data-tokens",
  ]

  @Test func `a plan of an absent tenant says what is created, and asks for nothing twice`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let planned = try await privirun("plan", sandbox, "--exit-code")
      #expect(planned.status == 6)
      #expect(planned.errors == "")
      #expect(
        planned.output.contains(
          "? Have the profile  profile.register-new-profile  absent, or it has another password"))
      #expect(planned.output.contains("+ Have the device  device.request-unique-identifier"))
      #expect(!planned.output.contains(Self.password))
      let ledger = try await sandbox.ledger()
      #expect(ledger.received == ["profile.authenticate": 1])
    }
  }

  @Test func `a plan of a complete tenant has nothing to do and sends reads only`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      #expect(try await privirun("run", sandbox, "--quiet").status == 0)
      let before = try await sandbox.ledger()
      let planned = try await privirun("plan", sandbox, "--exit-code")
      #expect(planned.status == 0)
      #expect(planned.output.contains("\nnothing to do: "))
      let after = try await sandbox.ledger()
      let sent = after.received.filter { before.received[$0.key] != $0.value }
      #expect(Set(sent.keys).subtracting(Self.reads) == [])
      #expect(sent.keys.contains("device.retrieve-profile-devices"))
    }
  }

  @Test func `a plan without reads sends nothing, and is one JSON object`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let planned = try await privirun("plan", sandbox, "--offline", "--output", "json")
      #expect(planned.status == 0)
      let plan = try #require(try JSONLines.objects(planned.output).first)
      #expect(plan["offline"] as? Bool == true)
      #expect(plan["outcome"] as? String == "complete")
      #expect(plan["hasWork"] as? Bool == true)
      #expect(try await sandbox.ledger().received == [:])
    }
  }

  @Test func `a saved plan is done once, and refused when the service has moved on`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let planned = try await privirun("plan", sandbox, "--save", "a.plan", "--quiet")
      #expect(planned.status == 0)
      #expect(planned.output == "")
      let done = try await privirun("run", sandbox, "--plan", "a.plan", "--quiet")
      #expect(done.status == 0)
      let before = try await sandbox.ledger()
      let again = try await privirun("run", sandbox, "--plan", "a.plan", "--quiet")
      #expect(again.status == 6)
      #expect(
        again.errors.contains("the plan \(folder.path)/a.plan does not hold any more")
          || again.errors.contains("the plan a.plan does not hold any more"))
      #expect(again.errors.contains("`profile` was not known, and is unchanged now"))
      let after = try await sandbox.ledger()
      #expect(
        after.effects.filter { before.effects[$0.key] != $0.value }.keys.sorted() == [
          "profile.authenticate"
        ])
      let other = try await privirun(
        "run", sandbox, "--plan", "a.plan", "--input", "stores=[\"a\"]")
      #expect(other.status == 6)
      #expect(other.errors.contains("the input `stores` is `[\"a\"]`, and was"))
    }
  }

  @Test func `a plan that was saved in one folder is done in another with the same key`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let job = try TemporaryFolder()
      let key = "\(folder.path)/keys/ci.key"
      func inJob(_ arguments: String..., variables: [String: String] = [:]) async throws -> Ended {
        try await Program.run(
          [
            "run", "\(PackageFiles.workflows)/onboard-tenant.yaml", "--input",
            "username=a@example.com", "--input", "password=env:P", "--quiet", "--plan", "a.plan",
          ] + arguments,
          in: job.path,
          environment: sandbox.environment.merging(["P": Self.password]) { $1 }
            .merging(variables) { $1 })
      }
      let planned = try await privirun(
        "plan", sandbox, "--save", "\(job.path)/a.plan", "--quiet", "--journal-key", key)
      #expect(planned.status == 0)
      let without = try await inJob()
      #expect(without.status == 2)
      #expect(without.errors.contains("the journal's key .privirun/journal.sqlite.key is gone"))
      #expect(without.errors.contains("name it with `--journal-key FILE`"))
      let other = "\(job.path)/other.key"
      try Data(String(repeating: "ab", count: 32).utf8).write(to: URL(filePath: other))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: other)
      let wrong = try await inJob("--journal-key", other)
      #expect(wrong.status == 2)
      #expect(wrong.errors.contains("it was changed, or sealed under another key than \(other)"))
      let done = try await inJob(variables: ["PRIVIRUN_JOURNAL_KEY": key])
      #expect(done == Ended(status: 0))
      #expect(
        !FileManager.default.fileExists(atPath: "\(job.path)/.privirun/journal.sqlite.key"))
      let shown = try await Program.run(
        "show", "latest", "--verify", "--journal-key", key, in: job.path)
      #expect(shown.status == 0)
    }
  }

  @Test func `a saved plan is refused when a file among its inputs holds something else`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let file = "\(folder.path)/document.txt"
      try Data("first".utf8).write(to: URL(filePath: file))
      let input = ["--input", "document=\(file)"]
      let planned = try await privirun(
        "plan", sandbox, "--save", "a.plan", "--quiet", input[0], input[1])
      #expect(planned.status == 0)
      try Data("other".utf8).write(to: URL(filePath: file))
      let refused = try await privirun("run", sandbox, "--plan", "a.plan", input[0], input[1])
      #expect(refused.status == 6)
      #expect(refused.errors.contains("\n  - the contents of `\(file)` changed\n"))
      try Data("first".utf8).write(to: URL(filePath: file))
      let done = try await privirun(
        "run", sandbox, "--plan", "a.plan", "--quiet", input[0], input[1])
      #expect(done.status == 0)
    }
  }
}
