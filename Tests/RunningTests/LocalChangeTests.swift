import Events
import Expressions
import FoundationEssentials
import Glibc
import Machine
import Operations
import Running
import Testing

/// What local actions do to the files of this machine.
@Suite("Changes of local actions")
struct LocalChangeTests {
  private static let key = Value.secret(text: String(repeating: "ab", count: 32))
  private static let otherKey = Value.secret(text: String(repeating: "cd", count: 32))

  private static func change(_ kind: StateChange.Kind, _ reason: String? = nil) -> StateChange {
    StateChange(kind, reason: reason, isLocal: true)
  }

  @Test(
    arguments: [
      (nil, change(.create, "`out` does not exist")), ("one", change(.unchanged)),
      ("two", change(.change, "`out` holds something else")),
      ("one more", change(.change, "`out` holds something else")),
      ("", change(.change, "`out` holds something else")),
    ] as [(String?, StateChange)])
  func `a file is written where it holds something else`(
    _ content: String?, _ change: StateChange
  ) throws {
    let files = FilesInMemory(content.map { ["out": Array($0.utf8)] } ?? [:])
    let result = try files.actions.perform(.writeFile, ["path": "out", "data": "one"])
    #expect(result == LocalResult(["path": "out", "size": 3], change: change))
    #expect(files.all == ["out": Array("one".utf8)])
  }

  @Test(arguments: [0, PayloadSource.pieceCount, 2 * PayloadSource.pieceCount + 1])
  func `contents of any size are compared`(_ size: Int) throws {
    let bytes = [UInt8](repeating: 7, count: size)
    let files = FilesInMemory(["out": bytes])
    let same = try files.actions.perform(.writeFile, ["path": "out", "data": .bytes(bytes)])
    #expect(same.change == Self.change(.unchanged))
    let other = bytes.dropLast() + [8]
    let result = try files.actions.perform(
      .writeFile, ["path": "out", "data": .bytes(Array(other))])
    #expect(result.change == Self.change(.change, "`out` holds something else"))
  }

  @Test func `what encrypts and decrypts into a file leaves one that holds it already`() throws {
    let files = FilesInMemory(["plain": Array("hello".utf8)])
    func change(_ action: LocalAction, _ arguments: ValueMap) throws -> StateChange? {
      try files.actions.perform(action, arguments).change
    }
    let sealing: ValueMap = ["file": "plain", "key": Self.key, "to": "sealed"]
    #expect(
      try change(.encryptData, sealing) == Self.change(.create, "`sealed` does not exist"))
    let sealed = files.all["sealed"]
    #expect(
      try files.actions.perform(.encryptData, sealing)
        == LocalResult(
          ["file": LocalFile(path: "sealed", size: 33).value, "size": 5],
          change: Self.change(.unchanged)))
    #expect(files.all["sealed"] == sealed)

    let opening: ValueMap = ["file": "sealed", "key": Self.key, "to": "opened"]
    #expect(
      try change(.decryptData, opening) == Self.change(.create, "`opened` does not exist"))
    #expect(try change(.decryptData, opening) == Self.change(.unchanged))

    let isOther = Self.change(.change, "`sealed` holds something else")
    for more: ValueMap in [["data": "other"], ["data": "longer text"]] {
      var arguments = sealing
      arguments["file"] = nil
      arguments["data"] = more["data"]
      #expect(try change(.encryptData, arguments) == isOther)
    }
    var arguments = sealing
    #expect(try change(.encryptData, arguments) == isOther)
    arguments["key"] = Self.otherKey
    #expect(try change(.encryptData, arguments) == isOther)
  }

  @Test func `keys are made, loaded, or belong to no file`() throws {
    let files = FilesInMemory()
    let both: ValueMap = ["privateKeyFile": "a.key", "dataKeyFile": "a.data-key"]
    let cases: [(ValueMap, StateChange?)] = [
      (both, Self.change(.create, "`a.key` and `a.data-key` do not exist")),
      (both, Self.change(.unchanged)),
      (["privateKeyFile": "a.key"], Self.change(.unchanged)),
      (["privateKeyFile": "b.key"], Self.change(.create, "`b.key` does not exist")),
      ([:], nil),
    ]
    for (arguments, change) in cases {
      #expect(try files.actions.perform(.generateKeys, arguments).change == change)
    }
  }

  @Test func `what only reads changes nothing`() throws {
    let files = FilesInMemory([
      "a": Array("x".utf8), "a.key": Array(String(repeating: "ab", count: 32).utf8),
    ])
    let sealed = try files.actions.perform(.encryptData, ["data": "hello", "key": Self.key])
    #expect(sealed.change == nil)
    for (action, arguments) in [
      (.readFile, ["file": "a"]), (.digestFile, ["file": "a"]),
      (.loadKeys, ["privateKeyFile": "a.key"]),
      (.decryptData, ["data": sealed.fields["data"] ?? .null, "key": Self.key]),
    ] as [(LocalAction, ValueMap)] {
      #expect(try files.actions.perform(action, arguments).change == nil)
    }
  }

  @Test func `a file that stays is not touched, unless others may read a secret in it`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "privirun-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let actions = LocalActions(files: .live()) { Array(repeating: 5, count: $0) }
    let path = "\(folder)/out"
    func write(_ data: Value) throws -> (change: StateChange?, inode: ino_t, mode: mode_t) {
      let change = try actions.perform(.writeFile, ["path": .string(path), "data": data]).change
      var facts = stat()
      #expect(stat(path, &facts) == 0)
      return (change, facts.st_ino, facts.st_mode & 0o777)
    }
    let first = try write("open")
    let second = try write("open")
    #expect(second.change == Self.change(.unchanged))
    #expect(second.inode == first.inode)
    #expect(chmod(path, 0o644) == 0)
    let third = try write(.secret(text: "open"))
    #expect(third.change == Self.change(.change, "`\(path)` can be read by other users"))
    #expect(third.mode == 0o600)
    let fourth = try write(.secret(text: "open"))
    #expect(fourth.change == Self.change(.unchanged))
    #expect(fourth.inode == third.inode)
    let opened = try write("open")
    #expect(opened.change == Self.change(.unchanged))
    #expect(opened.mode == 0o600)
  }

  @Test func `a file that must not be replaced is refused, whatever it holds`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "privirun-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let actions = LocalActions(files: .live()) { Array(repeating: 5, count: $0) }
    let path = "\(folder)/out"
    let arguments: ValueMap = ["path": .string(path), "data": "one"]
    _ = try actions.perform(.writeFile, arguments)
    #expect(link(path, "\(folder)/other") == 0)
    #expect(throws: LocalFailure.self) { try actions.perform(.writeFile, arguments) }
  }

  @Test func `a step is unchanged when its action is, and none counts at the service`() throws {
    let files = FilesInMemory(["a": Array("one".utf8)])
    var world = try World(
      try PlannedText.plan(
        """
        steps:
          - { id: same, call: file.write, with: { path: a, data: one } }
          - { id: new, call: file.write, with: { path: b, data: "${{ steps.same.path }}" } }
          - { id: look, call: file.read, with: { file: a } }

        """))
    world.localActions = files.actions
    let result = try world.run()
    let ends = world.events.compactMap { event in
      if case .stepFinished(_, let result) = event.kind { result } else { nil }
    }
    #expect(
      ends == [
        StepResult(
          outcome: .unchanged, value: ["path": "a", "size": 3], change: Self.change(.unchanged)),
        StepResult(
          outcome: .succeeded, value: ["path": "b", "size": 1],
          change: Self.change(.create, "`b` does not exist")),
        StepResult(
          outcome: .succeeded,
          value: ["data": .bytes(Array("one".utf8)), "text": "one", "size": 3]),
      ])
    #expect(result.outcome == .succeeded)
    #expect(result.changes.isEmpty)
  }
}
