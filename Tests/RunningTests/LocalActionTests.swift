import Expressions
import FoundationEssentials
import Glibc
import Operations
import Running
import Testing

@Suite("Local actions")
struct LocalActionTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "privirun-\(UUID().uuidString)")
  private let actions = LocalActions(files: .live) { Array(repeating: 5, count: $0) }

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
      let other = LocalActions(files: .live) { Array(repeating: 6, count: $0) }
      #expect(try other.perform(.generateKeys, arguments) == made)
      #expect(made["privateKey"]?.isSecret == true)
      #expect(made["dataKey"]?.isSecret == true)
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
      .decryptData, ["data": sealed["data"] ?? .null, "key": key])
    #expect(opened["text"] == .secret(text: "hello"))
    #expect(throws: LocalFailure.self) {
      try actions.perform(
        .decryptData,
        ["data": sealed["data"] ?? .null, "key": .string(String(repeating: "cd", count: 32))])
    }
  }

  @Test func `files are written whole and read up to a limit`() throws {
    try inFolder { folder in
      let path = "\(folder)/x/out.txt"
      _ = try actions.perform(.writeFile, ["path": .string(path), "data": "one"])
      _ = try actions.perform(.writeFile, ["path": .string(path), "data": "two"])
      #expect(
        try actions.perform(.readFile, ["file": .string(path)])
          == ["data": .bytes(Array("two".utf8)), "text": "two", "size": 3])
      #expect(throws: LocalFailure.self) { try LocalFiles.live.read(path, 2) }
      #expect(throws: LocalFailure.self) { try LocalFiles.live.read(folder, 100) }
      #expect(throws: LocalFailure.self) { try LocalFiles.live.read("\(folder)/none", 100) }
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
}
