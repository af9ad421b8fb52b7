import Foundation
import Glibc
import Testing

/// `runs`, `show` and `diff` read a journal that they may not write, in a folder that they may not write in.
@Suite("Looks at a journal that may only be read", .timeLimit(.minutes(20)))
struct ReadOnlyLookTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var journals: String { "\(folder.path)/.privirun" }

  /// What happened to the process that recorded the run.
  enum Writer: CaseIterable {
    case ended
    case killed
    case lives
  }

  private func run(_ arguments: [String]) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  /// Runs the program with no more rights than the files give: those of root reach further.
  private func readOnly(_ arguments: [String]) async throws -> Ended {
    guard geteuid() == 0 else { return try await run(arguments) }
    let limits = ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    return try await RunningProgram(limits + [Program.path] + arguments, in: folder.path).ended()
  }

  /// Lets nobody write the files and in their folder; returns all to what it was with `true`.
  private func setWritable(_ isWritable: Bool) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: journals) {
      chmod("\(journals)/\(name)", isWritable ? 0o600 : 0o400)
    }
    chmod(journals, isWritable ? 0o700 : 0o500)
  }

  /// A run that waits for a decision; the process that drives it, if that lives.
  private func record(_ writer: Writer) async throws -> RunningProgram? {
    try folder.write(
      """
      playbook: 1
      name: gated
      steps:
        - { id: a, wait: 1ms }
        - { id: gate, approve: "Go on?" }

      """, to: "main.yaml")
    guard writer != .ended else {
      #expect(try await run(["run", "main.yaml", "--no-wait"]).status == 3)
      return nil
    }
    let program = try Program.start(["run", "main.yaml", "--output", "plain"], in: folder.path)
    _ = try #require(await program.line(with: "approval required"))
    guard writer == .killed else { return program }
    program.kill()
    _ = await program.ended()
    return nil
  }

  /// The files of the journal, without the memory that processes share.
  private func files() throws -> [String: Data] {
    try folder.bytes(below: ".privirun").filter { !$0.key.hasSuffix("-shm") }
  }

  private static let looks = [
    ["runs", "--output", "json"], ["show", "latest"], ["show", "latest", "--output", "json"],
    ["show", "latest", "--verify"], ["diff", "latest", "latest"],
  ]

  @Test(arguments: Writer.allCases)
  func `they print what they print elsewhere, and change nothing`(writer: Writer) async throws {
    let program = try await record(writer)
    var expected: [Ended] = []
    for look in Self.looks { expected.append(try await run(look)) }
    #expect(expected.map(\.status) == [0, 0, 0, 0, 0])
    #expect(expected.map(\.errors) == ["", "", "", "", ""])
    #expect(expected[0].output.contains(#""progress":"waiting""#))
    #expect(expected[0].output.contains(#""driver":"#) == (writer == .lives))
    let before = try files()
    try setWritable(false)
    defer { try? setWritable(true) }
    for (look, expected) in zip(Self.looks, expected) {
      #expect(try await readOnly(look) == expected, "\(look)")
    }
    let list = try await readOnly(["runs"]).output
    #expect(list.contains(#/ [0-9]+[a-z]+( [0-9]+[a-z]+)? +gated +waiting/#))
    #expect(try files() == before)
    let refused = try await readOnly(["cancel", "latest"])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("cannot be used"))
    withExtendedLifetime(program) {}
  }

  /// What keeps the key of a copy from being used.
  enum KeyFault: CaseIterable {
    case missing
    case open
    case other
  }

  @Test(arguments: KeyFault.allCases)
  func `a copy that cannot be verified is shown, and says what its key lacks`(
    fault: KeyFault
  ) async throws {
    _ = try await record(.ended)
    let key = "\(journals)/journal.sqlite.key"
    let (cause, hint): (String, String)
    switch fault {
    case .missing:
      try FileManager.default.removeItem(atPath: key)
      (cause, hint) = (
        "and there is no .privirun/journal.sqlite.key", "beside the journal in which"
      )
    case .open:
      chmod(key, 0o644)
      (cause, hint) = ("can be read or changed by other users", "if you cannot change the key file")
    case .other:
      try Data(repeating: 7, count: 32).write(to: URL(filePath: key))
      (cause, hint) = ("is not the key under which the run was recorded", "the right key file")
    }
    #expect(try await run(["show", "latest"]).output.contains("gated  run "))
    let ended = try await run(["show", "latest", "--verify"])
    #expect(ended.status == 1)
    #expect(ended.output == "")
    #expect(ended.errors.contains("cannot be verified"))
    #expect(ended.errors.contains(cause) && ended.errors.contains(hint))
  }

  @Test func `a torn tail is reported to whoever looks, until the journal is written`()
    async throws
  {
    _ = try await record(.killed)
    let log = "\(journals)/journal.sqlite-wal"
    let bytes = try Data(contentsOf: URL(filePath: log))
    try bytes.dropLast(5).write(to: URL(filePath: log))
    let first = try await run(["runs"])
    #expect(first.output.contains("interrupted"))
    #expect(
      first.errors.contains(
        #/^privirun: the journal's tail was torn: [0-9]+ bytes after the last complete commit were discarded, and complete commits are lost with them\n  hint: [^\n]+\n$/#
      ))
    for look in [["show", "latest"], ["show", "latest", "--verify"], ["runs"]] {
      let ended = try await run(look)
      #expect(ended.status == 0)
      #expect(ended.errors == first.errors, "\(look)")
    }
    for command in [
      ["resume", "latest"], ["resolve", "latest"], ["run", "main.yaml", "--resume"],
      ["cancel", "latest"], ["approve", "latest"],
    ] {
      let refused = try await run(command)
      #expect(refused.status == 3)
      #expect(refused.errors.contains("a run may have gone further than its record says"))
      #expect(refused.errors.contains("--accept-loss` then continues one"), "\(command)")
    }
    // The commit that was cut asked for the decision.
    let resumed = try await run(["resume", "latest", "--no-wait", "--accept-loss"])
    #expect(resumed.status == 3)
    #expect(resumed.errors.ranges(of: "torn").count == 1)
    #expect(resumed.errors.contains("waits for a decision"))
    #expect(try await run(["show", "latest", "--verify"]).errors == "")
  }
}
