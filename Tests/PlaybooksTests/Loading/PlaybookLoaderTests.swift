import Diagnostics
import OrderedCollections
import Playbooks
import Testing

struct PlaybookLoaderTests {
  /// A playbook that plays each of `paths`.
  private static func playing(_ paths: String...) -> String {
    "playbook: 1\nsteps:\n  - wait: 1s\n" + paths.map { "  - play: \($0)\n" }.joined()
  }

  private static func diagnostics(
    _ files: MemoryFiles, at path: String = "flows/main.yaml",
    limits: PlaybookLoader.Limits = PlaybookLoader.Limits()
  ) -> String {
    var texts = SourceTexts()
    let loader = PlaybookLoader(files: files.playbookFiles, limits: limits)
    do {
      let diagnostics = try loader.load(path, texts: &texts).diagnostics
      return DiagnosticRenderer(texts: texts).render(diagnostics.elements)
    } catch {
      return DiagnosticRenderer(texts: texts).render(error.diagnostics)
    }
  }

  @Test func `a file called stdin is compared with what it was, a stream is not`() throws {
    var files = MemoryFiles(files: [
      "/work/main.yaml": Self.playing("lib/stdin"), "/work/lib/stdin": Self.playing(),
      "/work/stdin": Self.playing(),
    ])
    let recording = FileRecording(of: files.playbookFiles)
    var texts = SourceTexts()
    let loader = PlaybookLoader(files: recording.files)
    for path in ["main.yaml", PlaybookFiles.streamName] {
      _ = try loader.load(path, texts: &texts)
    }
    files.files["/work/lib/stdin"] = ""
    files.files["/work/stdin"] = ""
    #expect(recording.recorded.changed(from: files.playbookFiles) == ["/work/lib/stdin"])
  }

  @Test func `every playbook that can be reached is loaded once`() throws {
    let files = MemoryFiles(files: [
      "/work/flows/main.yaml": """
      playbook: 1
      steps:
        - parallel:
            a: [ { play: ./lib/one.yaml } ]
            b: [ { steps: [ { play: lib/two.yaml } ] } ]
        - for-each: [1]
          steps: [ { wait: 1s, rescue: [ { play: lib/three.yaml } ] } ]
          always: [ { play: lib/../lib/one.yaml } ]
      """,
      "/work/flows/lib/one.yaml": Self.playing("two.yaml"),
      "/work/flows/lib/two.yaml": Self.playing("../other.yaml"),
      "/work/flows/lib/three.yaml": Self.playing(),
      "/work/flows/other.yaml": Self.playing(),
    ])
    var texts = SourceTexts()
    let loaded = try PlaybookLoader(files: files.playbookFiles).load(
      "flows/main.yaml", texts: &texts)
    #expect(loaded.root == "main.yaml")
    #expect(
      Array(loaded.playbooks.keys) == [
        "main.yaml", "lib/one.yaml", "lib/two.yaml", "other.yaml", "lib/three.yaml",
      ])
    #expect(loaded.first?.location.file == "flows/main.yaml")
    #expect(
      loaded.playbook(at: "two.yaml", namedBy: "flows/lib/one.yaml")
        == loaded.playbooks["lib/two.yaml"])
    #expect(loaded.key(of: "lib/../lib/one.yaml", namedBy: "flows/main.yaml") == "lib/one.yaml")
    #expect(loaded.key(of: "lib/../lib/one.yaml", namedBy: "flows/other.yaml") == nil)
    #expect(texts["flows/lib/two.yaml"] == Self.playing("../other.yaml"))
    #expect(loaded.texts["flows/other.yaml"] == Self.playing())
  }

  @Test func `what a digest is made of changes with names and contents but not with the place`()
    throws
  {
    func input(_ files: [String: String], _ path: String) throws -> [UInt8] {
      var texts = SourceTexts()
      let loader = PlaybookLoader(files: MemoryFiles(files: files).playbookFiles)
      return try loader.load(path, texts: &texts).digestInput
    }
    let main = Self.playing("b.yaml")
    let first = try input(["/work/a.yaml": main, "/work/b.yaml": Self.playing()], "a.yaml")
    let moved = try input(["/x/a.yaml": main, "/x/b.yaml": Self.playing()], "/x/a.yaml")
    let edited = try input(
      ["/work/a.yaml": main, "/work/b.yaml": Self.playing() + "# more\n"], "a.yaml")
    let renamed = try input(["/work/c.yaml": main, "/work/b.yaml": Self.playing()], "c.yaml")
    #expect(first == moved)
    #expect(first != edited)
    #expect(first != renamed)
  }

  @Test func `all diagnostics of all files come at once`() {
    let files = MemoryFiles(files: [
      "/work/flows/main.yaml": Self.playing("lib/one.yaml", "lib/gone.yaml"),
      "/work/flows/lib/one.yaml": Self.playing("two.yaml", "../../x.yaml"),
      "/work/flows/lib/two.yaml": "playbook: 1\nsteps: []\n",
    ])
    #expect(
      Self.diagnostics(files) == """
        flows/lib/one.yaml:5:11: error[P0212]: `../../x.yaml` is outside `flows` [play-outside]
          5 |   - play: ../../x.yaml
            |           ^^^^^^^^^^^^
          hint: keep the playbooks that belong together in one folder, or in folders inside it

        flows/lib/two.yaml:2:8: error[P0210]: `steps` must not be empty [empty-collection]
          2 | steps: []
            |        ^
          hint: begin each step with `- `

        flows/main.yaml:5:11: error[P0101]: there is no file `lib/gone.yaml` [missing-file]
          5 |   - play: lib/gone.yaml
            |           ^^^^^^^^^^^^^
          hint: did you mean `lib/one.yaml`?
        """)
  }

  @Test func `a playbook that plays itself is refused with the whole chain`() {
    let files = MemoryFiles(files: [
      "/work/flows/main.yaml": Self.playing("a.yaml"),
      "/work/flows/a.yaml": Self.playing("lib/b.yaml"),
      "/work/flows/lib/b.yaml": Self.playing("../a.yaml", "b.yaml"),
    ])
    let hint = "a playbook cannot play itself, not even through others"
    #expect(
      Self.diagnostics(files) == """
        flows/lib/b.yaml:4:11: error[P0211]: this play never ends: `flows/a.yaml` plays \
        `flows/lib/b.yaml` plays `flows/a.yaml` [play-cycle]
          4 |   - play: ../a.yaml
            |           ^^^^^^^^^
          hint: \(hint)

        flows/lib/b.yaml:5:11: error[P0211]: this play never ends: `flows/lib/b.yaml` plays \
        `flows/lib/b.yaml` [play-cycle]
          5 |   - play: b.yaml
            |           ^^^^^^
          hint: \(hint)
        """)
  }

  @Test(arguments: [
    ("/work/flows/a.yaml", "a play cannot name an absolute path [play-outside]"),
    ("../a.yaml", "`../a.yaml` is outside `flows` [play-outside]"),
    ("lib/../../a.yaml", "`lib/../../a.yaml` is outside `flows` [play-outside]"),
    ("sly.yaml", "`sly.yaml` is outside `flows` [play-outside]"),
    ("slyfolder/secret.yaml", "`slyfolder/secret.yaml` is outside `flows` [play-outside]"),
    ("lib", "`flows/lib` is not a regular file [not-a-file]"),
    (".", "`.` is outside `flows` [play-outside]"),
    ("mian.yaml", "there is no file `mian.yaml` [missing-file]"),
    ("nowhere/a.yaml", "there is no file `nowhere/a.yaml` [missing-file]"),
    ("locked.yaml", "`flows/locked.yaml` cannot be read: permission denied [unreadable-file]"),
    ("big.yaml", "the file `flows/big.yaml` is larger than 1 MiB [file-too-large]"),
  ])
  func `a play that cannot be followed says why`(path: String, message: String) {
    let files = MemoryFiles(
      files: [
        "/work/flows/main.yaml": Self.playing(path), "/work/flows/lib/one.yaml": Self.playing(),
        "/work/a.yaml": Self.playing(), "/etc/secret.yaml": Self.playing(),
        "/work/flows/locked.yaml": Self.playing(),
        "/work/flows/big.yaml": String(repeating: "#", count: 2 << 20),
      ],
      links: ["/work/flows/sly.yaml": "/work/a.yaml", "/work/flows/slyfolder": "/etc"],
      unreadable: ["/work/flows/locked.yaml": .unreadable("permission denied")])
    let first = Self.diagnostics(files).split(separator: "\n").first ?? ""
    #expect(
      first.replacing(/\[P\d{4}\]/, with: "") == "flows/main.yaml:4:11: error: \(message)")
  }

  @Test func `a missing first file has a neighbour as hint`() {
    let files = MemoryFiles(files: ["/work/flows/main.yaml": Self.playing()])
    #expect(
      Self.diagnostics(files, at: "flows/mian.yaml") == """
        error[P0101]: there is no file `flows/mian.yaml` [missing-file]
          hint: did you mean `flows/main.yaml`?
        """)
    #expect(
      Self.diagnostics(files, at: "flow/main.yaml") == """
        error[P0101]: there is no file `flow/main.yaml` [missing-file]
          hint: there is no folder `flow` either
        """)
    #expect(
      Self.diagnostics(files, at: "flows") == """
        error[P0102]: `flows` is not a regular file [not-a-file]
          hint: name the file of a playbook; of a folder all are `FOLDER/*.yaml`
        """)
  }

  @Test func `a first file behind a link is at home where it really is`() throws {
    let files = MemoryFiles(
      files: ["/srv/p/real.yaml": Self.playing("a.yaml"), "/srv/p/a.yaml": Self.playing()],
      links: ["/work/link.yaml": "/srv/p/real.yaml"])
    var texts = SourceTexts()
    let loaded = try PlaybookLoader(files: files.playbookFiles).load("link.yaml", texts: &texts)
    #expect(loaded.playbooks.values.map(\.location.file) == ["/srv/p/real.yaml", "/srv/p/a.yaml"])
  }

  @Test func `playbooks inside one another have a limit, also by a way round`() {
    var files = MemoryFiles()
    for level in 1...4 {
      files.files["/work/p\(level).yaml"] = Self.playing("p\(level + 1).yaml")
    }
    files.files["/work/p5.yaml"] = Self.playing()
    let limits = PlaybookLoader.Limits(depth: 4)
    #expect(
      Self.diagnostics(files, at: "p1.yaml", limits: limits).split(separator: "\n").first
        == "p4.yaml:4:11: error[P0213]: more than 4 playbooks are inside one another [play-too-deep]"
    )
    files.files["/work/p0.yaml"] = Self.playing("p3.yaml", "p2.yaml")
    #expect(Self.diagnostics(files, at: "p2.yaml", limits: limits).isEmpty)
    #expect(
      Self.diagnostics(files, at: "p0.yaml", limits: limits).split(separator: "\n").first
        == "p2.yaml:4:11: error[P0213]: more than 4 playbooks are inside one another [play-too-deep]"
    )
  }

  @Test func `the number of files has a limit`() {
    var files = MemoryFiles()
    files.files["/work/main.yaml"] = Self.playing("a.yaml", "b.yaml", "c.yaml")
    for name in ["a", "b", "c"] { files.files["/work/\(name).yaml"] = Self.playing() }
    #expect(
      Self.diagnostics(files, at: "main.yaml", limits: PlaybookLoader.Limits(files: 3))
        .split(separator: "\n").first
        == "main.yaml:6:11: error[P0214]: more than 3 playbooks belong together [too-many-files]")
  }
}
