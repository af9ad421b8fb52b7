import Foundation
import Testing

@Suite("Starter playbooks", .timeLimit(.minutes(20)))
struct NewTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a starter is accepted, runs in the sandbox and is not replaced`() async throws {
    let written = try await Program.run("new", "flows/my-flow", in: folder.path)
    #expect(
      written
        == Ended(
          status: 0, output: "wrote flows/my-flow.yaml\nnext: privirun check flows/my-flow.yaml\n"))
    let check = try await Program.run("check", "flows/my-flow.yaml", in: folder.path)
    #expect(check == Ended(status: 0, output: "flows/my-flow.yaml: ok\n"))
    let ended = try await Program.run(
      "run", "flows/my-flow.yaml", "--sandbox", "--input", "username=alice@example.com", "--input",
      "password=env:P", in: folder.path, environment: ["P": "correct-horse-battery"])
    #expect(ended.status == 0)
    #expect(ended.output.contains("my-flow: run "))
    let again = try await Program.run("new", "flows/my-flow.yaml", in: folder.path)
    #expect(
      again
        == Ended(
          status: 2,
          errors: "privirun: `flows/my-flow.yaml` exists already\n"
            + "  hint: give another name, or replace it with `--force`\n"))
    let forced = try await Program.run(
      "new", "flows/my-flow.yaml", "--force", "--quiet", in: folder.path)
    #expect(forced == Ended(status: 0))
  }

  @Test(arguments: ["a b.yml", "- x.yaml", "yes.yaml", "${{ inputs.a }}.yaml", "é\n# .yaml"])
  func `whatever the file is called, the starter is accepted`(name: String) async throws {
    #expect(try await Program.run("new", "--", name, in: folder.path).status == 0)
    let ended = try await Program.run("check", "./\(name)", in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.errors == "")
  }

  @Test(arguments: [
    (["x", "--files", "1"], "--files cannot be given without --from-tenant"),
    (
      ["x", "--write-inputs", "a", "--input", "a=b", "--api-url", "http://localhost"],
      "--write-inputs and --input and --api-url cannot be given without --from-tenant"
    ),
    (["x", "--from-tenant", "--files", "10001"], "--files must be 0 to 10000"),
    (["x", "--from-tenant", "--write-inputs", "x.yaml"], "cannot be one file"),
    ([], "Missing expected argument '<name>'"),
  ])
  func `wrong usage is reported`(arguments: [String], complaint: String) async throws {
    let ended = try await Program.run(["new"] + arguments, in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains(complaint))
  }
}
