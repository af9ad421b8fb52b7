import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

/// Local actions of plans: they read, and report what they would do.
@Suite("Dry runs of local actions")
struct LocalDryRunTests {
  private static let key = String(repeating: "ab", count: 32)
  private static let keyID = Value.string("22ab5d24534c34db")
  private static let secret = Value.secret(text: key)
  private static let contents: [String: [UInt8]] = [
    "plain": Array("hello".utf8), "a.key": Array(key.utf8), "a.data-key": Array(key.utf8),
    "bad.key": Array("none".utf8), "a.password": Array("of old\n".utf8), "empty": [],
    "sealed":
      (try? Envelope.seal(
        Array("hello".utf8), key: [UInt8](repeating: 0xab, count: 32),
        iv: [UInt8](repeating: 1, count: 12))) ?? [],
  ]
  private static let step = StepPath(components: [.step("s")])

  private static func unknown(_ source: String) -> Value { .unknown(Unknown(source)) }

  private static func dry(
    _ action: LocalAction, _ arguments: ValueMap, after planned: PlannedFiles = PlannedFiles(),
    in files: FilesInMemory = FilesInMemory(contents)
  ) throws -> LocalResult {
    try files.actions.perform(action, arguments, as: DryRun(of: step, after: planned))
  }

  private static let calls: [(LocalAction, ValueMap)] = [
    (.generateKeys, ["privateKeyFile": "a.key", "dataKeyFile": "a.data-key"]),
    (.generateKeys, ["privateKeyFile": "b.key", "dataKeyFile": "b.data-key"]),
    (.generateKeys, ["privateKeyFile": "b.key"]), (.generateKeys, [:]),
    (.generateKeys, ["privateKeyFile": "bad.key"]),
    (.generateKeys, ["privateKeyFile": "a.key", "tag": "31400500"]),
    (.generateKeys, ["privateKeyFile": "a.key", "tag": "wrong"]),
    (.generateKeys, ["privateKeyFile": "a.key", "dataKeyFile": "b.data-key"]),
    (.generateKeys, ["privateKeyFile": "b.key", "dataKeyFile": "a.data-key"]),
    (
      .generateKeys,
      ["privateKeyFile": "a.key", "dataKeyFile": "b.data-key", "renew": "dataKey"]
    ),
    (
      .generateKeys,
      ["privateKeyFile": "b.key", "dataKeyFile": "a.data-key", "renew": "privateKey"]
    ),
    (.loadKeys, ["privateKeyFile": "a.key", "dataKeyFile": "b.data-key"]),
    (.loadKeys, ["privateKeyFile": "a.key"]), (.loadKeys, ["dataKeyFile": "a.data-key"]),
    (.loadKeys, ["privateKeyFile": "b.key"]), (.loadKeys, [:]),
    (.generateSecret, ["path": "a.password"]), (.generateSecret, ["path": "b.password"]),
    (.generateSecret, ["path": "empty"]), (.generateSecret, ["path": "a.password", "length": 12]),
    (.generateSecret, ["path": "b.password", "length": 11]), (.generateSecret, [:]),
    (.readFile, ["file": "plain"]), (.readFile, ["file": "none"]), (.readFile, ["file": 7]),
    (.digestFile, ["file": "plain"]), (.digestFile, ["file": "none"]),
    (.writeFile, ["path": "new", "data": "x"]), (.writeFile, ["path": "plain", "data": "x"]),
    (.writeFile, ["path": "plain", "data": "hello"]), (.writeFile, ["path": "plain", "data": 7]),
    (.encryptData, ["data": "x", "key": secret]), (.encryptData, ["file": "plain", "key": secret]),
    (.encryptData, ["file": "none", "key": secret]), (.encryptData, ["data": "x", "key": "no"]),
    (.encryptData, ["file": "plain", "key": secret, "to": "new"]),
    (.encryptData, ["file": "plain", "key": secret, "to": "plain"]),
    (.encryptData, ["file": "plain", "key": secret, "to": "sealed"]),
    (.encryptData, ["file": "none", "key": secret, "to": "new"]),
    (.decryptData, ["file": "sealed", "key": secret]),
    (.decryptData, ["file": "plain", "key": secret]),
    (.decryptData, ["file": "sealed", "key": secret, "to": "new"]),
    (.decryptData, ["file": "sealed", "key": secret, "to": "plain"]),
    (.decryptData, ["file": "sealed", "key": secret, "to": "a.key"]),
    (.decryptData, ["file": "plain", "key": secret, "to": "new"]),
  ]

  @Test(arguments: calls.indices)
  func `a dry run says what the run does, and does nothing`(_ index: Int) throws {
    let (action, arguments) = Self.calls[index]
    let files = FilesInMemory(Self.contents)
    let dry = Result { try Self.dry(action, arguments, in: files) }
    #expect(files.all == Self.contents)
    #expect(files.draws == 0)
    switch Result(catching: { try files.actions.perform(action, arguments) }) {
    case .failure(let failure):
      let refusal = try #require(failure as? LocalFailure)
      #expect(throws: refusal) { try dry.get() }
    case .success(let real):
      let dry = try dry.get()
      #expect(dry.change == real.change)
      #expect(dry.notice == nil)
      #expect(Set(dry.fields.names) == Set(real.fields.names))
      for name in dry.fields.names {
        guard dry.fields[name]?.unknown == nil else { continue }
        #expect(dry.fields[name] == real.fields[name], "\(name)")
      }
      // The key stays the same when the file of a private key gets a note.
      for (path, bytes) in files.all where path != "a.key" && bytes != Self.contents[path] {
        #expect(dry.plannedFiles[path] != nil, "\(path)")
      }
    }
  }

  @Test func `what only the run can make is unknown`() throws {
    let made = try Self.dry(
      .generateKeys,
      ["privateKeyFile": "b.key", "dataKeyFile": "a.data-key", "renew": "privateKey"])
    #expect(
      made.fields == [
        "publicKey": Self.unknown("s.publicKey"), "privateKey": Self.unknown("s.privateKey"),
        "dataKey": Self.secret, "dataKeyId": Self.keyID,
      ])
    var planned = PlannedFiles()
    planned.add("b.key", from: Unknown("s.privateKey"))
    #expect(made.plannedFiles == planned)

    let half = try Self.dry(
      .generateKeys,
      ["privateKeyFile": "a.key", "dataKeyFile": "b.data-key", "renew": "dataKey"])
    let loaded = try Self.dry(.loadKeys, ["privateKeyFile": "a.key"])
    #expect(half.fields["publicKey"] == loaded.fields["publicKey"])
    #expect(half.fields["dataKey"] == Self.unknown("s.dataKey"))
    #expect(half.fields["dataKeyId"] == Self.unknown("s.dataKeyId"))

    let sealed = try Self.dry(.encryptData, ["file": "plain", "key": Self.secret])
    #expect(sealed.fields == ["data": Self.unknown("s.data"), "size": 5])
  }

  @Test func `files that earlier steps would write are there, with unknown contents`() throws {
    var planned = PlannedFiles()
    for path in ["b.key", "b.data-key", "plain", "c"] {
      planned.add(path, from: Unknown("made.\(path)"))
    }
    func dry(_ action: LocalAction, _ arguments: ValueMap) throws -> LocalResult {
      try Self.dry(action, arguments, after: planned)
    }
    let keys: ValueMap = ["privateKeyFile": "b.key", "dataKeyFile": "b.data-key"]
    let loaded: ValueMap = [
      "publicKey": Self.unknown("made.b.key"), "privateKey": Self.unknown("made.b.key"),
      "dataKey": Self.unknown("made.b.data-key"), "dataKeyId": Self.unknown("made.b.data-key"),
    ]
    #expect(try dry(.loadKeys, keys) == LocalResult(loaded))
    #expect(
      try dry(.generateKeys, keys)
        == LocalResult(loaded, change: StateChange(.unchanged, isLocal: true)))
    let content = Self.unknown("made.c")
    #expect(
      try dry(.readFile, ["file": "c"])
        == LocalResult(["data": content, "text": content, "size": content]))
    #expect(
      try dry(.digestFile, ["file": LocalFile.value(path: "c", size: content)])
        == LocalResult(["sha256": content, "size": content]))
    #expect(
      try dry(.generateSecret, ["path": "c"])
        == LocalResult(
          ["value": content, "path": "c"], change: StateChange(.unchanged, isLocal: true)))
    // It is there already with other bytes, which are not those that the run will find.
    #expect(
      try dry(.digestFile, ["file": "plain"]).fields["sha256"] == Self.unknown("made.plain"))
    #expect(
      try dry(.writeFile, ["path": "c", "data": "x"]).change
        == StateChange(.unknown, reason: "an earlier step writes `c`", isLocal: true))
    #expect(
      try dry(.decryptData, ["file": "sealed", "key": Self.secret, "to": "plain"]).change
        == StateChange(.unknown, reason: "an earlier step writes `plain`", isLocal: true))
  }

  /// Calls with unknown arguments, the fields of their results, and what they would do.
  private static let unknownArguments: [(LocalAction, ValueMap, ValueMap, StateChange?)] = {
    let waits = unknown("other.field")
    let depends = StateChange(.unknown, reason: "it depends on `other.field`", isLocal: true)
    let isNew = StateChange(.create, reason: "`new` does not exist", isLocal: true)
    let file = LocalFile.value(path: "new", size: waits)
    return [
      (.readFile, ["file": waits], ["data": waits, "text": waits, "size": waits], nil),
      (.digestFile, ["file": waits], ["sha256": waits, "size": waits], nil),
      (.digestFile, ["file": ["path": waits]], ["sha256": waits, "size": waits], nil),
      (.writeFile, ["path": "new", "data": waits], ["path": "new", "size": waits], isNew),
      (.writeFile, ["path": "plain", "data": waits], ["path": "plain", "size": waits], depends),
      (.writeFile, ["path": waits, "data": "abc"], ["path": waits, "size": 3], depends),
      (
        .encryptData, ["file": "plain", "key": waits],
        ["data": unknown("s.data"), "size": 5], nil
      ),
      (
        .encryptData, ["data": waits, "key": secret],
        ["data": unknown("s.data"), "size": waits], nil
      ),
      (
        .encryptData, ["data": waits, "key": secret, "to": "new"],
        ["file": file, "size": waits], isNew
      ),
      (
        .encryptData, ["file": "plain", "key": waits, "to": "new"],
        ["file": LocalFile(path: "new", size: 33).value, "size": 5], isNew
      ),
      (
        .encryptData, ["file": "plain", "key": secret, "to": waits],
        ["file": waits, "size": 5], depends
      ),
      (
        .decryptData, ["data": waits, "key": secret],
        ["data": waits, "text": waits, "size": waits], nil
      ),
      (
        .decryptData, ["file": "sealed", "key": waits, "to": "new"],
        ["file": file, "size": waits], isNew
      ),
      (
        .decryptData, ["file": "sealed", "key": waits, "to": "plain"],
        ["file": LocalFile.value(path: "plain", size: waits), "size": waits], depends
      ),
      (
        .generateSecret, ["path": "new", "length": waits],
        ["value": unknown("s.value"), "path": "new"], isNew
      ),
      (.generateSecret, ["path": waits], ["value": waits, "path": waits], depends),
      (
        .loadKeys, ["dataKeyFile": waits],
        ["publicKey": .null, "privateKey": .null, "dataKey": waits, "dataKeyId": waits], nil
      ),
      (
        .generateKeys, ["privateKeyFile": waits, "dataKeyFile": "a.data-key"],
        [
          "publicKey": waits, "privateKey": waits, "dataKey": secret, "dataKeyId": keyID,
        ], depends
      ),
    ]
  }()

  @Test func `arguments may be unknown, and what needs them is`() throws {
    for (action, arguments, fields, change) in Self.unknownArguments {
      let files = FilesInMemory(Self.contents)
      let result = try Self.dry(action, arguments, in: files)
      #expect(result.fields == fields, "\(action): \(arguments)")
      #expect(result.change == change, "\(action): \(arguments)")
      #expect(files.all == Self.contents)
    }
  }

  @Test func `a path is the same file however it is spelled`() throws {
    let actions = LocalActions(files: .live(home: "/nowhere")) { Array(repeating: 5, count: $0) }
    func dry(
      _ action: LocalAction, _ arguments: ValueMap, after planned: PlannedFiles = PlannedFiles()
    ) throws -> LocalResult {
      try actions.perform(action, arguments, as: DryRun(of: Self.step, after: planned))
    }
    let written = try dry(.writeFile, ["path": "~/a/b/../out", "data": "x"])
    for path in ["~/a/out", "/nowhere/a/out", "/nowhere//a/./out"] {
      let read = try dry(.readFile, ["file": .string(path)], after: written.plannedFiles)
      #expect(read.fields["size"] == Self.unknown("s.path"))
    }
    #expect(throws: LocalFailure.self) {
      try dry(.readFile, ["file": "/nowhere/out"], after: written.plannedFiles)
    }
  }

  @Test(arguments: [Planning(), Planning(isOffline: true)])
  func `a plan performs local actions dry, each knowing the files before it`(
    _ planning: Planning
  ) throws {
    let files = FilesInMemory()
    var world = try World(
      try PlannedText.plan(
        """
        steps:
          - { id: made, call: keys.generate, with: { dataKeyFile: k/a } }
          - { id: kept, call: keys.load, with: { dataKeyFile: k/a } }
          - { id: note, call: file.write, with: { path: n, data: "${{ steps.kept.dataKey }}" } }

        """))
    world.localActions = files.actions
    let plan = try world.planned(planning)
    #expect(files.all == [:])
    #expect(files.draws == 0)
    let key = Self.unknown("made.dataKey")
    let isNew = StateChange(.create, reason: "`n` does not exist", isLocal: true)
    #expect(
      plan == [
        StepResult(
          outcome: .succeeded,
          value: [
            "publicKey": Self.unknown("made.publicKey"),
            "privateKey": Self.unknown("made.privateKey"), "dataKey": key,
            "dataKeyId": Self.unknown("made.dataKeyId"),
          ], change: StateChange(.create, reason: "`k/a` does not exist", isLocal: true)
        ).asking(["dataKeyFile": "k/a"]),
        StepResult(
          outcome: .succeeded,
          value: [
            "publicKey": .null, "privateKey": .null, "dataKey": key, "dataKeyId": key,
          ]),
        StepResult(outcome: .succeeded, value: ["path": "n", "size": key], change: isNew)
          .asking(["path": "n", "data": key]),
      ])
  }
}

extension StepResult {
  fileprivate func asking(_ fields: ValueMap) -> StepResult {
    var result = self
    result.asked = fields
    return result
  }
}

extension World {
  /// How the steps of a plan end.
  fileprivate mutating func planned(_ planning: Planning) throws -> [StepResult] {
    let actions = localActions
    localActions = nil
    try run()
    localActions = actions
    var plan = try continued(
      after: Array(events.prefix(1)), downtime: .zero, guidedBy: Guidance(planning: planning))
    try plan.run()
    return plan.events.compactMap { event in
      if case .stepFinished(_, let result) = event.kind { result } else { nil }
    }
  }
}
