import Foundation
import Testing

@Suite("Where inputs and playbooks come from", .timeLimit(.minutes(5)))
struct InputSourceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      playbook: 1
      inputs:
        users:
          type: list
          of: { type: record, fields: { name: { type: string }, password: { type: secret } } }
        tier: { type: string, default: basic }
        count: { type: integer }
      steps:
        - assert: inputs.count > 0
        - play: inner.yaml
      outputs: { names: "${{ inputs.users.map(u, u.name) }}", users: "${{ inputs.users }}" }

      """, to: "main.yaml")
    try folder.write("playbook: 1\nsteps: [ { wait: 1ms } ]\n", to: "inner.yaml")
    try folder.write(
      "users:\n  - { name: alice, password: \"env:S\" }\ncount: 1\n", to: "base.yaml")
    try folder.write("shared=true\nregion=eu\ncount=2\n", to: "prod.env")
  }

  private static let files = ["--inputs", "base.yaml", "--inputs", "prod.env"]

  @Test(arguments: ["run", "plan"])
  func `inputs are shown with what gave them, and nothing else is done`(
    command: String
  ) async throws {
    let ended = try await Program.run(
      [command, "main.yaml", "--show-inputs"] + Self.files, in: folder.path,
      environment: ["S": "planted-secret-1"])
    #expect(
      ended.output == """
        users  [{"name":"alice","password":"•••"}]  base.yaml:1
        tier   basic                                default of main.yaml:6
        count  2                                    prod.env:3

        """)
    #expect(ended.status == 0)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
  }

  @Test func `inputs that are missing are shown as such, and what is wrong is reported`()
    async throws
  {
    let ended = try await Program.run(
      ["run", "main.yaml", "--show-inputs", "--input", "tier=gold"], in: folder.path)
    #expect(
      ended.output == """
        users        missing
        tier   gold  --input
        count        missing

        """)
    #expect(ended.status == 0)
    let wrong = try await Program.run(
      ["run", "main.yaml", "--show-inputs", "--input", "count=x"], in: folder.path)
    #expect(wrong.output.contains("users"))
    #expect(wrong.errors.contains("the input `count` must be an integer"))
    #expect(wrong.status == 2)
  }

  @Test(arguments: [
    ["run", "main.yaml", "--show-inputs", "--output", "json"],
    ["plan", "main.yaml", "--show-inputs", "--output", "json"],
    ["plan", "main.yaml", "--show-inputs", "--save", "a.plan"],
  ])
  func `what shows inputs does nothing else`(_ words: [String]) async throws {
    let ended = try await Program.run(words + Self.files, in: folder.path, environment: ["S": "x"])
    #expect(ended.status == 2)
    #expect(ended.errors.contains("--show-inputs prints"))
  }

  @Test(arguments: ["cat main.yaml | $0 run -", "$0 run <(cat main.yaml)"])
  func `a playbook comes through a pipe, and plays what is in the current folder`(
    words: String
  ) async throws {
    let ended = try await Program.shell(
      "export S=planted-secret-1; \(words) --sandbox --output json "
        + Self.files.joined(separator: " "), in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.output.contains(#""outputs":{"names":["alice"],"#))
    #expect(!ended.output.contains("planted-secret-1"))
  }

  @Test func `a mistake in a playbook from a pipe is reported at its place`() async throws {
    let ended = try await Program.shell(
      "sed 's/count > 0/cont > 0/' main.yaml | $0 check -", in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("stdin:9:20: error[P0801]: there is no input `cont`"))
  }

  @Test(arguments: ["-", "/dev/stdin"])
  func `inputs from standard input are called like a playbook from there`(
    _ name: String
  ) async throws {
    let ended = try await Program.shell(
      "echo 'cuont: 1' | $0 plan main.yaml --offline --inputs \(name)", in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("stdin:1:1: error[P0801]"))
    #expect(!ended.errors.contains("/dev/stdin"))
  }

  @Test(arguments: [
    ["run", "main.yaml", "--inputs", "-", "--inputs", "-"], ["run", "-", "--inputs", "-"],
    ["run", "-", "--inputs", "/dev/stdin"],
    ["run", "main.yaml", "--tenants", "/dev/stdin", "--inputs", "-"],
    ["plan", "-", "--inputs", "-"], ["check", "-", "--inputs", "-"], ["check", "-", "-"],
    ["simulate", "-", "--inputs", "-"],
    ["rollout", "plan", "a.yaml", "--inputs", "-", "--inputs", "-"],
    ["call", "utility.check-server-health", "--with-file", "-", "--with-file", "-"],
  ])
  func `standard input is read only once`(_ words: [String]) async throws {
    let ended = try await Program.run(words, in: folder.path)
    #expect(ended.status == 2)
    #expect(
      ended.errors.hasPrefix(
        "Error: standard input can be read only once, and 2 files are read from it\n"))
  }
}
