import Cryptography
import Expressions
import FoundationEssentials
import Glibc
import Machine
import Operations
import Running
import Synchronization
import Testing

@Suite("Local actions")
struct LocalActionTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "privirun-\(UUID().uuidString)")
  private let actions = LocalActions(files: .live()) { Array(repeating: 5, count: $0) }

  private func inFolder(_ body: (String) throws -> Void) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test func `keys are kept in files that only their owner reads`() throws {
    try inFolder { folder in
      let arguments: ValueMap = [
        "privateKeyFile": .string("\(folder)/keys/a.key"),
        "dataKeyFile": .string("\(folder)/keys/a.data-key"),
      ]
      let made = try actions.perform(.generateKeys, arguments)
      for name in ["a.key", "a.data-key"] {
        let path = "\(folder)/keys/\(name)"
        var facts = stat()
        #expect(stat(path, &facts) == 0)
        #expect(facts.st_mode & 0o777 == 0o600)
      }
      let other = LocalActions(files: .live()) { Array(repeating: 6, count: $0) }
      #expect(try other.perform(.generateKeys, arguments).fields == made.fields)
      #expect(made.fields["privateKey"]?.isSecret == true)
      #expect(made.fields["dataKey"]?.isSecret == true)
    }
  }

  @Test func `a file that holds no key is neither used nor overwritten`() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let path = "\(folder)/a.key"
      try Data("precious".utf8).write(to: URL(filePath: path))
      #expect(throws: LocalFailure.self) {
        try actions.perform(.generateKeys, ["privateKeyFile": .string(path)])
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("precious".utf8))
    }
  }

  @Test func `what was encrypted is decrypted again, as a secret`() throws {
    let key = Value.string(String(repeating: "ab", count: 32))
    let sealed = try actions.perform(.encryptData, ["data": "hello", "key": key])
    let opened = try actions.perform(
      .decryptData, ["data": sealed.fields["data"] ?? .null, "key": key])
    #expect(opened.fields["text"] == .secret(text: "hello"))
    #expect(throws: LocalFailure.self) {
      try actions.perform(
        .decryptData,
        [
          "data": sealed.fields["data"] ?? .null,
          "key": .string(String(repeating: "cd", count: 32)),
        ])
    }
  }

  @Test func `nothing is made or encrypted without random bytes`() throws {
    try inFolder { folder in
      let actions = LocalActions(files: .live()) { _ throws(CryptographyFailure) in
        throw .randomBytes
      }
      let failure = LocalFailure(
        CryptographyFailure.randomBytes.message, hint: CryptographyFailure.randomBytes.hint)
      let path = "\(folder)/keys/a.key"
      #expect(throws: failure) {
        try actions.perform(.generateKeys, ["privateKeyFile": .string(path)])
      }
      #expect(!FileManager.default.fileExists(atPath: path))
      let key = Value.string(String(repeating: "05", count: 32))
      #expect(throws: failure) {
        try actions.perform(.encryptData, ["data": "plain", "key": key])
      }
      #expect(throws: failure) {
        try actions.perform(
          .encryptData, ["data": "plain", "key": key, "to": .string("\(folder)/sealed")])
      }
    }
  }

  @Test func `files are written whole and read up to a limit`() throws {
    try inFolder { folder in
      let path = "\(folder)/x/out.txt"
      _ = try actions.perform(.writeFile, ["path": .string(path), "data": "one"])
      _ = try actions.perform(.writeFile, ["path": .string(path), "data": "two"])
      #expect(
        try actions.perform(.readFile, ["file": .string(path)]).fields
          == ["data": .bytes(Array("two".utf8)), "text": "two", "size": 3])
      #expect(throws: LocalFailure.self) { try LocalFiles.live().read(path, 2) }
      #expect(throws: LocalFailure.self) { try LocalFiles.live().read(folder, 100) }
      #expect(throws: LocalFailure.self) { try LocalFiles.live().read("\(folder)/none", 100) }
    }
  }

  @Test func `what holds a secret is written for its owner alone`() throws {
    try inFolder { folder in
      for (data, mode) in [("open" as Value, 0o644), (.secret(text: "hidden"), 0o600)] {
        let path = "\(folder)/\(mode).txt"
        for _ in 1...2 {
          _ = try actions.perform(.writeFile, ["path": .string(path), "data": data])
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let found = attributes[.posixPermissions] as? Int ?? 0
        #expect(found & ~mode == 0 && found & 0o600 == 0o600)
      }
    }
  }

  @Test func `keys that were made are reported with where they are, and loaded ones are not`()
    throws
  {
    try inFolder { folder in
      let file = "\(folder)/keys/a.data-key"
      let arguments: ValueMap = ["dataKeyFile": .string(file)]
      #expect(
        try actions.perform(.generateKeys, arguments).notice
          == """
          a new key was written to `\(file)`: keep this file and back it up, because data encrypted \
          with a lost key cannot be recovered
          """)
      #expect(try actions.perform(.generateKeys, arguments).notice == nil)
      #expect(try actions.perform(.generateKeys, [:]).notice == nil)
      let loaded = try actions.perform(.loadKeys, arguments)
      #expect(
        loaded
          == LocalResult([
            "publicKey": .null, "privateKey": .null,
            "dataKey": .secret(text: String(repeating: "05", count: 32)),
            "dataKeyId": "56d838b68d06c88f",
          ]))
    }
  }

  @Test func `loading keys makes none, and the failure says what to do`() throws {
    try inFolder { folder in
      let arguments: ValueMap = [
        "privateKeyFile": .string("\(folder)/a.key"),
        "dataKeyFile": .string("\(folder)/a.data-key"),
      ]
      let hint = """
        restore it from a backup, or give the folder that the keys are in (`keyFolder` in the shipped \
        workflows); onboarding makes keys only while no public key is registered
        """
      #expect(
        throws: LocalFailure(
          "the key files `\(folder)/a.key` and `\(folder)/a.data-key` do not exist", hint: hint)
      ) { try actions.perform(.loadKeys, arguments) }
      #expect(!FileManager.default.fileExists(atPath: folder))
      _ = try actions.perform(
        .generateKeys, ["privateKeyFile": .string("\(folder)/a.key")])
      #expect(
        throws: LocalFailure(
          "the key file `\(folder)/a.data-key` does not exist",
          hint: "restore it from a backup: no other key opens what was encrypted with it")
      ) { try actions.perform(.loadKeys, arguments) }
      #expect(throws: LocalFailure.self) { try actions.perform(.loadKeys, [:]) }
    }
  }

  @Test func `what is not a regular file is refused in words, without waiting`() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let path = "\(folder)/pipe"
      mkfifo(path, 0o600)
      let refusal = LocalFailure(
        "`\(path)` is a pipe, not a regular file", hint: "give the path of a regular file")
      for (action, arguments) in [
        (.digestFile, ["file": .string(path)]), (.readFile, ["file": .string(path)]),
        (.writeFile, ["path": .string(path), "data": "x"]),
        (
          .encryptData,
          ["file": .string(path), "key": .string(String(repeating: "ab", count: 32)), "to": "x"]
        ),
      ] as [(LocalAction, ValueMap)] {
        #expect(throws: refusal) { try actions.perform(action, arguments) }
      }
    }
  }

  @Test func `a tilde is the home folder for every action`() throws {
    try inFolder { folder in
      let actions = LocalActions(files: .live(home: folder)) { Array(repeating: 5, count: $0) }
      _ = try actions.perform(.writeFile, ["path": "~/a/out.txt", "data": "one"])
      #expect(FileManager.default.fileExists(atPath: "\(folder)/a/out.txt"))
      #expect(try actions.perform(.digestFile, ["file": "~/a/out.txt"]).fields["size"] == 3)
      #expect(throws: LocalFailure.self) {
        try actions.perform(.writeFile, ["path": "~other/x", "data": "one"])
      }
      #expect(throws: LocalFailure("the path contains a NUL character")) {
        try actions.perform(.writeFile, ["path": .string("\(folder)/a\0b"), "data": "one"])
      }
    }
  }

  @Test func `what a file holds that only its owner can read is a secret`() throws {
    try inFolder { folder in
      let path = Value.string("\(folder)/key.txt")
      _ = try actions.perform(.writeFile, ["path": path, "data": .secret(text: "hidden")])
      let own = try actions.perform(.readFile, ["file": path]).fields
      #expect(own["text"] == .secret(text: "hidden"))
      #expect(own["data"]?.holdsSecret ?? false)
      let long = String(repeating: "x", count: 65_537)
      _ = try actions.perform(.writeFile, ["path": path, "data": .secret(text: long)])
      let content = try actions.perform(.readFile, ["file": path]).fields["text"] ?? .null
      #expect(content.revealed == .string(long))
      #expect(content.secrets.map(\.isPayload) == [true])
    }
  }

  @Test
  func `a file that others could read is closed to them when it gets a secret, and that is said`()
    throws
  {
    try inFolder { folder in
      let path = "\(folder)/out.txt"
      let open = try actions.perform(.writeFile, ["path": .string(path), "data": "open"])
      #expect(open.notice == nil)
      let hidden = try actions.perform(
        .writeFile, ["path": .string(path), "data": .secret(text: "hidden")])
      #expect(
        hidden.notice
          == """
          `\(path)` was readable by other users; now it holds a secret and is readable by its owner \
          only
          """)
    }
  }

  @Test func `an action that takes long ends between two pieces when it is interrupted`() throws {
    let interruption = Interruption()
    let key = Value.string(String(repeating: "ab", count: 32))
    let drafts = Mutex(0)
    var files = LocalFiles.live()
    files.open = { _ in EndlessFile { interruption.trigger() } }
    files.create = { _, _ in CountedDraft { change in drafts.withLock { $0 += change } } }
    let actions = LocalActions(files: files) { Array(repeating: 5, count: $0) }
    #expect(throws: LocalFailure.interrupted) {
      try actions.perform(.digestFile, ["file": "endless"], until: interruption)
    }
    let another = Interruption()
    files.open = { _ in EndlessFile { another.trigger() } }
    let others = LocalActions(files: files) { Array(repeating: 5, count: $0) }
    #expect(throws: LocalFailure.interrupted) {
      try others.perform(
        .encryptData, ["file": "endless", "key": key, "to": "out"], until: another)
    }
    #expect(drafts.withLock { $0 } == 0)
  }
}

/// A file without an end that does something when its third piece is read.
private final class EndlessFile: ReadableFile {
  let size = 1 << 30
  private let pieces = Mutex(0)
  private let onThirdPiece: @Sendable () -> Void

  init(onThirdPiece: @escaping @Sendable () -> Void) { self.onThirdPiece = onThirdPiece }

  func read(_ count: Int) throws(LocalFailure) -> [UInt8] {
    let number = pieces.withLock { pieces in
      pieces += 1
      return pieces
    }
    if number == 3 { onThirdPiece() }
    guard number < 10 else { throw LocalFailure("it was read on and on") }
    return [1, 2, 3]
  }
}

/// Counts the files in the making.
private struct CountedDraft: WritableFile {
  let change: @Sendable (Int) -> Void

  init(change: @escaping @Sendable (Int) -> Void) {
    self.change = change
    change(1)
  }

  func write(_ bytes: [UInt8]) throws(LocalFailure) {}
  func commit() throws(LocalFailure) -> String? { nil }
  func discard() { change(-1) }
}
