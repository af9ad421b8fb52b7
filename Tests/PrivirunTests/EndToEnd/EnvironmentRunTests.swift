import Foundation
import Testing

/// Runs of environments: protected ones, and those that are continued.
@Suite("Runs in environments", .serialized, .timeLimit(.minutes(20)))
struct EnvironmentRunTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "playbook: 1\nname: idle\nsteps: [{call: utility.check-server-health}]\n", to: "idle.yaml")
  }

  /// Two environments that record in one journal.
  private func writeFile(port: Int, default name: String? = nil) throws {
    let head = "privirun: 1\n" + (name.map { "default: \($0)\n" } ?? "")
    try folder.write(
      head + """
        environments:
          staging:
            api-url: http://127.0.0.1:\(port)/staging
            journal: shared.sqlite
          production:
            api-url: http://127.0.0.1:\(port)/production
            journal: shared.sqlite
            protected: true

        """, to: "privirun.yaml")
  }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  @Test(arguments: [("n", 4), ("", 4), ("y", 5)] as [(String, Int32)])
  func `a protected environment asks before the run begins`(
    answer: String, status: Int32
  ) async throws {
    try await DeafPort.held { port in
      try writeFile(port: port)
      let terminal = try Terminal()
      let process = try terminal.start(
        ["run", "idle.yaml", "--environment", "production", "--output", "plain"], in: folder.path)
      try #require(terminal.waits(for: "[y/N] "))
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/shared.sqlite"))
      terminal.type("\(answer)\n")
      let (ended, shown) = terminal.ending(of: process)
      #expect(ended == status, "\(shown)")
      #expect(shown.contains("nothing was sent") == (status == 4))
      let journal = FileManager.default.fileExists(atPath: "\(folder.path)/shared.sqlite")
      #expect(journal == (status == 5))
    }
  }

  @Test func `without a terminal only --yes acts in a protected environment`() async throws {
    try await DeafPort.held { port in
      try writeFile(port: port)
      let address = "http://127.0.0.1:\(port)/production"
      let refused = try await run("run", "idle.yaml", "--environment", "production")
      #expect(refused.status == 2)
      #expect(refused.output == "")
      #expect(
        refused.errors == """
          privirun: the environment `production` (\(address)) is protected, and there is no terminal to \
          ask whether to run `idle` (idle.yaml)
            hint: nothing was sent; `--yes` goes on without a question

          """)
      let plan = try await run("plan", "idle.yaml", "--environment", "production")
      #expect(plan.status == 5, "a plan only reads")
      let confirmed = try await run("run", "idle.yaml", "--environment", "production", "--yes")
      #expect(confirmed.status == 5)
      let resumed = try await run("resume", "latest", "--environment", "production")
      #expect(resumed.status == 2)
      #expect(resumed.errors.contains("whether to continue run "))
      let again = try await run("resume", "latest", "--environment", "production", "--yes")
      #expect(again.status == 5)
    }
  }

  @Test func `a sandbox in place of a protected service needs no question`() async throws {
    try writeFile(port: 9)
    let ended = try await run(
      "run", "idle.yaml", "--environment", "production", "--sandbox", "--output", "plain")
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("at a sandbox in this process (environment production)"))
  }

  @Test func `a run continues in its own environment alone`() async throws {
    try await DeafPort.held { port in
      try writeFile(port: port)
      #expect(try await run("run", "idle.yaml", "--environment", "staging").status == 5)
      let other = try await run("resume", "latest", "--environment", "production", "--yes")
      #expect(other.status == 2)
      #expect(
        other.errors.contains(
          "was started in the environment `staging`, and the environment `production` is another one"
        ))
      #expect(other.errors.contains("`--environment staging` continues it"))
      let without = try await run(
        "resume", "latest", "--no-environment", "--journal", "shared.sqlite")
      #expect(without.status == 2)
      #expect(without.errors.contains("so that `--no-environment` does not go with it"))
      let own = try await run("resume", "latest", "--environment", "staging")
      #expect(own.status == 5)
      #expect(own.output.contains("--environment staging"), "suggested commands name it")
      // The file names no default: the record decides.
      let recorded = try await run("resume", "latest", "--journal", "shared.sqlite")
      #expect(recorded.status == 5)
      let fresh = try await run(
        "run", "idle.yaml", "--environment", "production", "--yes", "--resume", "--output", "plain")
      #expect(fresh.status == 5)
      #expect(!fresh.errors.contains("is continued"))
      #expect(fresh.output.contains("(environment production)"))
    }
  }

  @Test func `a protected run is protected without a name for its environment`() async throws {
    try await DeafPort.held { port in
      try writeFile(port: port)
      let run = try await run("run", "idle.yaml", "--environment", "production", "--yes")
      #expect(run.status == 5)
      let resumed = try await self.run("resume", "latest", "--journal", "shared.sqlite")
      #expect(resumed.status == 2)
      #expect(resumed.errors.contains("the environment `production`"))
      #expect(resumed.errors.contains("is protected"))
    }
  }

  @Test func `a run of no environment continues where the service is the same`() async throws {
    try await DeafPort.held { port in
      let staging = "http://127.0.0.1:\(port)/staging"
      let first = try await run(
        "run", "idle.yaml", "--api-url", staging, "--journal", "shared.sqlite")
      #expect(first.status == 5)
      try writeFile(port: port)
      let other = try await run("resume", "latest", "--environment", "production", "--yes")
      #expect(other.status == 2)
      #expect(other.errors.contains("calls \(staging), and the environment `production`"))
      #expect(try await run("resume", "latest", "--environment", "staging").status == 5)
    }
  }
}
