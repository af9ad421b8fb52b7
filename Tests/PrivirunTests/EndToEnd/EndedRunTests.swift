import Foundation
import Testing

/// Runs that are over go on: failed ones, cancelled ones, and those in doubt.
@Suite("Runs that go on after their end", .timeLimit(.minutes(20)))
struct EndedRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
  }

  private static let fails = """
    playbook: 1
    name: fails
    inputs: { word: { type: string, default: done } }
    steps:
      - { id: first, call: file.write, with: { path: first.txt, data: "${{ run.id }}" } }
      - { id: second, call: file.read, with: { file: second.txt } }
      - { id: third, call: file.write, with: { path: third.txt, data: "${{ inputs.word }}" } }
    """

  @Test func `a run that failed goes on with the step that did`() async throws {
    try folder.write(Self.fails, to: "main.yaml")
    #expect(try await run("run", "main.yaml").status == 1)
    let first = try text("first.txt")
    #expect(try await run("resume", "latest").status == 1)
    try folder.write("here", to: "second.txt")
    let resumed = try await run("resume", "latest", "--output", "plain")
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("new attempt: second"))
    #expect(!resumed.output.contains("first  "))
    #expect(try text("first.txt") == first)
    #expect(try text("third.txt") == "done")
    #expect(try await run("show", "latest", "--verify").status == 0)
    let again = try await run("resume", "latest")
    #expect(again.status == 2 && again.errors.contains("has already ended (succeeded)"))
  }

  /// Writes a file, which is emptied again when the step behind it finds none.
  private static let undoes = """
    playbook: 1
    name: undoes
    undo-on: [failure]
    steps:
      - id: first
        call: file.write
        with: { path: first.txt, data: "${{ run.id }}" }
        undo: [{ call: file.write, with: { path: first.txt, data: "" } }]
      - { id: second, call: file.read, with: { file: second.txt } }
    """

  @Test func `what was undone is done again by the run that follows`() async throws {
    try folder.write(Self.undoes, to: "main.yaml")
    let undone = try await run("run", "main.yaml", "--resume")
    #expect(undone.status == 1 && undone.output.contains("undone: 1 of 1"))
    #expect(try text("first.txt") == "")
    #expect(try await run("resume", "latest").status == 2)
    // Neither a run in its place nor one that begins behind the undone step counts on it.
    try folder.write("here", to: "second.txt")
    let from = try await run("resume", "latest", "--from", "second")
    #expect(from.status == 0)
    let written = try text("first.txt")
    #expect(!written.isEmpty)
    try folder.write(Self.undoes.replacing("name: undoes", with: "name: again"), to: "main.yaml")
    try FileManager.default.removeItem(atPath: "\(folder.path)/second.txt")
    #expect(try await run("run", "main.yaml").status == 1)
    try folder.write("here", to: "second.txt")
    let fresh = try await run("run", "main.yaml", "--resume")
    #expect(fresh.status == 0 && !fresh.errors.contains("is continued"))
    #expect(try text("first.txt") != written)
  }

  @Test func `a tenant whose run was undone is not retried`() async throws {
    try folder.write(
      Self.undoes.replacing("undo-on", with: "inputs: { writes: { type: boolean } }\nundo-on")
        .replacing("call: file.write\n", with: "call: file.write\n    when: inputs.writes\n"),
      to: "main.yaml")
    try folder.write("name,writes\na,true\nb,false\n", to: "tenants.csv")
    try folder.write(
      "rollout: 1\nname: undoes\nplaybook: main.yaml\ntenants: tenants.csv\n", to: "rollout.yaml")
    #expect(try await run("rollout", "run", "rollout.yaml").status == 1)
    try folder.write("here", to: "second.txt")
    let retried = try await run("rollout", "retry", "latest", "--failed")
    #expect(retried.status == 1)
    #expect(retried.output.contains("1 succeeded, 1 failed\n"))
    #expect(retried.output.contains("changed was undone, so that it cannot go on"))
    // Only that one is left.
    let refused = try await run("rollout", "retry", "latest", "--failed")
    #expect(refused.status == 2 && refused.errors.contains("none of them can go on"))
    #expect(try text("first.txt") == "")
  }

  @Test func `a run of the same playbook and inputs is continued, or begun`() async throws {
    try folder.write(Self.fails, to: "main.yaml")
    #expect(try await run("run", "main.yaml", "--resume").status == 1)
    #expect(try await run("run", "main.yaml", "--resume", "--input", "word=other").status == 1)
    try folder.write("here", to: "second.txt")
    let resumed = try await run("run", "main.yaml", "--resume")
    #expect(resumed.status == 0 && resumed.errors.contains("is continued"))
    #expect(try text("third.txt") == "done")
    let listed = try await run("runs", "--output", "json").output
    #expect(listed.components(separatedBy: "\"run\":").count == 3)
    let another = try await run("run", "main.yaml", "--resume")
    #expect(another.status == 0 && !another.errors.contains("is continued"))
    #expect(
      try await run("runs", "--output", "json").output.components(separatedBy: "\"run\":").count
        == 4)
  }

  @Test func `a run of another service is not continued with a new sandbox`() async throws {
    try folder.write(
      "playbook: 1\nname: calls\nsteps: [{ call: utility.check-server-health }]\n", to: "main.yaml")
    try await DeafPort.held { port in
      let address = "http://127.0.0.1:\(port)"
      let ended = try await run("run", "main.yaml", "--api-url", address)
      #expect(ended.status == 5)
      #expect(ended.output.contains("` continues the run\n"))
    }
    let refused = try await run("run", "main.yaml", "--sandbox", "--resume")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("a new sandbox knows nothing of what it did there"))
    #expect(try await run("run", "main.yaml", "--sandbox").status == 0)
  }

  @Test func `a new run reuses the results before a step`() async throws {
    try folder.write(Self.fails, to: "main.yaml")
    #expect(try await run("run", "main.yaml").status == 1)
    let first = try text("first.txt")
    try folder.write("here", to: "second.txt")
    let restarted = try await run("resume", "latest", "--from", "second", "--output", "plain")
    #expect(restarted.status == 0)
    #expect(restarted.output.contains("the result of an earlier run is reused"))
    #expect(try text("first.txt") == first)
    #expect(
      try await run("runs", "--output", "json").output.components(separatedBy: "\"run\":").count
        == 3)
    let wrong = try await run("resume", "latest", "--from", "fourth")
    #expect(wrong.status == 2 && wrong.errors.contains("no step `fourth` began in the run"))
    #expect(wrong.errors.contains("--paths` lists them"))
  }

  @Test func `a new run starts from a round, named as it is printed`() async throws {
    try folder.write(
      """
      playbook: 1
      name: rounds
      steps:
        - id: each
          for-each: [a, b]
          as: word
          steps:
            - { id: note, call: file.write, with: { path: "${{ word }}.txt", data: "${{ run.id }}" } }
            - { id: look, call: file.read, with: { file: "${{ word }}.in" } }
      """, to: "main.yaml")
    try folder.write("here", to: "a.in")
    #expect(try await run("run", "main.yaml").status == 1)
    let shown = try await run("show", "latest", "--paths").output
    #expect(shown.contains("path      each[1]\n") && shown.contains("path      each[1]/look\n"))
    let first = try text("a.txt")
    let second = try text("b.txt")
    try folder.write("here", to: "b.in")
    #expect(try await run("resume", "latest", "--from", "each[1]").status == 0)
    #expect(try text("a.txt") == first)
    #expect(try text("b.txt") != second)
    let several = try await run("resume", "latest", "--from", "note")
    #expect(several.status == 2)
    #expect(several.errors.contains("may be one of several steps: `each[0]/note`, `each[1]/note`"))
  }

  @Test func `a file that changed since is reported, and the run keeps to what it was`()
    async throws
  {
    try folder.write(Self.fails, to: "main.yaml")
    #expect(try await run("run", "main.yaml").status == 1)
    try folder.write("nonsense", to: "main.yaml")
    try folder.write("here", to: "second.txt")
    let resumed = try await run("resume", "latest")
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("changed since run "))
  }

  /// A description in which the health of the server must not be asked for twice.
  private func unsafeDescription() throws -> String {
    let text = try PackageFiles.text("schemas/privicore-api.yaml")
    let health = try #require(text.range(of: "operationId: utility.check-server-health"))
    let repetition = try #require(
      text.range(of: "repetition: safe", range: health.upperBound..<text.endIndex))
    return text.replacingCharacters(in: repetition, with: "repetition: unsafe")
  }

  @Test func `a step in doubt waits for what a person says`() async throws {
    try folder.write(try unsafeDescription(), to: "api.yaml")
    try folder.write(
      """
      playbook: 1
      steps:
        - { id: health, call: utility.check-server-health }
      outputs: { status: "${{ steps.health.status }}" }
      """, to: "main.yaml")
    try await SeparateSandbox.serving("--faults", "reset-after=100%", in: folder.path) { sandbox in
      func run(_ arguments: String...) async throws -> Ended {
        try await Program.run(arguments, in: folder.path, environment: sandbox.environment)
      }
      let doubtful = try await run("run", "main.yaml", "--api", "api.yaml")
      #expect(doubtful.status == 3)
      #expect(doubtful.output.contains("--assume health=done --result JSON`; otherwise the same"))
      let refused = try await run("resume", "latest")
      #expect(refused.status == 3)
      #expect(refused.errors.contains("`health` is in doubt: nothing shows whether"))
      let resolved = try await run("resolve", "latest")
      #expect(resolved.status == 3)
      #expect(resolved.output.contains("sent      utility.check-server-health"))
      #expect(resolved.output.contains("service   unknown"))
      #expect(resolved.errors.contains("nothing shows what happened in `health`"))
      let complaints = [
        (["--assume", "health"], "needs the form STEP=done or STEP=not-done"),
        (["--assume", "health=maybe"], "`done` or `not-done`, not `maybe`"),
        (["--assume", "other=done"], "no step `other` is in doubt"),
        (["--assume", "health=done"], "no read shows the result of `health`"),
        (["--assume", "health=done", "--result", "{"], "`--result` is not JSON"),
        (["--assume", "health=done", "--result", "[1]"], "must be a JSON object"),
        (["--assume", "health=done", "--result", "{}"], "holds none of the result fields"),
        (["--assume", "health=done", "--result", "{\"x\": 1}"], "has no result field `x`"),
        (
          ["--assume", "health=done", "--result", "{\"status\": 17, \"x\": 1}"],
          "the result field `status` must be a string, not an integer"
        ),
        (["--assume", "health=done", "--result", "env:UNSET"], "`UNSET`, which is not set"),
        (
          ["--assume", "health=done", "--result", "health=file:none"],
          "the file `none` of `--result` does not exist"
        ),
        (["--assume", "health=done", "--result", "ok"], "`--result` needs the form JSON"),
        (["--result", "{}"], "--result goes with --assume"),
      ]
      for (arguments, complaint) in complaints {
        let wrong = try await Program.run(
          ["resume", "latest"] + arguments, in: folder.path, environment: sandbox.environment)
        #expect(wrong.status == 2 && wrong.errors.contains(complaint), "\(arguments)")
      }
      let again = try await run("resume", "latest", "--assume", "health=not-done")
      #expect(again.status == 3)
      let done = try await Program.run(
        ["resume", "latest", "--assume", "health=done", "--result", "health=env:RESULT"],
        in: folder.path,
        environment: sandbox.environment.merging(["RESULT": "{\"status\": \"ok\"}"]) { $1 })
      #expect(done.status == 0)
      #expect(done.output.contains("status"))
      #expect(try await run("resolve", "latest").status == 2)
    }
  }
}
