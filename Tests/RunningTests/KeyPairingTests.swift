import Events
import Expressions
import Machine
import Operations
import Running
import Testing

/// The two keys of a tenant belong together: none of them is made anew unnoticed.
@Suite("Pairs of keys")
struct KeyPairingTests {
  private static let one = Array("\(String(repeating: "ab", count: 32))\n".utf8)
  private static let two = Array("\(String(repeating: "cd", count: 32))\n".utf8)
  private static let paths: ValueMap = ["privateKeyFile": "a.key", "dataKeyFile": "a.data-key"]

  private static let idOfTwo = Value.string("ab8a474a7fd5edec")

  private static func arguments(renewing renewal: Value?) -> ValueMap {
    var arguments = paths
    arguments["renew"] = renewal
    return arguments
  }

  private static let lostDataKey = LocalFailure(
    "the data key file `a.data-key` does not exist, but the private key `a.key` does",
    hint:
      "restore it from a backup: no other key opens what was encrypted with it; if nothing was, "
      + "`renew: dataKey` makes a new one")
  private static let lostPrivateKey = LocalFailure(
    "the private key file `a.key` does not exist, but the data key `a.data-key` does",
    hint: "restore it from a backup; `renew: privateKey` makes a new one, such as to rotate it")

  @Test(
    arguments: [
      ("a.key", nil, lostDataKey), ("a.key", "privateKey", lostDataKey),
      ("a.data-key", nil, lostPrivateKey), ("a.data-key", "dataKey", lostPrivateKey),
      ("a.key", "both", LocalFailure("`renew` must be `privateKey` or `dataKey`")),
    ] as [(String, Value?, LocalFailure)])
  func `a key is not made beside another one, unless that is asked for`(
    _ path: String, _ renewal: Value?, _ failure: LocalFailure
  ) {
    let files = FilesInMemory([path: Self.one])
    #expect(throws: failure) {
      try files.actions.perform(.generateKeys, Self.arguments(renewing: renewal))
    }
    #expect(files.all == [path: Self.one])
  }

  @Test(
    arguments: [
      ("a.key", "dataKey", "a.data-key"), ("a.data-key", "privateKey", "a.key"),
    ] as [(String, Value, String)])
  func `a key is made beside another one when that is asked for`(
    _ path: String, _ renewal: Value, _ made: String
  ) throws {
    let files = FilesInMemory([path: Self.one])
    let arguments = Self.arguments(renewing: renewal)
    let first = try files.actions.perform(.generateKeys, arguments)
    #expect(first.change?.kind == .create)
    #expect(Set(files.all.keys) == [path, made])
    // From then on it is loaded.
    let second = try files.actions.perform(.generateKeys, arguments)
    #expect(second.fields == first.fields)
    #expect(second.change?.kind == .unchanged)
    #expect(try files.actions.perform(.loadKeys, Self.paths).fields == first.fields)
  }

  @Test(arguments: [nil, "privateKey", "dataKey"] as [Value?])
  func `both keys are made where none is, and loaded where both are`(_ renewal: Value?) throws {
    let files = FilesInMemory()
    let arguments = Self.arguments(renewing: renewal)
    #expect(try files.actions.perform(.generateKeys, arguments).change?.kind == .create)
    #expect(try files.actions.perform(.generateKeys, arguments).change?.kind == .unchanged)
  }

  private static let stranger = LocalFailure(
    "`a.data-key` is not the data key that belongs to the private key `a.key`",
    hint: "restore both files from the same backup: another data key does not open what was "
      + "encrypted with theirs")

  @Test func `a private key knows its data key, and another one is refused`() throws {
    let files = FilesInMemory()
    let made = try files.actions.perform(.generateKeys, Self.paths)
    let id = try #require(made.fields["dataKeyId"]?.text)
    let text = try #require(made.fields["privateKey"]?.text)
    #expect(files.all["a.key"] == Array("\(text)\n# data-key-id \(id)\n".utf8))
    var contents = files.all
    contents["a.data-key"] = Self.one
    let other = FilesInMemory(contents)
    for action in [LocalAction.generateKeys, .loadKeys] {
      #expect(throws: Self.stranger) { try other.actions.perform(action, Self.paths) }
      #expect(throws: Self.stranger) {
        try other.actions.perform(
          action, Self.paths, as: DryRun(of: StepPath(components: [.step("s")])))
      }
    }
    #expect(other.all == contents)
    // Alone, each of them can be used.
    for name in Self.paths.names {
      var only = ValueMap()
      only[name] = Self.paths[name]
      _ = try other.actions.perform(.loadKeys, only)
    }
  }

  @Test func `a lost key is named, with what can be done about it`() {
    for (path, failure) in [
      (
        "a.key",
        LocalFailure(
          "the key file `a.data-key` does not exist",
          hint: "restore it from a backup: no other key opens what was encrypted with it")
      ),
      (
        "a.data-key",
        LocalFailure(
          "the key file `a.key` does not exist",
          hint:
            "restore it from a backup, or register a new one with the workflow `rotate-key.yaml`")
      ),
    ] {
      let files = FilesInMemory([path: Self.one])
      #expect(throws: failure) { try files.actions.perform(.loadKeys, Self.paths) }
    }
  }

  @Test func `a private key without a note goes with any data key`() throws {
    let files = FilesInMemory(["a.key": Self.one, "a.data-key": Self.two])
    for action in [LocalAction.generateKeys, .loadKeys] {
      #expect(
        try files.actions.perform(action, Self.paths).fields["dataKeyId"] == Self.idOfTwo)
    }
    #expect(files.all == ["a.key": Self.one, "a.data-key": Self.two])
  }

  @Test func `a renewed key is noted with the other one`() throws {
    let files = FilesInMemory(["a.data-key": Self.two])
    _ = try files.actions.perform(.generateKeys, Self.arguments(renewing: "privateKey"))
    let note = Array("# data-key-id \(Self.idOfTwo.text ?? "")\n".utf8)
    #expect(files.all["a.key"]?.suffix(note.count) == note[...])

    var contents = files.all
    contents["a.data-key"] = nil
    contents["a.key", default: []] += Array("# of alice\n".utf8)
    let lost = FilesInMemory(contents)
    let renewed = try lost.actions.perform(.generateKeys, Self.arguments(renewing: "dataKey"))
    let loaded = try lost.actions.perform(.loadKeys, Self.paths)
    #expect(loaded.fields == renewed.fields)
    let id = renewed.fields["dataKeyId"]?.text ?? ""
    let key = renewed.fields["privateKey"]?.text ?? ""
    #expect(
      lost.all["a.key"] == Array("\(key)\n# of alice\n# data-key-id \(id)\n".utf8))
  }

  @Test func `a private key that is kept without a data key has no note`() throws {
    let files = FilesInMemory()
    let made = try files.actions.perform(.generateKeys, ["privateKeyFile": "a.key"])
    let text = try #require(made.fields["privateKey"]?.text)
    #expect(files.all["a.key"] == Array("\(text)\n".utf8))
  }

  @Test func `the data key is written first, and nothing when one of them cannot be`() throws {
    let files = FilesInMemory()
    var access = files.access
    let create = access.create
    access.create = { path, protection throws(LocalFailure) in
      guard path != "a.key" else { throw LocalFailure("no") }
      return try create(path, protection)
    }
    let broken = LocalActions(files: access) { Array(repeating: 5, count: $0) }
    #expect(throws: LocalFailure("no")) { try broken.perform(.generateKeys, Self.paths) }
    #expect(files.all == [:])

    access.create = { path, protection throws(LocalFailure) in
      CommitFailing(draft: try create(path, protection), fails: path == "a.key")
    }
    let interrupted = LocalActions(files: access) { Array(repeating: 5, count: $0) }
    #expect(throws: LocalFailure("no")) { try interrupted.perform(.generateKeys, Self.paths) }
    #expect(Set(files.all.keys) == ["a.data-key"])
  }
}

/// A file that may not come to its place.
private struct CommitFailing: WritableFile {
  let draft: any WritableFile
  let fails: Bool

  func write(_ bytes: [UInt8]) throws(LocalFailure) { try draft.write(bytes) }
  func commit() throws(LocalFailure) -> String? {
    guard !fails else { throw LocalFailure("no") }
    return try draft.commit()
  }
  func discard() { draft.discard() }
}
