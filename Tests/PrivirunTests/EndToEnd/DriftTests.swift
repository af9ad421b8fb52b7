import Foundation
import Testing

@Suite("Drift at a sandbox in another process", .timeLimit(.minutes(20)))
struct DriftTests {
  private static let password = "planted-Password-9f3a"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func privirun(
    _ command: String, _ workflow: String, _ sandbox: SeparateSandbox, _ options: String...
  ) async throws -> Ended {
    try await Program.run(
      [
        command, "\(PackageFiles.workflows)/\(workflow).yaml", "--input",
        "username=a@example.com",
      ] + options + (options.contains("password=env:Q") ? [] : ["--input", "password=env:P"]),
      in: folder.path,
      environment: sandbox.environment.merging(["P": Self.password, "Q": "another-Password-1"]) {
        $1
      })
  }

  private func drift(_ sandbox: SeparateSandbox, _ options: String...) async throws -> Ended {
    try await Program.run(
      [
        "plan", "\(PackageFiles.workflows)/onboard-tenant.yaml", "--drift-only", "--exit-code",
        "--input", "username=a@example.com", "--input", "password=env:P",
      ] + options,
      in: folder.path, environment: sandbox.environment.merging(["P": Self.password]) { $1 })
  }

  /// How many things a report in JSON counts, and how many of them are as they were left.
  private static func counts(_ json: String) throws -> (all: Int, same: Int) {
    let report = try #require(try JSONLines.objects(json).first)
    let same = try #require(report["same"] as? Int)
    let lists = ["drifted", "notCompared"].map { (report[$0] as? [Any])?.count ?? -1 }
    return (same + lists.reduce(0, +), same)
  }

  @Test func `drift is what changed since the last run that succeeded`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      #expect(try await drift(sandbox).status == 2)
      #expect(try await privirun("run", "onboard-tenant", sandbox, "--quiet").status == 0)
      let none = try await drift(sandbox)
      #expect(none.status == 0)
      #expect(none.output.contains("\nno drift: "))
      #expect(!none.output.contains("not compared"))
      let before = try Self.counts(try await drift(sandbox, "--output", "json").output)
      #expect(before.all == before.same)
      let retired = try await privirun(
        "run", "retire-device", sandbox, "--quiet", "--input", "name=vault-b")
      #expect(retired.errors == "")
      let found = try await drift(sandbox)
      #expect(found.status == 6)
      #expect(found.output.contains("- stores[1]/device/device  Have the device"))
      #expect(
        found.output.contains(
          "not compared  it depends on `stores[1]/device/device`, which is gone"))
      #expect(found.output.contains("\n1 removed; "))
      #expect(found.output.contains(", 2 not compared\n"))
      let after = try Self.counts(try await drift(sandbox, "--output", "json").output)
      #expect(after.all == before.all)
      #expect(after.same == before.same - 3)
      let junit = try await drift(sandbox, "--output", "junit")
      #expect(junit.output.contains("failures=\"1\" errors=\"0\" skipped=\"2\""))
    }
  }

  @Test func `a doubled device does not hide what else was lost`() async throws {
    try Data(
      """
      playbook: 1
      name: change
      inputs: { username: { type: string }, password: { type: secret } }
      session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
      steps:
        - id: known
          call: device.retrieve-profile-devices
        - call: storage.remove-storage
          with:
            deviceIdentifier: >-
              ${{ steps.known.devices.filter(d, has(d.name) && d.name == 'vault-a')[0].deviceIdentifier }}
        - call: device.request-unique-identifier
          with: { deviceName: vault-c }
      """.utf8
    ).write(to: URL(filePath: "\(folder.path)/change.yaml"))
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      #expect(try await privirun("run", "onboard-tenant", sandbox, "--quiet").status == 0)
      let before = try Self.counts(try await drift(sandbox, "--output", "json").output)
      let changed = try await Program.run(
        [
          "run", "change.yaml", "--quiet", "--input", "username=a@example.com", "--input",
          "password=env:P",
        ],
        in: folder.path, environment: sandbox.environment.merging(["P": Self.password]) { $1 })
      #expect(changed.errors == "")
      let found = try await drift(sandbox)
      #expect(found.status == 6)
      #expect(found.output.contains("\n+ stores[2]/device/device  "))
      #expect(found.output.contains("\n- stores[0]/device/store  "))
      #expect(found.output.contains("\n1 added, 1 removed; "))
      let after = try Self.counts(try await drift(sandbox, "--output", "json").output)
      #expect(after.all == before.all)
      #expect(after.same == before.same - 4)
    }
  }

  @Test func `a run with another password is compared, and one with other inputs is not`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      #expect(try await privirun("run", "onboard-tenant", sandbox, "--quiet").status == 0)
      let refused = try await privirun(
        "plan", "onboard-tenant", sandbox, "--drift-only", "--input", "password=env:Q")
      #expect(refused.status == 1)
      #expect(refused.output.contains("\n0 things are as the run left them, "))
      let before = try await sandbox.ledger()
      let other = try await drift(sandbox, "--input", "stores=[\"a\"]")
      #expect(other.status == 2)
      #expect(other.errors.contains("\n  - the input `stores` was `["))
      #expect(other.errors.contains("and is `[\"a\"]`"))
      #expect(try await sandbox.ledger().received == before.received)
      let elsewhere = try await drift(sandbox, "--api-url", "http://127.0.0.1:9")
      #expect(elsewhere.status == 2)
      #expect(elsewhere.errors.contains("\n  - the service was "))
    }
  }

  @Test func `a look for drift cannot be saved as a plan`() async throws {
    let ended = try await Program.run(
      [
        "plan", "\(PackageFiles.workflows)/onboard-tenant.yaml", "--drift-only", "--save", "a.plan",
      ], in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("--drift-only compares with what a run left"))
  }
}
