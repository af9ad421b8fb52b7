import Glibc
import Testing

@testable import Files

@Suite("Folders and names")
struct FolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  @Test func `a folder is listed, and a file is none`() throws {
    for name in ["b", "a", ".c"] { folder.write("", to: name) }
    #expect(try Folder.names(in: folder.path).sorted() == [".c", "a", "b"])
    #expect(throws: FileError(path("a"), .system("cannot be listed", code: ENOTDIR))) {
      try Folder.names(in: path("a"))
    }
  }

  @Test func `a temporary folder is made, and goes with its files`() throws {
    let made = try Folder.makeTemporary("x-", in: folder.path)
    #expect(made.hasPrefix(path("x-")))
    #expect(try folder.names.count == 1)
    #expect(folder.mode(of: try #require(try folder.names.first)) == 0o700)
    try OpenFile.makeIfMissing("\(made)/file")
    Folder.remove(made)
    #expect(Folder.isOwn(made))
    Folder.removeWithFiles(made)
    #expect(try folder.names == [])
    #expect(throws: FileError(path("no/x-XXXXXX"), .system("cannot be made", code: ENOENT))) {
      try Folder.makeTemporary("x-", in: path("no"))
    }
  }

  @Test func `one folder is made, and what is there is left alone`() throws {
    try Folder.make(path("a"), for: .owner)
    try Folder.make(path("a"), for: .owner)
    #expect(folder.mode(of: "a") == 0o700)
    symlink("a", path("link"))
    #expect(Folder.isOwn(path("a")))
    #expect(!Folder.isOwn(path("link")))
    #expect(throws: FileError(path("b/c"), .system("cannot be made", code: ENOENT))) {
      try Folder.make(path("b/c"), for: .owner)
    }
  }

  @Test func `the files of a folder are seen behind links, without what is not wanted or there`()
    throws
  {
    folder.write("text", to: "a")
    folder.write("x", to: "b")
    symlink("a", path("c"))
    symlink("nothing", path("d"))
    symlink("a/below", path("e"))
    try Folder.make(path("f"), for: .owner)
    let files = try Folder.files(in: path("")) { $0 != "b" }.sorted { $0.name < $1.name }
    #expect(files.map(\.name) == ["a", "c", "e", "f"])
    #expect(files[0].sight == FileSight(try FileStatus(of: path("a"))))
    #expect(files[0].sight?.size == 4)
    #expect(files[1].sight == files[0].sight)
    #expect(files[2].sight == nil)
    #expect(files[3].sight?.problem == .isFolder)
    #expect(throws: FileError(path("b"), .system("cannot be listed", code: ENOTDIR))) {
      try Folder.files(in: path("b")) { _ in true }
    }
  }

  @Test func `an identity is the device and the inode in decimal`() throws {
    folder.write("text", to: "a")
    var status = stat()
    #expect(stat(path("a"), &status) == 0)
    #expect(
      try FileStatus(of: path("a")).identity.description == "\(status.st_dev):\(status.st_ino)")
  }

  @Test func `a file keeps its identity under another name`() throws {
    folder.write("text", to: "a")
    symlink("a", path("link"))
    let status = try FileStatus(of: path("link"))
    #expect(status.size == 4)
    #expect(status.problem == nil)
    #expect(try FileName.resolve(path("link")) == FileName.resolve(path("a")))
    try FileName.move(path("a"), to: path("b"))
    #expect(try FileStatus(of: path("b")).identity == status.identity)
    FileName.remove(path("b"))
    #expect(try folder.names == ["link"])
    #expect(FileStatus.exists(path("link")))
    #expect(throws: FileError(path("link"), .system("cannot be read", code: ENOENT))) {
      try FileStatus(of: path("link"))
    }
  }

  @Test func `a slash at the end names a folder and no file`() {
    folder.write("", to: "a")
    #expect(throws: FileError(path("a/"), .system("cannot be read", code: ENOTDIR))) {
      try OpenFile.reading(path("a/"))
    }
  }

  @Test func `the rest of a file is read up to a limit, and parts of it by their place`() throws {
    folder.write("text", to: "a")
    #expect(try OpenFile.reading(path("a")).rest(atMost: 4) == Array("text".utf8))
    #expect(try OpenFile.stream(path("a")).rest(atMost: 3) == nil)
    #expect(throws: FileError(folder.path, .isFolder)) { try OpenFile.stream(folder.path) }
    let file = try OpenFile.creating(path("b"))
    try Array("0123456789".utf8).withUnsafeBytes { try file.write($0) }
    var bytes = [UInt8](repeating: 0, count: 4)
    let counts = try [3, 8, 10].map { offset in
      try bytes.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
    }
    #expect(counts == [4, 2, 0])
    #expect(bytes == Array("8956".utf8))
    #expect(throws: FileError(path("b"), .system("cannot be written", code: EEXIST))) {
      try OpenFile.creating(path("b"))
    }
  }

  @Test(arguments: [
    ("a", "", "a", ""), ("a/b.c", "a", "b.c", "c"), ("/a", "/", "a", ""), ("/", "/", "/", ""),
    ("a/b/", "a/b", "b", ""), ("a//b", "a/", "b", ""), ("./.b", ".", ".b", ""),
    ("a/b.c.d", "a", "b.c.d", "d"), ("a/..", "a", "..", ""), ("", "", "", ""),
  ])
  func `a path has a folder, a name and an extension`(
    path: String, folder: String, name: String, ending: String
  ) {
    #expect(UserPath.folder(of: path, current: "") == folder)
    #expect(UserPath.name(of: path) == name)
    #expect(UserPath.fileExtension(of: path) == ending)
  }

  @Test(arguments: [
    ("a", "b", "a/b"), ("a", "./b", "a/b"), ("a", "././b", "a/b"), ("/", "b", "/b"),
    ("", "./b", "./b"), ("a", "/b", "/b"), ("a", "~/b", "~/b"), ("a", "../b", "a/../b"),
    ("a", "b//c/", "a/b//c/"),
  ])
  func `a path is seen from a folder`(folder: String, path: String, seen: String) {
    #expect(UserPath.resolve(path, in: folder) == seen)
  }
}

extension FolderTests {
  @Test func `the files of a folder and of those in it are found once, sorted`() throws {
    for name in ["b.yaml", "a.yaml", "c.txt", ".hidden.yaml"] { folder.write("", to: name) }
    for name in ["inner", ".git"] { try Folder.make(path(name), for: .owner) }
    for name in ["inner/d.yaml", ".git/e.yaml"] { folder.write("", to: name) }
    #expect(symlink(folder.path, path("inner/loop")) == 0)
    #expect(
      try Folder.paths(below: folder.path) { $0.hasSuffix(".yaml") }
        == ["a.yaml", "b.yaml", "inner/d.yaml"].map(path))
    #expect(throws: FileError(path("no"), .system("cannot be listed", code: ENOENT))) {
      try Folder.paths(below: path("no")) { _ in true }
    }
  }
}
