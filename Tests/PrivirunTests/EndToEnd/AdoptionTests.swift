import Diagnostics
import Foundation
import Operations
import Testing

@Suite("A tenant that a service has, as a playbook", .timeLimit(.minutes(10)))
struct AdoptionTests {
  private static let password = "planted-Password-9f3a"
  private static let api = Result { () throws(InvalidInput) in try APIDescription.embedded() }
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(
    _ arguments: [String], at sandbox: SeparateSandbox, secret: String = password
  ) async throws -> Ended {
    try await Program.run(
      arguments, in: folder.path,
      environment: sandbox.environment.merging(["P": secret, "LC_ALL": "C.UTF-8"]) { $1 })
  }

  private static let credentials = [
    "--input", "username=a@example.com", "--input", "password=env:P",
  ]
  private static let key = ".privirun/keys/a@example.com"

  /// Has a tenant, and an application of it.
  private func onboard(_ sandbox: SeparateSandbox) async throws {
    let onboarding = try await run(
      ["run", "\(PackageFiles.workflows)/onboard-tenant.yaml", "--quiet"] + Self.credentials,
      at: sandbox)
    #expect(onboarding.status == 0)
    let application = try await run(
      [
        "run", "\(PackageFiles.workflows)/register-application.yaml", "--quiet", "--input",
        "name=billing", "--input", "redirectUri=https://b.example/cb",
      ] + Self.credentials, at: sandbox)
    #expect(application.status == 0)
  }

  /// Adds what a playbook may get wrong.
  private func makeUnusual(_ sandbox: SeparateSandbox) async throws {
    let file = "\(PackageFiles.root)/Tests/PrivirunTests/Fixtures/unusual-tenant.yaml"
    let ended = try await run(
      ["run", file, "--quiet", "--input", "key=file:\(Self.key).data-key"] + Self.credentials,
      at: sandbox)
    #expect(ended.status == 0)
  }

  private func adopt(_ sandbox: SeparateSandbox, _ options: String...) async throws -> Ended {
    try await run(["new", "tenant", "--from-tenant"] + Self.credentials + options, at: sandbox)
  }

  /// The last event of a run of the playbook, and the changes that its steps ended with.
  private func play(
    _ sandbox: SeparateSandbox, _ options: String...
  ) async throws -> (end: [String: Any], changes: [String: Int]) {
    let ended = try await run(
      [
        "run", "tenant.yaml", "--inputs", "tenant.inputs.yaml", "--input", "password=env:P",
        "--output", "json",
      ] + options, at: sandbox)
    let events = try JSONLines.objects(ended.output)
    let kinds = events.filter { $0["type"] as? String == "step-finished" }
      .compactMap { ($0["change"] as? [String: Any])?["kind"] as? String }
    return (
      try #require(events.last), Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +)
    )
  }

  /// How often each operation was called.
  private func calls(_ sandbox: SeparateSandbox) async throws -> [String: Int] {
    let ledger = try JSONSerialization.jsonObject(with: Data(try await sandbox.ledgerText().utf8))
    let operations = (ledger as? [String: Any])?["operations"] as? [String: [String: Int]]
    return try #require(operations).compactMapValues { $0["received"] }
  }

  /// The operations that were called since, apart from reads and logins.
  private func writes(
    _ sandbox: SeparateSandbox, since before: [String: Int]
  ) async throws -> [String] {
    let api = try Self.api.get()
    return try await calls(sandbox).filter { name, count in
      count > before[name] ?? 0 && !api.reads.contains(name) && name != api.roles.authenticate
    }.keys.sorted()
  }

  /// Each dialect; one that changes from answer to answer shows the voting settings always, since what
  /// was shown once is expected to be shown again.
  static let dialects = [
    ["--dialect", "default"], ["--dialect", "official"], ["--dialect", "observed"],
    ["--dialect", "mixed", "--variant", "strategy=settings"],
    ["--variant", "templates=array", "--variant", "lists=keyed", "--variant", "device-name=id"],
  ]

  @Test(arguments: dialects)
  func `a playbook from a tenant leaves it unchanged and sends reads only`(
    dialect: [String]
  ) async throws {
    try await SeparateSandbox.serving(["--delay", "0"] + dialect, in: folder.path) { sandbox in
      try await onboard(sandbox)
      try await makeUnusual(sandbox)
      let before = try await calls(sandbox)
      let adopted = try await adopt(sandbox)
      #expect(adopted.status == 0)
      #expect(adopted.errors == "")
      #expect(
        adopted.output.contains(
          "described: 13 devices, 10 voting configurations, 3 policies, 10 applications and 10 files"
        )
      )
      #expect(try await writes(sandbox, since: before) == [])
      let check = try await Program.run("check", "tenant.yaml", in: folder.path)
      #expect(check == Ended(status: 0, output: "tenant.yaml: ok\n"))

      let (end, changes) = try await play(sandbox)
      #expect(end["outcome"] as? String == "succeeded")
      #expect(changes.keys.map(\.self) == ["unchanged"])
      #expect(changes["unchanged"] ?? 0 > 80)
      #expect(try await writes(sandbox, since: before) == [])
      #expect(try await sandbox.ledger().violations == 0)
    }
  }

  @Test func `what was changed since is corrected, and a key that does not fit fails`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      try await onboard(sandbox)
      #expect(try await adopt(sandbox).status == 0)
      let drift = """
        playbook: 1
        inputs: { username: { type: string }, password: { type: secret } }
        session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
        steps:
          - call: verified-authenticator.set-voting-time-limit
            with: { timeLimit: 7 }
          - id: gate
            call: policy.retrieve-registered-policy
            with: { name: contracts-need-consent }
          - call: policy.deactivate-policy
            with: { policyId: "${{ string(steps.gate.id) }}" }
          - id: phone
            call: verified-authenticator.list-verified-authenticators
          - call: verified-authenticator.update-voting-configuration
            with:
              name: contracts-need-consent
              timeLimit: 9
              strategy: unanimous
              deviceIdentifiers: []
        """
      try folder.write(drift, to: "drift.yaml")
      #expect(
        try await run(["run", "drift.yaml"] + Self.credentials, at: sandbox).status == 0)
      let (end, changes) = try await play(sandbox, "--input", "privateKeyFile=\(Self.key).key")
      #expect(end["outcome"] as? String == "succeeded")
      #expect(changes.filter { $0.key != "unchanged" } == ["change": 3])
      let again = try await play(sandbox)
      #expect(again.changes.keys.map(\.self) == ["unchanged"])

      try folder.write(String(repeating: "ab", count: 32), to: "other.key")
      _ = try await Program.shell("chmod 600 other.key", in: folder.path)
      let wrong = try await play(sandbox, "--input", "privateKeyFile=other.key")
      #expect(wrong.end["outcome"] as? String == "failed")
      #expect(wrong.changes["create"] == nil)
    }
  }

  @Test func `a playbook from one tenant makes another one alike`() async throws {
    let bare = """
      playbook: 1
      inputs: { username: { type: string }, password: { type: secret } }
      session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
      steps:
        - id: catalogue
          call: policy.list-policy-templates
        - call: policy.register-policy
          with:
            name: bare
            policyTemplateId: ${{ steps.catalogue.templates[1].id }}
            applyingEventIds: ["${{ string(steps.catalogue.templates[1].events[1].id) }}"]
      """
    let keys = """
      playbook: 1
      steps:
        - id: keys
          call: keys.generate
          with: { privateKeyFile: b.key }
      outputs: { publicKey: "${{ steps.keys.publicKey }}" }
      """
    try folder.write(bare, to: "bare.yaml")
    try folder.write(keys, to: "keys.yaml")
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      try await onboard(sandbox)
      #expect(try await run(["run", "bare.yaml"] + Self.credentials, at: sandbox).status == 0)
      #expect(try await adopt(sandbox, "--files", "0").status == 0)
      let made = try await run(["run", "keys.yaml", "--output", "json"], at: sandbox)
      let outputs = try JSONLines.objects(made.output).last?["outputs"] as? [String: Any]
      let key = try #require(outputs?["publicKey"] as? String)
      let (end, changes) = try await play(
        sandbox, "--input", "username=b@example.com", "--input", "publicKey=\(key)", "--input",
        "privateKeyFile=b.key")
      #expect(end["outcome"] as? String == "succeeded")
      #expect(changes["create"] ?? 0 > 10)
      let other = try await run(
        [
          "new", "other", "--from-tenant", "--files", "0", "--input", "username=b@example.com",
          "--input", "password=env:P",
        ], at: sandbox)
      #expect(other.status == 0)
      let written = try ["tenant", "other"].map { name in
        try String(contentsOfFile: "\(folder.path)/\(name).inputs.yaml", encoding: .utf8)
          .split(separator: "\n").filter { line in
            !line.hasPrefix("#") && !line.hasPrefix("username:") && !line.hasPrefix("publicKey:")
          }
      }
      #expect(written[0] == written[1])
      #expect(written[0].count > 30)
    }
  }

  @Test func `no secret is written, the inputs are for the owner alone, and nothing is replaced`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      try await onboard(sandbox)
      let adopted = try await adopt(sandbox)
      #expect(adopted.status == 0)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(
        files.filter { $0.hasPrefix("tenant") }.sorted() == ["tenant.inputs.yaml", "tenant.yaml"])
      let written = try ["tenant.yaml", "tenant.inputs.yaml"].map { name in
        try Data(contentsOf: URL(filePath: folder.path).appending(component: name))
      }
      let attributes = try FileManager.default.attributesOfItem(
        atPath: "\(folder.path)/tenant.inputs.yaml")
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      var secrets = [Data(Self.password.utf8)]
      for name in [
        "keys/a@example.com.key", "keys/a@example.com.data-key",
        "applications/billing.client-secret",
      ] {
        secrets.append(try Data(contentsOf: URL(filePath: "\(folder.path)/.privirun/\(name)")))
      }
      for secret in secrets {
        for form in SecretForms.all(of: secret) {
          for text in written + [Data(adopted.output.utf8)] { #expect(text.range(of: form) == nil) }
        }
      }

      let refused = try await adopt(sandbox)
      #expect(
        refused
          == Ended(
            status: 2,
            errors: "privirun: `tenant.yaml` exists already\n"
              + "  hint: give another name, or replace it with `--force`\n"))
      let replaced = try await adopt(sandbox, "--force", "--quiet", "--files", "0")
      #expect(replaced == Ended(status: 0))
      let text = try String(contentsOfFile: "\(folder.path)/tenant.yaml", encoding: .utf8)
      #expect(!text.contains("inputs.files"))
    }
  }

  @Test func `more files than are asked for are counted and not described`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      try await onboard(sandbox)
      try await makeUnusual(sandbox)
      let adopted = try await adopt(sandbox, "--files", "12")
      #expect(adopted.status == 0)
      #expect(adopted.output.contains("  - files: there are more than 12\n"))
      #expect(!adopted.output.contains(" files\n"))
    }
  }

  @Test func `what keeps a tenant from being read is reported, and nothing is written`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      try await onboard(sandbox)
      let arguments = ["new", "tenant", "--from-tenant"] + Self.credentials
      let refused = try await run(arguments, at: sandbox, secret: "another-password")
      #expect(refused.status == 1)
      #expect(
        refused.errors.hasPrefix(
          "privirun: the tenant cannot be read: `profile.authenticate`: `a@example.com` could not log in"
        ))
      let unreachable = try await run(
        arguments + ["--api-url", "http://127.0.0.1:1"], at: sandbox)
      #expect(unreachable.status == 5)
      let unset = try await run(
        ["new", "tenant", "--from-tenant", "--input", "username=a@example.com"], at: sandbox)
      #expect(unset.status == 2)
      #expect(unset.errors.contains("the input `password` is missing"))
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.filter { $0.hasPrefix("tenant") } == [])
    }
  }
}
