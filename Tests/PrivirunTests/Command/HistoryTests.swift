import Foundation
import Testing

@Suite("Runs and what they were", .timeLimit(.minutes(3)))
struct HistoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  @Test(arguments: [["runs"], ["show", "a"], ["show", "a", "--verify"]])
  func `without a journal there is nothing to tell`(arguments: [String]) async throws {
    let ended = try await Program.run(arguments, in: folder.path)
    #expect(
      ended
        == Ended(
          status: 2,
          errors: """
            privirun: no journal at .privirun/journal.sqlite: nothing has been run here yet
              hint: `privirun run PLAYBOOK` makes one; `--journal FILE` names another

            """))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
  }

  @Test func `a run is found by a prefix that only it has`() async throws {
    try folder.write("playbook: 1\nname: idle\nsteps: [{wait: 1ms}]\n", to: "idle.yaml")
    // More runs than there are first letters: two must begin alike.
    for _ in 1...33 {
      #expect(try await run("run", "idle.yaml", "--sandbox", "--quiet") == Ended(status: 0))
    }
    let listing = try await run("runs", "--output", "json")
    let runs = try JSONSerialization.jsonObject(with: Data(listing.output.utf8)) as? [[String: Any]]
    let ids = (runs ?? []).compactMap { $0["run"] as? String }
    #expect(ids.count == 33)
    let id = try #require(ids.first)
    #expect(try await run("show", id).output.contains("idle"))
    #expect(
      try await run("show", id, "--verify")
        == Ended(status: 0, output: "run \(id): the record is whole\n"))

    let letters = Dictionary(grouping: ids) { $0.prefix(1) }
    let shared = try #require(letters.first { $0.value.count > 1 }?.key)
    let ambiguous = try await run("show", String(shared))
    #expect(ambiguous.status == 2)
    #expect(ambiguous.errors.hasPrefix("privirun: `\(shared)` could be any of "))
    let unknown = try await run("show", "\(id)0")
    #expect(unknown.status == 2)
    #expect(unknown.errors.hasPrefix("privirun: no run begins with `\(id)0`\n"))
    #expect(try await run("runs", "--limit", "2", "--output", "json").output.contains(id))
  }
}
