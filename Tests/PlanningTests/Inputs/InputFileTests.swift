import Diagnostics
import Expressions
import Planning
import Playbooks
import Testing

/// The forms of inputs files, and where values came from.
@Suite struct InputFileTests {
  private static func bound(_ files: [(String, String)], _ arguments: [String] = []) throws
    -> BoundInputs
  {
    var provided = ProvidedInputs()
    for (file, text) in files { provided.take(file: file, Array(text.utf8)) }
    for argument in arguments { provided.take(argument: argument) }
    return try InputBinder(sources: InputBinderTests.sources).bind(
      provided, to: try InputBinderTests.parsed())
  }

  private static func rendered(_ file: String, _ text: String) throws -> String {
    var provided = ProvidedInputs()
    provided.take(file: file, Array(text.utf8))
    let playbook = try InputBinderTests.parsed()
    let error = #expect(throws: InvalidInput.self) {
      try InputBinder(sources: InputBinderTests.sources).bind(provided, to: playbook)
    }
    return DiagnosticRenderer(texts: provided.texts(for: playbook))
      .render(error?.diagnostics ?? [])
  }

  @Test func `lines of the form NAME=value are read as the declared types`() throws {
    let text = """
      \u{FEFF}# who logs in\r
      export username=a@b.c\r

        password = env:P   # not the password itself
      count=007
      loud=true
      stores=[x, 'y z']
      labels="{a: 1}"
      role='storage' # nothing is expanded
      document=./a.tar.gz
      """
    let values = try Self.bound([("tenants/.env", text)]).values
    #expect(values["username"] == "a@b.c")
    #expect(values["password"] == .secret(text: "hunter2"))
    #expect(values["count"] == 7)
    #expect(values["loud"] == true)
    #expect(values["stores"] == ["x", "y z"])
    #expect(values["labels"] == ["a": 1])
    #expect(values["document"]?[field: "path"] == "tenants/a.tar.gz")
  }

  @Test(
    arguments: [
      (#"stores=["a b", '#c'] # d"#, ["a b", "#c"]),
      ("stores=[a#b, 'c'] #d", ["a#b", "c"]),
      (#"stores='["$x"]'"#, ["$x"]), (#"stores="[\"\$x\"]""#, ["$x"]),
      ("stores=\"[a,\n b]\"", ["a", "b"]), (#"stores="['\d']""#, [#"\d"#]),
    ] as [(String, [String])])
  func `quotation marks keep what is inside`(_ line: String, _ stores: [String]) throws {
    let text = "username=a@b.c\npassword=env:P\n\(line)\n"
    #expect(
      try Self.bound([("a.env", text)]).values["stores"] == .list(stores.map { .string($0) }))
  }

  @Test func `a number sign begins a comment only behind a blank`() throws {
    let text = """
      playbook: 1
      inputs: { note: { type: string } }
      steps: [{ assert: inputs.note != 'b' }]
      """
    let playbook = try MemoryFiles(["n.yaml": text]).check("n.yaml").planned
    for (line, note) in [("#x", "#x"), ("a#x", "a#x"), (" #x", ""), ("a #x", "a"), ("\t# x", "")] {
      var provided = ProvidedInputs()
      provided.take(file: "a.env", Array("note=\(line)\n".utf8))
      let bound = try InputBinder(sources: InputBinderTests.sources).bind(provided, to: playbook)
      #expect(bound.values["note"] == .string(note), "\(line)")
    }
  }

  @Test func `what is missing at the end of a line is reported on it`() throws {
    #expect(
      try Self.rendered("a.env", "stores=[a\ncount=1\n").hasPrefix("a.env:1:10: error["))
  }

  @Test func `a wrong line is reported at its place, and none that may be secret is quoted`()
    throws
  {
    #expect(
      try Self.rendered(
        "a.env",
        """
        username=a@b.c
        password=hunter2
        count=many
        stores=[a, 1]
        pasword=hunter3
        """) == """
          a.env:2:10: error[P0702]: the input `password` is secret and must not be given in plain text \
          [secret-in-clear]
            hint: give `env:VARIABLE` or `file:PATH`, or omit it to be prompted

          a.env:3:7: error[P0501]: the input `count` must be an integer, not `many` [wrong-type]
            3 | count=many
              |       ^^^^

          a.env:4:12: error[P0501]: the input `stores[1]` must be a string, not an integer [wrong-type]
            4 | stores=[a, 1]
              |            ^
            hint: write it in quotes: "1"

          a.env:5:1: error[P0801]: `greet` has no input `pasword` [unknown-input]
            hint: did you mean `password`?
          """)
    #expect(
      try Self.rendered("a.env", "a b\ncount=1\ncount=2\nloud=on\nrole=\"open\nz='a'b\n") == """
        a.env:1:1: error[P0804]: this is not of the form NAME=value [malformed-input]
          hint: write one line per input: `name=value`, or `name="a value"`

        a.env:3:1: error[P0119]: `count` is given twice [duplicate-key]

        a.env:4:6: error[P0501]: the input `loud` must be true or false, not `on` [wrong-type]
          4 | loud=on
            |      ^^

        a.env:5:6: error[P0804]: the quotation mark is never closed [malformed-input]
          hint: write one line per input: `name=value`, or `name="a value"`
        """)
  }

  @Test func `a file that begins with shared true may hold inputs of other playbooks`() throws {
    let text = "shared: true\nusername: a@b.c\npassword: env:P\nteam: ops\n"
    #expect(try Self.bound([("a.yaml", text)]).values["username"] == "a@b.c")
    let lines = "shared=true\nusername=a@b.c\npassword=env:P\nteam=ops\n"
    #expect(try Self.bound([("a.env", lines)]).values["username"] == "a@b.c")
    let late = try Self.rendered("a.yaml", "username: a@b.c\nshared: true\npassword: env:P\n")
    #expect(late.contains("`greet` has no input `shared` [unknown-input]"))
    #expect(late.contains("hint: a file for several playbooks begins with `shared: true`"))
    let own = "shared: false\nusername: a@b.c\npassword: env:P\n"
    #expect(try Self.bound([("a.yaml", own)]).values["username"] == "a@b.c")
  }

  @Test func `where a playbook has an input called shared, no file is for several playbooks`()
    throws
  {
    let text = """
      playbook: 1
      inputs: { shared: { type: boolean } }
      steps: [{ assert: inputs.shared }]
      """
    let playbook = try MemoryFiles(["n.yaml": text]).check("n.yaml").planned
    var provided = ProvidedInputs()
    provided.take(file: "a.yaml", Array("shared: true\nlimt: 1\n".utf8))
    let error = #expect(throws: InvalidInput.self) {
      try InputBinder(sources: InputBinderTests.sources).bind(provided, to: playbook)
    }
    #expect(error?.diagnostics.map(\.code) == [.unknownInput])
  }

  @Test func `of each value it is known where it came from`() throws {
    let bound = try Self.bound(
      [
        ("a.yaml", "username: a@b.c\ncount: 1\nloud: true\n"),
        ("b.env", "# later\npassword=env:P\ncount=2\n"),
      ], ["loud=false"])
    func place(_ file: String, _ line: Int, _ length: Int, column: Int = 1) -> InputOrigin.Source {
      .file(SourceLocation(file: file, line: line, column: column, length: length))
    }
    #expect(bound.origins["username"]?.source == place("a.yaml", 1, 8))
    #expect(bound.origins["count"]?.source == place("b.env", 3, 5))
    #expect(bound.origins["password"]?.source == place("b.env", 2, 8))
    #expect(bound.origins["password"]?.reference == "env:P")
    #expect(bound.origins["loud"]?.source == .commandLine)
    #expect(
      bound.origins["share"]?.source
        == .playbookDefault(
          SourceLocation(file: "workflows/greet.yaml", line: 7, column: 3, length: 5)))
  }
}
