import Foundation
import Testing

@Suite("Usage", .timeLimit(.minutes(20)))
struct UsageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [[], ["--help"], ["help"]])
  func `help says what it is for, how to try it and what the exit codes mean`(
    arguments: [String]
  ) async throws {
    let ended = try await Program.run(arguments, in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.errors == "")
    for words in [
      "OVERVIEW: Run declarative workflows against the Privicore API.",
      "privirun run workflows/onboard-tenant.yaml --sandbox", "Exit codes: 0 succeeded",
      "new  ", "check  ", "run  ", "runs  ", "show  ", "diff  ", "operations  ", "eval  ",
      "sandbox  ",
      "simulate  ",
    ] {
      #expect(ended.output.contains(words))
    }
  }

  @Test(arguments: [
    "new", "check", "fmt", "graph", "run", "call", "resume", "resolve", "cancel", "approve",
    "runs", "show", "diff", "operations", "explain", "schema", "eval", "sandbox", "simulate",
    "completion",
  ])
  func `each command has a page of help`(command: String) async throws {
    let ended = try await Program.run(command, "--help", in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.output.hasPrefix("OVERVIEW: "))
    #expect(ended.output.contains("USAGE: privirun \(command)"))
    #expect(ended.errors == "")
  }

  @Test(arguments: [
    ("check", ["--no-color", "--verbose"]), ("operations", ["--no-color", "--quiet", "--verbose"]),
    ("runs", ["--quiet", "--verbose"]), ("show", ["--quiet", "--verbose"]),
    ("diff", ["--quiet", "--verbose"]),
    ("explain", ["--no-color", "--quiet", "--verbose"]),
    ("simulate", ["--no-color", "--quiet", "--verbose"]),
  ])
  func `help lists only what the command obeys`(command: String, others: [String]) async throws {
    let ended = try await Program.run(command, "--help", in: folder.path)
    let words = ended.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let forms = command == "check" ? "text, json, sarif" : "text, json"
    #expect(words.contains("(values: \(forms); default: text)"))
    #expect(others.filter { ended.output.contains($0) } == [])
  }

  private static let sandboxOptions = [
    "--sandbox", "--sandbox-dialect", "--sandbox-voters", "--sandbox-seed", "--faults",
  ]

  @Test(arguments: ["resume", "resolve"])
  func `a run that is continued takes no option of a new sandbox`(command: String) async throws {
    let help = try await Program.run(command, "--help", in: folder.path)
    #expect(Self.sandboxOptions.filter { help.output.contains($0) } == [])
    for option in Self.sandboxOptions {
      let ended = try await Program.run(command, "latest", option, in: folder.path)
      #expect(ended.status == 2)
      #expect(ended.errors.contains("Unknown option '\(option)'"))
    }
    let run = try await Program.run("run", "--help", in: folder.path)
    #expect(Self.sandboxOptions.filter { !run.output.contains($0) } == [])
  }

  @Test(arguments: ["text", "pretty", "summary", "plain"])
  func `a report is text in each form of text that a run has`(form: String) async throws {
    let ended = try await Program.run("operations", "--output", form, in: folder.path)
    #expect(ended == (try await Program.run("operations", in: folder.path)))
  }

  @Test func `the version is one line`() async throws {
    let ended = try await Program.run("--version", in: folder.path)
    #expect(ended == Ended(status: 0, output: "0.1.0\n"))
  }

  @Test(arguments: [
    (["run", "x.yaml", "--nope"], "Unknown option '--nope'"),
    (["run"], "Missing expected argument '<playbook>'"),
    (["check"], "Missing expected argument '<files> ...'"),
    (["show"], "Missing expected argument '<run>'"),
    (["diff"], "Missing expected argument '<run>'"),
    (["diff", "a", "b", "c"], "Unexpected argument 'c'"),
    (["run", "x.yaml", "--output", "xml"], "The value 'xml' is invalid for '--output <output>'"),
    (["runs", "--limit", "0"], "--limit must be 1 to 10000"),
    (["sandbox", "--api-port", "65536"], "a port must be 0 to 65535, not 65536"),
    (["sandbox", "--delay", "soon"], "`soon` is not a duration"),
    (["sandbox", "--delay", "2h"], "`2h` is not a duration"),
    (
      ["sandbox", "--voters", "maybe"],
      "no authenticator votes `maybe`; write a list of yes, no, absent, late"
    ),
    (["sandbox", "--voters", "yes,abent"], "late (did you mean `absent`?)"),
    (["sandbox", "--dialect", "own"], "The value 'own' is invalid for '--dialect <dialect>'"),
    (["sandbox", "--variant", "status=nope"], "`status=nope` is not a choice of a variant; write"),
    (["sandbox", "--variant", "status"], "write one of status="),
    (["sandbox", "--variant", "statsu=word"], "no variant `statsu`; did you mean `status`?"),
    (["sandbox", "--variant", "x"], "the variants are command-id, "),
    (["sandbox", "--offline-devices=-1"], "`-1` is not a number of devices; write 0 or more"),
    (
      ["run", "x.yaml", "--sandbox-voters", "no", "--faults", "light"],
      "--sandbox-voters and --faults cannot be given without --sandbox"
    ),
    (["sandbox", "--faults", "solw=5%"], "there is no fault `solw`; did you mean `slow`?"),
    (["sandbox", "--faults", "heavy,lose=x,drop=5%:2s"], "`x` is not a share of `lose`"),
    (["sandbox", "--faults", "heavy,lose=x,drop=5%:2s"], "`drop` has no duration"),
    (["run", "x.yaml", "--sandbox", "--faults", ""], "an entry is empty"),
    (["sandbox", "--seed", "-1"], "seed"),
    (["simulate"], "Missing expected argument '<playbook>'"),
    (["simulate", "x.yaml", "--runs=-1"], "--runs must be 0 to 10000000"),
    (["simulate", "x.yaml", "--crashes", "often"], "The value 'often' is invalid for"),
    (["simulate", "x.yaml", "--faults", "solw=5%"], "did you mean `slow`?"),
  ])
  func `wrong usage is reported on standard error`(
    arguments: [String], complaint: String
  ) async throws {
    let ended = try await Program.run(arguments, in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(ended.errors.contains(complaint))
    #expect(ended.errors.contains("--help"))
  }

  @Test(arguments: [
    ("chekc", "did you mean `check`?"), ("completely-wrong", "`privirun --help` lists them"),
  ])
  func `a command that does not exist is reported with a hint`(
    command: String, hint: String
  ) async throws {
    #expect(
      try await Program.run(command, in: folder.path)
        == Ended(
          status: 2,
          errors: "privirun: there is no command `\(command)`\n  hint: \(hint)\n"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a completion script is printed for each shell`(shell: String) async throws {
    let ended = try await Program.run("--generate-completion-script", shell, in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.output.contains("privirun"))
  }

  @Test func `a reader that goes away is no accident`() async throws {
    let ended = try await Program.shell(
      #""$0" operations --output json | head -1; echo "${PIPESTATUS[0]}""#, in: folder.path)
    #expect(ended == Ended(status: 0, output: "[\n0\n"))
    let run = try await Program.shell(
      #""$0" run "\#(PackageFiles.workflows)/check-health.yaml" --sandbox --output json"#
        + #" | head -c 1; echo "${PIPESTATUS[0]}""#, in: folder.path)
    #expect(run == Ended(status: 0, output: "{0\n"))
  }
}
