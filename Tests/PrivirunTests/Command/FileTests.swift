import Foundation
import Testing

/// `check`, `eval` and `operations`: what needs no service.
@Suite("Commands that send nothing", .timeLimit(.minutes(20)))
struct FileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  @Test func `every diagnostic of every file is reported, and the good ones too`() async throws {
    try folder.write("playbook: 1\nname: a\nsteps: [{wait: 1s}]\n", to: "good.yaml")
    try folder.write(
      "playbook: 1\nname: b\nsteps:\n  - cal: x\n  - call: utility.chek-server-health\n",
      to: "bad.yaml")
    try folder.write("", to: "empty.yaml")
    let ended = try await run("check", "bad.yaml", "good.yaml", "missing.yaml", "empty.yaml")
    #expect(ended.status == 2)
    #expect(ended.output == "good.yaml: ok\n")
    for words in [
      "bad.yaml:4:5: error[P0201]: a step has no key `cal`", "did you mean `call`?",
      "error[P0101]: there is no file `missing.yaml`",
      "empty.yaml:1:1: error[P0105]: the file is empty",
    ] {
      #expect(ended.errors.contains(words))
    }
  }

  @Test func `what only a run would find is warned of`() async throws {
    try folder.write(
      """
      playbook: 1
      name: child
      steps: [{call: device.retrieve-profile-devices}]
      """, to: "child.yaml")
    try folder.write(
      """
      playbook: 1
      name: parent
      inputs: { password: { type: secret }, list: { type: file, default: absent.txt } }
      session: { username: u, password: "${{ inputs.password }}" }
      steps:
        - play: child.yaml
        - { call: file.digest, with: { file: "${{ inputs.list }}" } }
      """, to: "parent.yaml")
    let alone = try await run("check", "child.yaml")
    #expect(alone.status == 0)
    #expect(alone.output == "child.yaml: ok\n")
    #expect(
      alone.errors.hasPrefix(
        "child.yaml:3:16: warning[P0701]: `device.retrieve-profile-devices` needs a session, and the "
          + "playbook opens none [needs-session]\n"))
    let together = try await run("check", "child.yaml", "parent.yaml")
    #expect(together.output == "child.yaml: ok\nparent.yaml: ok\n")
    #expect(
      together.errors.hasPrefix(
        "parent.yaml:3:39: warning[P0101]: the file `absent.txt` of the input `list` does not exist "
          + "[missing-file]\n"))
    #expect(!together.errors.contains("needs-session"))
  }

  @Test
  func `output that cannot be written is reported and fails, but not when its reader has gone`()
    async throws
  {
    let lost = try await Program.shell("\"$0\" eval '1 + 1' > /dev/full", in: folder.path)
    #expect(
      lost
        == Ended(
          status: 74,
          errors: """
            privirun: standard output could not be written: No space left on device
              hint: the journal holds the whole record of a run: `privirun show latest`

            """))
    let gone = try await Program.shell(
      "\"$0\" operations | true; exit ${PIPESTATUS[0]}", in: folder.path)
    #expect(gone == Ended(status: 0))
  }

  @Test func `quiet, a good file is not mentioned`() async throws {
    try folder.write("playbook: 1\nname: a\nsteps: [{wait: 1s}]\n", to: "good.yaml")
    #expect(try await run("check", "--quiet", "good.yaml") == Ended(status: 0))
    #expect(
      try await run("check", "good.yaml", "./good.yaml", "\(folder.path)/good.yaml", ".")
        == Ended(status: 0, output: "good.yaml: ok\n"))
  }

  @Test func `what is wrong with a default is reported once, and only where a run needs it`()
    async throws
  {
    try folder.write(
      """
      playbook: 1
      name: list
      inputs: { n: { type: integer }, list: { type: file, default: ./absent.txt } }
      steps:
        - { when: inputs.n > 0, call: file.digest, with: { file: "${{ inputs.list }}" } }
      """, to: "list.yaml")
    let needed = try await run("check", "list.yaml", "--input", "n=1")
    #expect(needed.status == 2)
    #expect(needed.errors.split(separator: "P0101", omittingEmptySubsequences: false).count == 3)
    #expect(!needed.errors.contains("warning"))
    #expect(
      try await run("check", "list.yaml", "--input", "n=1", "--input", "list=list.yaml")
        == Ended(status: 0, output: "list.yaml: ok\n"))
  }

  @Test func `a file under several names has each diagnostic once`() async throws {
    try folder.write("playbook: 1\nname: a\nsteps: [{call: utility.chek}]\n", to: "bad.yaml")
    try folder.write("playbook: 1\nname: b\nsteps: [{play: sub/../bad.yaml}]\n", to: "main.yaml")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/sub", withIntermediateDirectories: false)
    let ended = try await run(
      "check", "--output", "json", "bad.yaml", "./bad.yaml", "\(folder.path)/bad.yaml", "main.yaml")
    #expect(ended.status == 2)
    #expect(ended.output.split(separator: "\n").count == 1, "\(ended.output)")
  }

  @Test func `JSON and SARIF name the file that is missing, and JSON is in the file's order`()
    async throws
  {
    let json = try await run("check", "--output", "json", "absent.yaml")
    #expect(json.output.contains(#""file":"absent.yaml""#))
    let sarif = try await run("check", "--output", "sarif", "absent.yaml")
    #expect(
      sarif.output.contains(
        #""locations":[{"physicalLocation":{"artifactLocation":{"uri":"absent.yaml"}}}]"#))
    try folder.write(
      "playbook: 1\nname: a\nsteps:\n  - { assert: foo }\n  - { wait: 1s, whit: 1 }\n", to: "a.yaml"
    )
    let lines = try await run("check", "--output", "json", "a.yaml").output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.contains(#""line":4"#) ?? false)
    #expect(lines.last?.contains(#""line":5"#) ?? false)
  }

  @Test func `of a folder, its playbooks are checked, and what they share is reported once`()
    async throws
  {
    try folder.write(
      """
      playbook: 1
      name: shared
      inputs: { a: { type: string } }
      steps: [{wait: 1s}]
      """, to: "flows/lib/shared.yaml")
    for name in ["one", "two"] {
      try folder.write(
        "playbook: 1\nname: \(name)\nsteps: [{play: lib/shared.yaml, with: {a: x}}]\n",
        to: "flows/\(name).yaml")
    }
    try folder.write("username: a\n", to: "flows/inputs.yaml")
    let ended = try await run("check", "flows")
    #expect(ended.status == 0)
    #expect(
      ended.output
        == "flows/lib/shared.yaml: ok\nflows/one.yaml: ok\nflows/two.yaml: ok\n")
    let warning = "flows/lib/shared.yaml:3:11: warning[P0805]: the input `a` is never used"
    #expect(ended.errors.ranges(of: warning).count == 1)
    try folder.write("a: b\n", to: "empty/inputs.yaml")
    #expect(
      try await run("check", "empty")
        == Ended(
          status: 2,
          errors: """
            privirun: there is no playbook below `empty`
              hint: a playbook has a line `playbook: 1`

            """))
  }

  @Test func `with inputs, all is found that a run would find before it sends`() async throws {
    try folder.write(
      """
      playbook: 1
      name: users
      inputs:
        users: { type: list, of: { type: record, fields: { name: { type: string } } } }
        size: { type: integer }
      steps:
        - for-each: ${{ inputs.users }}
          as: user
          steps: [{ wait: 1ms, name: "${{ user.name }}" }]
        - wait: ${{ string(inputs.size) + 's' }}
      """, to: "users.yaml")
    try folder.write("users: [{ nmae: a }]\n", to: "bad.yaml")
    try folder.write("users: [{ name: a }]\nsize: 1\n", to: "good.yaml")
    #expect(
      try await run("check", "users.yaml", "--inputs", "good.yaml")
        == Ended(status: 0, output: "users.yaml: ok\n"))
    let bad = try await run("check", "users.yaml", "--inputs", "bad.yaml")
    #expect(bad.status == 2)
    #expect(bad.output == "")
    #expect(bad.errors.contains("bad.yaml:1:11: error["))
    #expect(bad.errors.contains("`size`"))
    let several = try await run("check", "users.yaml", "good.yaml", "--input", "size=1")
    #expect(several.status == 2)
    #expect(several.errors.contains("inputs are those of one playbook, and 2 are named"))
    let below = try await run("check", ".", "--inputs", "good.yaml")
    #expect(below.status == 2)
    #expect(below.errors.contains("inputs are those of one playbook, and `.` is a folder"))
  }

  @Test func `strictly, warnings count, and a refusal with which nothing deals is one`()
    async throws
  {
    let call =
      "call: oauth-application.retrieve-oauth-app-configuration, with: { applicationId: a }"
    for (name, more) in [("open", ""), ("closed", ", tolerate: [oauth.already_retrieved]")] {
      try folder.write(
        """
        playbook: 1
        name: \(name)
        inputs: { password: { type: secret } }
        session: { username: u, password: "${{ inputs.password }}" }
        steps: [{ \(call)\(more) }]
        """, to: "\(name).yaml")
    }
    #expect(
      try await run("check", "open.yaml") == Ended(status: 0, output: "open.yaml: ok\n"))
    let open = try await run("check", "--strict", "open.yaml")
    #expect(open.status == 2)
    #expect(
      open.errors.hasPrefix(
        "open.yaml:5:9: warning[P0609]: `oauth-application.retrieve-oauth-app-configuration` "
          + "may be refused for `oauth.already_retrieved` [unhandled-refusal]\n"))
    #expect(
      try await run("check", "--strict", "closed.yaml")
        == Ended(status: 0, output: "closed.yaml: ok\n"))
  }

  @Test func `an expression's value is JSON`() async throws {
    #expect(
      try await run(
        "eval", "[1, 2, 3].filter(n, n > 1).size() + size(name)", "--with", #"name="ab""#)
        == Ended(status: 0, output: "4\n"))
    let noon = "timestamp('2027-07-01T12:00:00Z')"
    #expect(
      try await run("eval", "\(noon).getHours('Europe/Stockholm')")
        == Ended(status: 0, output: "14\n"))
    #expect(try await run("eval", "-7 / 2") == Ended(status: 0, output: "-3\n"))
    #expect(try await run("eval", #"{"a": null}"#).output == "{\n  \"a\": null\n}\n")
  }

  @Test(arguments: [
    (["1 +"], "expression:1:4: error[P0401]: expected a value, found the end of the expression"),
    (["x"], "expression:1:1: error[P0410]: unknown name `x`"),
    (["1 / 0"], "expression:1:"),
    (["1", "--with", "a"], "privirun: `--with a` is not of the form name=json\n"),
    (["1", "--with", "a=b"], "privirun: the value of `a` is not JSON\n"),
    (["1", "--with", "a=1", "--with", "a=2"], "privirun: `a` is given twice\n"),
    (["1", "--with", "a-b=1"], "privirun: `a-b` is no name"),
    (["1", "--wiht", "a=1"], "Error: Unknown option '--wiht'"),
    (["1", "2"], "Error: 2 expressions are given"),
    ([], "Error: Missing expected argument '<expression>'"),
  ])
  func `a wrong expression or name is reported`(
    arguments: [String], complaint: String
  ) async throws {
    let ended = try await Program.run(["eval"] + arguments, in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(ended.errors.hasPrefix(complaint))
  }

  @Test func `operations are listed and explained`() async throws {
    let list = try await run("operations")
    #expect(list.status == 0)
    #expect(list.output.contains("  data-token.reserve-token-space "))
    #expect(list.output.contains("Local actions ("))
    let page = try await run("operations", "keys.generate")
    #expect(page.output.hasPrefix("keys.generate\n"))
    let json = try await run("operations", "--output", "json")
    let entries = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect((entries?.count ?? 0) > 60)
    let one = try await run("operations", "keys.generate", "--output", "json")
    let entry = try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any]
    #expect(entry?["id"] as? String == "keys.generate")
    #expect(
      try await run("operations", "keys.genrate")
        == Ended(
          status: 2,
          errors: """
            privirun: there is no operation, section or local action `keys.genrate`
              hint: did you mean `keys.generate`?

            """))
  }

  @Test func `a description of the API that cannot be used is reported`() async throws {
    try folder.write("openapi: 3.1.0\n", to: "half.yaml")
    for (file, complaint) in [
      ("none.yaml", "privirun: the description `none.yaml` does not exist\n"),
      (".", "privirun: the description `.` is a directory\n"),
      ("half.yaml", "half.yaml:1:1: error"),
    ] {
      let ended = try await run("operations", "--api", file)
      #expect(ended.status == 2)
      #expect(ended.output == "")
      #expect(ended.errors.hasPrefix(complaint))
    }
  }
}
