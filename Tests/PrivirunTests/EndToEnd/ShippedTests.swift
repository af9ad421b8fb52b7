import Foundation
import Testing

@Suite("What is shipped", .timeLimit(.minutes(20)))
struct ShippedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `every shipped workflow is accepted`() async throws {
    let files = try ["", "lib/", "examples/", "examples/lib/"].flatMap { part in
      try FileManager.default.contentsOfDirectory(atPath: "\(PackageFiles.workflows)/\(part)")
        .filter { $0.hasSuffix(".yaml") }.map { "\(PackageFiles.workflows)/\(part)\($0)" }
    }.sorted()
    let ended = try await Program.run(["check"] + files, in: folder.path)
    #expect(ended == Ended(status: 0, output: files.map { "\($0): ok\n" }.joined()))
  }

  @Test func `every shipped rollout is accepted`() async throws {
    for part in ["rollouts", "examples/rollouts"] {
      let folder = "\(PackageFiles.workflows)/\(part)"
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        let ended = try await Program.run(
          ["rollout", "check", "\(folder)/\(name)"], in: self.folder.path)
        #expect(ended.status == 0, "\(name): \(ended.errors)")
      }
    }
  }

  @Test func `the shipped workflows run in the sandbox`() async throws {
    let health = try await Program.run(
      "run", "\(PackageFiles.workflows)/check-health.yaml", "--sandbox", in: folder.path)
    #expect(health.status == 0)
    let onboarding = try await Program.run(
      "run", "\(PackageFiles.workflows)/onboard-tenant.yaml", "--sandbox", "--output", "pretty",
      "--no-color", "--input", "username=a@example.com", "--input", "password=env:P",
      in: folder.path, environment: ["P": "correct-horse-battery-staple"])
    #expect(onboarding.status == 0)
    #expect(onboarding.output.contains("✓ run succeeded: "))
    #expect(onboarding.output.contains("  vote = resolved\n"))
  }

  @Test(arguments: ["README.md", "docs/language.md"])
  func `the playbooks in the documents are accepted`(document: String) async throws {
    let playbooks = Fences.of("yaml", in: try PackageFiles.text(document))
      .filter { $0.hasPrefix("playbook: 1") || $0.contains("\nplaybook: 1") }
    #expect(document != "README.md" || !playbooks.isEmpty)
    for (index, text) in playbooks.enumerated() {
      try folder.write(text, to: "\(index).yaml")
      #expect(
        try await Program.run("check", "\(index).yaml", in: folder.path)
          == Ended(status: 0, output: "\(index).yaml: ok\n"))
    }
  }
}
