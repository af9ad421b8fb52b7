import Diagnostics
import Expressions
import Notifications
import Playbooks
import Testing

/// What `notify` says, and what is wrong with it.
@Suite struct NotifyReaderTests {
  private struct Read {
    var targets: [NotifyTarget]
    var rendered: String
  }

  /// The targets in `text`, which is the value of `notify`.
  private static func read(
    _ text: String, impossible: [NotifyTarget.Topic: String] = [:]
  ) throws -> Read {
    let file = "r.yaml"
    let yaml = YAMLReading(of: Array(text.utf8), file: file, limits: .playbook)
    var nodes = PlaybookReader(file: file)
    let reader = NotifyReader(commands: ["pager", "mail"], impossible: impossible)
    let targets = reader.read(try #require(yaml.node), with: &nodes)
    var texts = SourceTexts()
    texts[file] = text
    texts.hide(valueOf: "post")
    let rendered = DiagnosticRenderer(texts: texts).render(nodes.diagnostics.elements)
    return Read(targets: targets, rendered: rendered)
  }

  private static func located(
    _ text: String, _ line: Int, _ column: Int, quotes: Int = 0
  ) -> Located<String> {
    let length = text.count + quotes
    return Located(
      text, at: SourceLocation(file: "r.yaml", line: line, column: column, length: length))
  }

  @Test func `a list of targets is read`() throws {
    let read = try Self.read(
      """
      - post: https://hooks.example.com/a?b=c
        secret: env:HOOK
        on: [failed, in-doubt, failed]
      - { post: "http://[::1]:8080" }
      - { command: pager, on: [missed] }
      """)
    #expect(read.rendered == "")
    #expect(
      read.targets == [
        NotifyTarget(
          .post(
            Self.located("https://hooks.example.com/a?b=c", 1, 9),
            secret: Self.located("env:HOOK", 2, 11)), topics: [.failed, .inDoubt]),
        NotifyTarget(.post(Self.located("http://[::1]:8080", 4, 11, quotes: 2), secret: nil)),
        NotifyTarget(.command(Self.located("pager", 5, 14)), topics: [.missed]),
      ])
  }

  @Test func `a target is written as it is read`() throws {
    let text = """
      - post: https://hooks.example.com/a?b=c
        secret: file:secrets/hook
        on: [failed, in-doubt]
      - command: pager
      """
    let targets = try Self.read(text).targets
    #expect(
      targets.map(\.value) == [
        [
          "post": "https://hooks.example.com/a?b=c", "secret": "file:secrets/hook",
          "on": ["failed", "in-doubt"],
        ], ["command": "pager"],
      ])
    let written = try #require(YAMLWriter.lines(of: .list(targets.map(\.value))))
    #expect(
      try Self.read(written.joined(separator: "\n")).targets.map(\.value) == targets.map(\.value))
  }

  @Test(arguments: [
    (
      "{ post: \"https://a/planted-token\" }",
      """
      r.yaml:1:1: error[P0501]: `notify` must be a list, not a map [wrong-type]
        1 | { post: ••• }
          | ^
        hint: write `notify: [{ post: "https://host/path", on: [failed, in-doubt] }]`
      """
    ),
    (
      "[]",
      """
      r.yaml:1:1: error[P0210]: `notify` must not be empty [empty-collection]
        1 | []
          | ^
        hint: write `notify: [{ post: "https://host/path", on: [failed, in-doubt] }]`
      """
    ),
    (
      "[{ on: [failed] }]",
      """
      r.yaml:1:2: error[P0202]: an entry of `notify` needs one of `post` and `command` [missing-key]
        1 | [{ on: [failed] }]
          |  ^
        hint: write `notify: [{ post: "https://host/path", on: [failed, in-doubt] }]`
      """
    ),
    (
      "- { post: \"https://a/planted-token\", command: pager }",
      """
      r.yaml:1:38: error[P1102]: an entry of `notify` has `post` or `command`, not both [contradiction]
        1 | - { post: •••, command: pager }
          |                ^^^^^^^
        hint: write two entries
      """
    ),
    (
      "- { command: pagr, secret: env:A }",
      """
      r.yaml:1:14: error[P0708]: `notify` names the command `pagr`, which is not allowed [command-not-allowed]
        1 | - { command: pagr, secret: env:A }
          |              ^^^^
        hint: did you mean `pager`?

      r.yaml:1:20: error[P0203]: `secret` goes with `post` only: it signs what is sent [misplaced-key]
        1 | - { command: pagr, secret: env:A }
          |                    ^^^^^^
        hint: leave it out
      """
    ),
    (
      "- { command: x }",
      """
      r.yaml:1:14: error[P0708]: `notify` names the command `x`, which is not allowed [command-not-allowed]
        1 | - { command: x }
          |              ^
        hint: `allow-commands` names what may be run: `allow-commands: { pager: [PROGRAM, ARGUMENT] }`
      """
    ),
    (
      "- { command: https://a/planted-token }",
      """
      r.yaml:1:14: error[P0708]: `command` must be a name of `allow-commands`, not an address or a path \
      [command-not-allowed]
        hint: an address is written `post: "https://host/path"`
      """
    ),
    (
      "- { post: \"https://a/planted-token\", on: [finshed, 7], sekret: env:A }",
      """
      r.yaml:1:43: error[P0502]: a topic of `on` is one of `finished`, `failed`, `in-doubt`, `waiting`, `drift`, \
      `missed` [wrong-value]
        1 | - { post: •••, on: [finshed, 7], sekret: env:A }
          |                     ^^^^^^^
        hint: did you mean `finished`?

      r.yaml:1:52: error[P0502]: a topic of `on` is one of `finished`, `failed`, `in-doubt`, `waiting`, `drift`, \
      `missed` [wrong-value]
        1 | - { post: •••, on: [finshed, 7], sekret: env:A }
          |                              ^
        hint: without `on`, every topic is notified of

      r.yaml:1:56: error[P0201]: an entry of `notify` has no key `sekret` [unknown-key]
        1 | - { post: •••, on: [finshed, 7], sekret: env:A }
          |                                  ^^^^^^
        hint: did you mean `secret`?
      """
    ),
    (
      "- post: https://user:planted-token@a/b\n  secret: planted-token",
      """
      r.yaml:1:9: error[P1002]: the address of `post` must not hold a user name or password [invalid-address]
        1 | - post: •••
          |         ^^^
        hint: sign what is sent instead: `secret: env:VARIABLE`

      r.yaml:2:11: error[P0702]: the secret of `notify` is secret and must not be given in plain text [secret-in-clear]
        hint: write `secret: env:VARIABLE` or `secret: file:PATH`
      """
    ),
    (
      "- post: ftp://a/planted-token",
      """
      r.yaml:1:9: error[P1002]: the address of `post` does not begin with `https://` or `http://` [invalid-address]
        1 | - post: •••
          |         ^^^
        hint: write it like `https://host/path`
      """
    ),
    (
      "- post: ${{ inputs.url }}",
      """
      r.yaml:1:9: error[P0408]: `post` cannot be an expression [expression-not-allowed]
        1 | - post: ${{ inputs.url }}
          |         ^^^^^^^^^^^^^^^^^
        hint: it must be known before the playbook runs: write it out
      """
    ),
    (
      "https://a/planted-token",
      """
      r.yaml:1:1: error[P0501]: `notify` must be a list, not a string [wrong-type]
        hint: write `notify: [{ post: "https://host/path", on: [failed, in-doubt] }]`
      """
    ),
    (
      "- https://a/planted-token",
      """
      r.yaml:1:3: error[P0501]: an entry of `notify` must be a map, not a string [wrong-type]
        hint: write `notify: [{ post: "https://host/path", on: [failed, in-doubt] }]`
      """
    ),
    (
      "- 7",
      """
      r.yaml:1:3: error[P0501]: an entry of `notify` must be a map, not an integer [wrong-type]
        1 | - 7
          |   ^
        hint: write `notify: [{ post: "https://host/path", on: [failed, in-doubt] }]`
      """
    ),
  ])
  func `what is wrong is reported at its place, and without what may be a token`(
    _ text: String, _ expected: String
  ) throws {
    let read = try Self.read(text)
    #expect(read.rendered == expected)
    #expect(!read.rendered.contains("planted"))
  }

  @Test func `a list that is too long is refused`() throws {
    let text = String(repeating: "- { command: pager }\n", count: NotifyReader.most)
    #expect(try Self.read(text).targets.count == NotifyReader.most)
    let read = try Self.read(text + "- { command: mail }\n")
    #expect(read.targets == [])
    #expect(read.rendered.hasPrefix("r.yaml:1:1: error[P0503]: `notify` has more than 20 entries"))
  }

  @Test func `a topic that never happens gets a warning`() throws {
    let read = try Self.read(
      "- { command: pager, on: [drift, failed] }",
      impossible: [.drift: "only rollouts with `mode: drift` look for it", .missed: "x"])
    #expect(read.targets.map(\.topics) == [[.drift, .failed]])
    #expect(
      read.rendered == """
        r.yaml:1:26: warning[P1301]: `drift` never happens: only rollouts with `mode: drift` look for it \
        [needless-topic]
          1 | - { command: pager, on: [drift, failed] }
            |                          ^^^^^
        """)
  }

  @Test(arguments: [
    ("https://a", "https://a"), ("HTTPS://A.example:443/x?y#", nil),
    ("http://a_b-c.d:65535?q", "http://a_b-c.d:65535"),
    ("https://[fe80::1]:1/", "https://[fe80::1]:1"), ("https://a:0", nil), ("https://a:70000", nil),
    ("https://a:", nil), ("https://", nil), ("https://a..b", nil), ("https://[x]", nil),
    ("https://[::1", nil), ("https://[::1]x", nil), ("https://ä.example", nil), ("//a", nil),
    ("https://a/b c", nil), ("https://a/\u{7F}", nil), ("https://u@a", nil), ("https:/a", nil),
    ("https://\(String(repeating: "a", count: 64))", nil),
  ])
  func `an address has a scheme, a host, and nothing that is secret by nature`(
    _ text: String, _ origin: String?
  ) {
    #expect((try? PostAddress(text))?.origin == origin)
  }

  @Test func `routes have what is needed later, equal ones once`() throws {
    let read = try Self.read(
      """
      - { post: "https://a", secret: "file:hook", on: [failed] }
      - { post: "https://a", secret: "file:hook", on: [missed] }
      - { post: "https://a", secret: "env:HOOK" }
      - { command: pager, on: [drift] }
      """)
    let routes = read.targets.routes(
      commands: ["pager": ["page", "--for={name}", "{other}"]], name: "onboard"
    ) { "/srv/\($0)" }
    #expect(
      routes == [
        NoticeRoute(.post("https://a", secret: "file:/srv/hook"), topics: [.failed, .missed]),
        NoticeRoute(.post("https://a", secret: "env:HOOK"), topics: Sample.everything),
        NoticeRoute(
          .command("pager", words: ["page", "--for=onboard", "{other}"]), topics: [.drift]),
      ])
  }
}
