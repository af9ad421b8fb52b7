import Testing

/// Words that no source may hold.
@Suite struct WordingTests {
  private struct Ban {
    let word: String
    /// The modules where it is allowed all the same.
    var except: Set<String> = []
    /// What makes a line with the word fine.
    var unless: String?
  }

  private static let edge: Set<String> = ["Networking", "privirun"]

  private static let bans = [
    Ban(word: "fatalError("),
    Ban(word: "preconditionFailure("),
    Ban(word: "try!"),
    Ban(word: "@unchecked Sendable"),
    Ban(word: "nonisolated(unsafe)"),
    Ban(word: "Task.detached"),
    Ban(word: "Date()", except: edge),
    Ban(word: "UUID()", except: edge),
    Ban(word: ".random(", except: edge, unless: "using:"),
  ]

  /// What reaches the file system: only `Files` does.
  private static let fileBans = [
    "FileManager", "contentsOfFile", "O_CLOEXEC", "O_CREAT", "O_RDWR", "chdir(", "flock(", "fopen(",
    "fstat(", "fsync(", "getcwd(", "lstat(", "mkdir(", "mkdtemp(", "opendir(", "pread(", "pwrite(",
    "readdir(", "realpath(", "rmdir(", "stat()", "unlink(",
  ].map { Ban(word: $0, except: ["Files"]) }

  /// The forbidden words of a file, each with its line.
  private static func offences(in file: SourceFile) -> [String] {
    let code = file.code
    return code.flatMap { line in
      // A call may go on over the next lines.
      let call = code[(line.number - 1)...].prefix(3).map(\.text).joined(separator: " ")
      return (bans + fileBans).compactMap { ban in
        let isFine =
          !line.text.contains(ban.word) || ban.except.contains(file.module)
          || ban.unless.map(call.contains) ?? false
        return isFine ? nil : "\(file.path):\(line.number): \(ban.word)"
      }
    }
  }

  @Test func `no source holds a forbidden word`() {
    #expect(Package.sources.flatMap(Self.offences) == [])
  }

  @Test(arguments: [
    ("Events", "let now = Date()", 1),
    ("Networking", "let now = Date()", 0),
    ("Events", "Int.random(in: 0..<9)", 1),
    ("Events", "Int.random(in: 0..<9, using: &generator)", 0),
    ("Events", "/// never calls fatalError()", 0),
    ("Events", "let value = try! parse()", 1),
    ("Sandbox", "let file = open(path, O_RDWR | O_CLOEXEC)", 2),
    ("Files", "let lock = flock(descriptor, LOCK_EX)", 0),
  ])
  func `a forbidden word is seen`(_ module: String, _ line: String, _ count: Int) {
    let file = SourceFile(path: "Sources/\(module)/A.swift", text: line)
    #expect(Self.offences(in: file).count == count)
  }
}
