import Glibc
import Testing

@testable import Files

@Suite("Atomic files")
struct AtomicFileTests {
  private let folder: TemporaryFolder
  private let new = Array("new".utf8)

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  private func write(_ name: String, _ protection: FileProtection = .shared) throws(FileError) {
    try AtomicFile.write(new, to: path(name), protection)
  }

  private func problem(writing name: String, _ protection: FileProtection = .shared)
    -> FileError.Problem?
  {
    do throws(FileError) {
      try write(name, protection)
      return nil
    } catch {
      return error.problem
    }
  }

  @Test(
    arguments: [
      (FileProtection.shared, 0o640, 0o640), (.shared, 0o664, 0o664), (.shared, 0o755, 0o755),
      (.owned, 0o644, 0o644), (.secret, 0o644, 0o600), (.secret, 0o400, 0o400),
      (.secret, 0o600, 0o600),
    ] as [(FileProtection, mode_t, mode_t)])
  func `a replaced file keeps its mode, and one with a secret is closed to others`(
    protection: FileProtection, before: mode_t, after: mode_t
  ) throws {
    #expect(try ReplacedFile(at: path("file"), for: protection) == nil)
    folder.write("old", to: "file", mode: before)
    let replaced = try ReplacedFile(at: path("file"), for: protection)
    let file = try AtomicFile.write(new, to: path("file"), protection)
    #expect(replaced == ReplacedFile(size: 3, isNarrowed: file.isNarrowed))
    #expect(folder.text(of: "file") == "new")
    #expect(folder.mode(of: "file") == after)
    #expect(file.isNarrowed == (before != after))
    #expect(try folder.names == ["file"])
  }

  @Test(arguments: [FileProtection.newSecret, .secret, .owned])
  func `a new file that may hold a secret is for its owner alone`(protection: FileProtection)
    throws
  {
    try write("file", protection)
    #expect(folder.mode(of: "file") == 0o600)
    #expect(try folder.names == ["file"])
  }

  @Test func `a symbolic link stays one, and the file behind it is replaced`() throws {
    mkdir(path("inner"), 0o755)
    folder.write("old", to: "inner/real", mode: 0o640)
    symlink("inner/real", path("first"))
    symlink("first", path("second"))
    try write("second")
    #expect(folder.text(of: "inner/real") == "new")
    #expect(folder.mode(of: "inner/real") == 0o640)
    #expect(folder.status(of: "first").st_mode & S_IFMT == S_IFLNK)
    #expect(folder.status(of: "second").st_mode & S_IFMT == S_IFLNK)
  }

  @Test func `what is not a regular file is neither replaced nor written`() throws {
    mkdir(path("folder"), 0o755)
    mkfifo(path("pipe"), 0o644)
    symlink("pipe", path("link"))
    symlink("nowhere", path("dangling"))
    #expect(problem(writing: "folder") == .isFolder)
    #expect(problem(writing: "pipe") == .isSpecial("a pipe"))
    #expect(problem(writing: "link") == .isSpecial("a pipe"))
    #expect(problem(writing: "dangling") == .isDanglingLink)
    #expect(folder.status(of: "pipe").st_mode & S_IFMT == S_IFIFO)
    #expect(try folder.names == ["dangling", "folder", "link", "pipe"])
  }

  @Test func `a file with several names is refused and left alone`() throws {
    folder.write("old", to: "one")
    link(path("one"), path("two"))
    #expect(problem(writing: "one") == .hasOtherNames(2))
    #expect(throws: FileError(path("one"), .hasOtherNames(2))) {
      try ReplacedFile(at: path("one"), for: .shared)
    }
    #expect(folder.text(of: "two") == "old")
    #expect(try folder.names == ["one", "two"])
  }

  @Test(arguments: ["file", "link", "dangling"])
  func `a new secret replaces nothing`(name: String) throws {
    folder.write("old", to: "file")
    symlink("file", path("link"))
    symlink("nowhere", path("dangling"))
    #expect(problem(writing: name, .newSecret) == .exists)
    #expect(folder.text(of: "file") == "old")
  }

  @Test(.enabled(if: geteuid() == 0, "only root may give files away"))
  func `a replaced file keeps its owner, and another user's file gets no secret`() throws {
    folder.write("old", to: "file", mode: 0o664)
    chown(path("file"), 65534, 65534)
    #expect(problem(writing: "file", .secret) == .hasOtherOwner)
    #expect(folder.text(of: "file") == "old")
    try write("file")
    let status = folder.status(of: "file")
    #expect((status.st_uid, status.st_gid) == (65534, 65534))
    #expect(status.st_mode & 0o7777 == 0o664)
    #expect(folder.text(of: "file") == "new")
  }

  @Test func `a file that is not committed leaves the old one`() throws {
    folder.write("old", to: "file")
    do {
      let file = try AtomicFile(path("file"), .shared)
      try file.write(new)
      #expect(try folder.names == ["file", "file.privirun.part"])
    }
    #expect(try folder.names == ["file"])
    #expect(folder.text(of: "file") == "old")
  }

  @Test func `what a crash left is removed, and what another writer holds is not`() throws {
    folder.write("half", to: "file.privirun.part", mode: 0o600)
    let first = try AtomicFile(path("file"), .shared)
    let second = try AtomicFile(path("file"), .shared)
    #expect(try folder.names == ["file.privirun-2.part", "file.privirun.part"])
    try first.write(Array("first".utf8))
    try second.write(Array("second".utf8))
    try second.commit()
    #expect(folder.text(of: "file") == "second")
    try first.commit()
    #expect(folder.text(of: "file") == "first")
    #expect(try folder.names == ["file"])
  }

  @Test func `a name as long as names may be is written`() throws {
    let name = String(repeating: "é", count: 127)
    try write(name)
    #expect(try folder.names == [name])
  }
}
