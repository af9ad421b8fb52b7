import Glibc
import Testing

@testable import Files

@Suite("Paths and reading")
struct PathTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    arguments: [
      ("~", "/home/anna", "/home/anna"), ("~/", "/home/anna", "/home/anna/"),
      ("~/keys/a", "/home/anna/", "/home/anna/keys/a"), ("~/a", "/", "/a"), ("~", "/", "/"),
      ("a/~/b", "/home/anna", "a/~/b"), ("./~anna", nil, "./~anna"), ("/a b", nil, "/a b"),
    ] as [(String, String?, String)])
  func `a tilde at the start is the home folder`(path: String, home: String?, expanded: String)
    throws
  {
    #expect(try UserPath.expand(path, home: home) == expanded)
  }

  @Test(
    arguments: [
      ("", "/home/anna", .emptyPath), ("a\0b", "/home/anna", .nulInPath),
      ("~bob/x", "/home/anna", .otherHome("~bob")), ("~~", "/home/anna", .otherHome("~~")),
      ("~/x", nil, .noHome), ("~/x", "", .noHome), ("~/x", "relative", .noHome),
    ] as [(String, String?, FileError.Problem)])
  func `a path that cannot be meant so is refused`(
    path: String, home: String?, problem: FileError.Problem
  ) {
    #expect(throws: FileError(path, problem)) { try UserPath.expand(path, home: home) }
  }

  @Test(
    arguments: [
      ("~/a/../b", "/home/anna/b"), ("a//b/./c", "/work/a/b/c"), ("../a", "/a"), ("/a/b/", "/a/b"),
      ("/", "/"), (".", "/work"),
    ])
  func `every spelling of a path is one absolute path`(path: String, absolute: String) throws {
    #expect(
      try UserPath.absolute(path, home: "/home/anna", current: "/work") == absolute)
  }

  @Test func `a pipe that nobody writes to is refused at once`() throws {
    mkfifo("\(folder.path)/pipe", 0o600)
    let path = "\(folder.path)/pipe"
    #expect(throws: FileError(path, .isSpecial("a pipe"))) { try OpenFile.reading(path) }
    #expect(throws: FileError(folder.path, .isFolder)) { try OpenFile.reading(folder.path) }
  }

  @Test func `a file of more than 2 GiB has its whole size`() throws {
    let path = "\(folder.path)/sparse"
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    ftruncate(descriptor, 3 << 30)
    close(descriptor)
    let file = try OpenFile.reading(path)
    #expect(file.size == 3 << 30)
    #expect(try file.read(4) == [0, 0, 0, 0])
  }

  @Test func `folders are made, those for secrets for their owner alone`() throws {
    try Folder.make(above: "\(folder.path)/a/b/file", for: .owner)
    try Folder.make(above: "\(folder.path)/a/c/file", for: .owner)
    #expect(folder.mode(of: "a/b") == 0o700)
    #expect(folder.mode(of: "a") == 0o700)
    folder.write("", to: "file")
    #expect(throws: FileError("\(folder.path)/file", .system("cannot be made", code: ENOTDIR))) {
      try Folder.make(above: "\(folder.path)/file/x", for: .everyone)
    }
  }
}
