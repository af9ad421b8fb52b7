import Foundation
import Testing

/// `fmt` and `graph`.
@Suite("Formatting and drawing", .timeLimit(.minutes(5)))
struct FormatTests {
  private static let messy = "name: a\nplaybook: 1\nsteps:\n- {wait: '1s'}\n"
  private static let neat = "playbook: 1\nname: a\n\nsteps:\n  - { wait: \"1s\" }\n"

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
  }

  @Test func `a folder is formatted, and what is not of privirun is left alone`() async throws {
    try folder.write(Self.messy, to: "flows/a.yaml")
    try folder.write(Self.neat, to: "flows/b.yml")
    try folder.write("services:   {a: 1}\n", to: "compose.yaml")
    try folder.write(Self.messy, to: ".hidden/c.yaml")
    #expect(try await run("fmt") == Ended(status: 0, output: "flows/a.yaml\n"))
    #expect(try text("flows/a.yaml") == Self.neat)
    #expect(try text("compose.yaml") == "services:   {a: 1}\n")
    #expect(try text(".hidden/c.yaml") == Self.messy)
    #expect(try await run("fmt", ".") == Ended(status: 0))
    #expect(try await run("fmt", "compose.yaml") == Ended(status: 0, output: "compose.yaml\n"))
    #expect(try text("compose.yaml") == "services: { a: 1 }\n")
  }

  @Test func `a check writes nothing and ends with 6`() async throws {
    try folder.write(Self.messy, to: "a.yaml")
    try folder.write(Self.neat, to: "b.yaml")
    #expect(try await run("fmt", "--check") == Ended(status: 6, output: "a.yaml\n"))
    #expect(try text("a.yaml") == Self.messy)
    #expect(try await run("fmt", "--check", "b.yaml") == Ended(status: 0))
    let diff = try await run("fmt", "--diff", "a.yaml", "b.yaml")
    #expect(
      diff
        == Ended(
          status: 0,
          output: """
            --- a.yaml
            +++ a.yaml
            @@ -1,4 +1,5 @@
            -name: a
             playbook: 1
            +name: a
            +
             steps:
            -- {wait: '1s'}
            +  - { wait: "1s" }

            """))
    #expect(try text("a.yaml") == Self.messy)
  }

  @Test func `a difference of line endings is one that patch applies`() async throws {
    try folder.write("\u{FEFF}playbook: 1\r\nname: a", to: "a.yaml")
    #expect(
      try await run("fmt", "--diff", "a.yaml")
        == Ended(
          status: 0,
          output: """
            --- a.yaml
            +++ a.yaml
            @@ -1,2 +1,2 @@
            -\u{FEFF}playbook: 1\r
            -name: a
            \\ No newline at end of file
            +playbook: 1
            +name: a

            """))
  }

  @Test func `a bad file is left as it is, and the others are formatted`() async throws {
    try folder.write("playbook: 1\nname: a\nname: b\nsteps: *gone\n", to: "bad.yaml")
    try folder.write(Self.messy, to: "good.yaml")
    let ended = try await run("fmt")
    #expect(ended.status == 2)
    #expect(ended.output == "good.yaml\n")
    #expect(ended.errors.contains("bad.yaml:3:1"))
    #expect(ended.errors.contains("bad.yaml:4:8"))
    #expect(try text("bad.yaml") == "playbook: 1\nname: a\nname: b\nsteps: *gone\n")
    #expect(try text("good.yaml") == Self.neat)
    #expect(try await run("fmt", "missing.yaml").status == 2)
  }

  @Test func `a file keeps its mode, and one that stays as it is gets a note`() async throws {
    try folder.write(Self.messy, to: "a.yaml")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: "\(folder.path)/a.yaml")
    #expect(try await run("fmt", "a.yaml").status == 0)
    let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/a.yaml")
    #expect(mode[.posixPermissions] as? Int == 0o640)
    try folder.write("{\"a\": 1}\n", to: "inputs.json")
    #expect(
      try await run("fmt", "inputs.json")
        == Ended(
          status: 0,
          errors: "privirun: inputs.json is left as it is: it is JSON, or YAML in one pair of "
            + "brackets\n"))
  }

  @Test func `a read-only file is not replaced, and a named pipe is not waited for`() async throws {
    try folder.write(Self.messy, to: "a.yaml")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o444], ofItemAtPath: "\(folder.path)/a.yaml")
    #expect(
      try await run("fmt", "a.yaml")
        == Ended(
          status: 2,
          errors: "privirun: `a.yaml` is read-only\n"
            + "  hint: make it writable, then format it again\n"))
    #expect(try text("a.yaml") == Self.messy)
    #expect(try await run("fmt", "--check", "a.yaml").status == 6)
    #expect(mkfifo("\(folder.path)/pipe.yaml", 0o600) == 0)
    #expect(
      try await run("fmt", "pipe.yaml")
        == Ended(status: 2, errors: "privirun: `pipe.yaml` is not a regular file\n"))
    let piped = try await Program.shell(
      "\"$0\" fmt --check <(echo 'a: 1')", in: folder.path)
    #expect(piped == Ended(status: 0))
  }

  @Test func `standard input is formatted onto standard output`() async throws {
    try folder.write(Self.messy, to: "a.yaml")
    let ended = try await Program.shell("\"$0\" fmt - < a.yaml", in: folder.path)
    #expect(ended == Ended(status: 0, output: Self.neat))
    #expect(try await run("fmt", "-", "a.yaml").status == 2)
  }

  @Test func `what the program writes is formatted`() async throws {
    #expect(try await run("new", "mine").status == 0)
    #expect(try await run("fmt", "--check", "mine.yaml") == Ended(status: 0))
  }

  @Test(arguments: [
    ("mermaid", "flowchart TB\n"), ("dot", "digraph \"a\" {\n"), ("svg", "<svg xmlns="),
  ])
  func `a playbook is drawn`(format: String, words: String) async throws {
    try folder.write(Self.neat, to: "a.yaml")
    let ended = try await run("graph", "a.yaml", "--format", format)
    #expect(ended.status == 0)
    #expect(ended.output.contains(words))
    let written = try await run("graph", "a.yaml", "--format", format, "--to", "drawing")
    #expect(written.output == "")
    #expect(try text("drawing") == ended.output)
  }

  @Test func `a bad playbook is not drawn`() async throws {
    try folder.write("playbook: 1\nsteps: [{ call: no.such }]\n", to: "a.yaml")
    let ended = try await run("graph", "a.yaml")
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(ended.errors.contains("no.such"))
    #expect(try await run("graph", "a.yaml", "--depth", "-1").status == 2)
  }
}
