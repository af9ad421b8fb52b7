import Cryptography
import Events
import Expressions
import Files
import FoundationEssentials
import Glibc
import Machine
import Operations
import Randomness
import Running
import Synchronization
import Testing

/// Passwords that are made once, and loaded from then on.
@Suite("Passwords in files")
struct SecretFileTests {
  private static let arguments: ValueMap = ["path": "secrets/a.password"]
  private static let alphabet = Set(
    "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")

  /// Local actions whose random bytes follow from `seed`.
  private static func actions(
    _ files: FilesInMemory = FilesInMemory(), seed: UInt64 = 1
  ) -> LocalActions {
    let generator = Mutex(SplitMix(seed: seed))
    return LocalActions(files: files.access) { count in
      generator.withLock { generator in
        (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      }
    }
  }

  private static func text(_ result: LocalResult) -> String {
    result.fields["value"]?.revealed.text ?? ""
  }

  @Test func `a password is made once and loaded from then on`() throws {
    let files = FilesInMemory()
    let made = try Self.actions(files).perform(.generateSecret, Self.arguments)
    let text = Self.text(made)
    #expect(text.count == 24)
    #expect(
      made
        == LocalResult(
          ["value": .secret(text: text), "path": "secrets/a.password"],
          change: StateChange(
            .create, reason: "`secrets/a.password` does not exist", isLocal: true),
          notice: "a new password was written to `secrets/a.password`"))
    #expect(files.all == ["secrets/a.password": Array("\(text)\n".utf8)])
    let later = try Self.actions(files, seed: 2).perform(.generateSecret, Self.arguments)
    #expect(
      later == LocalResult(made.fields, change: StateChange(.unchanged, isLocal: true)))
    #expect(files.all == ["secrets/a.password": Array("\(text)\n".utf8)])
  }

  @Test(arguments: [(nil, 24), (.null, 24), (12, 12), (256, 256)] as [(Value?, Int)])
  func `a password has the length that is asked for`(_ length: Value?, _ count: Int) throws {
    var arguments = Self.arguments
    arguments["length"] = length
    #expect(Self.text(try Self.actions().perform(.generateSecret, arguments)).count == count)
  }

  @Test(arguments: [11, 257, 0, -1, "24", 24.5] as [Value])
  func `a length out of bounds is refused before anything is written`(_ length: Value) {
    let files = FilesInMemory()
    #expect(throws: LocalFailure("`length` must be an integer from 12 to 256")) {
      try Self.actions(files).perform(
        .generateSecret, ["path": "secrets/a.password", "length": length])
    }
    #expect(files.all == [:])
  }

  @Test func `each character of the alphabet is as likely as any other`() throws {
    let actions = Self.actions()
    var counts: [Character: Int] = [:]
    for number in 0..<400 {
      let made = try actions.perform(
        .generateSecret, ["path": .string("\(number)"), "length": 256])
      for character in Self.text(made) { counts[character, default: 0] += 1 }
    }
    #expect(Set(counts.keys) == Self.alphabet)
    // 102,400 characters: about 1,796 of each with a standard deviation of 42. A remainder that is not
    // thrown away makes the first 28 characters a fourth more likely.
    #expect(counts.values.allSatisfy { (1_550...2_050).contains($0) })
  }

  @Test func `bytes that are not random make no password`() {
    let files = FilesInMemory()
    let actions = LocalActions(files: files.access) { Array(repeating: 255, count: $0) }
    #expect(
      throws: LocalFailure("the system's random bytes are not random: no password was made")
    ) { try actions.perform(.generateSecret, Self.arguments) }
    #expect(files.all == [:])
  }

  @Test(
    arguments: [
      ("as it is", "as it is"), ("with a line break\n", "with a line break"),
      ("of another system\r\n", "of another system"), (" with blanks ", " with blanks "),
    ])
  func `a password that a person wrote is used as it is`(
    _ content: String, _ password: String
  ) throws {
    let files = FilesInMemory(["secrets/a.password": Array(content.utf8)])
    let loaded = try Self.actions(files).perform(.generateSecret, Self.arguments)
    #expect(Self.text(loaded) == password)
    #expect(files.all == ["secrets/a.password": Array(content.utf8)])
  }

  @Test(arguments: [[], [10], Array("two\nlines\n".utf8), [0xff, 0xfe], [0x41, 0]] as [[UInt8]])
  func `a file that holds no password is refused and stays`(_ content: [UInt8]) {
    let files = FilesInMemory(["secrets/a.password": content])
    #expect(
      throws: LocalFailure(
        "`secrets/a.password` does not hold a password, which is one line of text",
        hint: "give another file, or put the password into it; it is never overwritten")
    ) { try Self.actions(files).perform(.generateSecret, Self.arguments) }
    #expect(files.all == ["secrets/a.password": content])
  }

  @Test func `a disk that is full leaves no file`() {
    let files = FilesInMemory()
    files.space = 10
    #expect(throws: LocalFailure("`secrets/a.password` cannot be written: disk full")) {
      try Self.actions(files).perform(.generateSecret, Self.arguments)
    }
    #expect(files.all == [:])
  }

  @Test func `the file and its folder are for their owner alone, and an open file is refused`()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "privirun-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let actions = LocalActions(files: .live()) { Array(repeating: 5, count: $0) }
    let arguments: ValueMap = ["path": .string("\(folder)/secrets/a.password")]
    let made = try actions.perform(.generateSecret, arguments)
    for (path, mode) in [("secrets", 0o700), ("secrets/a.password", 0o600)] as [(String, mode_t)] {
      var facts = stat()
      #expect(stat("\(folder)/\(path)", &facts) == 0)
      #expect(facts.st_mode & 0o777 == mode, "\(path)")
    }
    #expect(try actions.perform(.generateSecret, arguments).fields == made.fields)
    #expect(chmod("\(folder)/secrets/a.password", 0o640) == 0)
    #expect(throws: LocalFailure.self) { try actions.perform(.generateSecret, arguments) }
  }

  @Test func `the password that another process made first is the one that counts`() throws {
    let files = FilesInMemory()
    var access = files.access
    access.create = { path, _ in LateDraft(path: path, files: files.access) }
    let actions = LocalActions(files: access) { Array(repeating: 5, count: $0) }
    let result = try actions.perform(.generateSecret, Self.arguments)
    #expect(
      result
        == LocalResult(
          ["value": .secret(text: "theirs"), "path": "secrets/a.password"],
          change: StateChange(.unchanged, isLocal: true)))
  }
}

/// A file that another one is in the place of when it is committed.
private struct LateDraft: WritableFile {
  let path: String
  let files: LocalFiles

  func write(_ bytes: [UInt8]) throws(LocalFailure) {}

  func commit() throws(LocalFailure) -> String? {
    _ = try files.write(path, Array("theirs\n".utf8), .secret)
    throw LocalFailure("`\(path)` exists")
  }

  func discard() {}
}
