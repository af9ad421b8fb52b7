import Glibc
import Testing

@testable import Files

@Suite("Locks")
struct LockTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  @Test func `the lock of a file is held until its holder is gone`() throws {
    do {
      let first = try FileLock(path("lock"), .file)
      #expect(first.take() == .taken)
      let second = try FileLock(path("lock"), .file)
      #expect(second.take() == .held)
      #expect(second.take(within: .milliseconds(20)) == .held)
      withExtendedLifetime(first) {}
    }
    #expect(folder.mode(of: "lock") == 0o600)
    #expect(try FileLock(path("lock"), .presentFile).take() == .taken)
  }

  @Test func `a folder is locked without a file in it`() throws {
    let first = try FileLock(folder.path, .folder)
    #expect(first.take(within: .zero) == .taken)
    #expect(try FileLock(folder.path, .folder).take() == .held)
    #expect(try folder.names == [])
    withExtendedLifetime(first) {}
  }

  @Test func `a lock is opened as its kind asks for`() throws {
    folder.write("", to: "file")
    symlink("file", path("link"))
    func code(_ name: String, _ kind: FileLock.Kind) -> Int32? {
      do throws(FileError) {
        _ = try FileLock(path(name), kind)
        return nil
      } catch {
        guard case .system(_, let code) = error.problem else { return 0 }
        return code
      }
    }
    #expect(code("file", .folder) == ENOTDIR)
    #expect(code("file", .newFile) == EEXIST)
    #expect(code("link", .presentFile) == ELOOP)
    #expect(code("none", .presentFile) == ENOENT)
    #expect(code("new", .newFile) == nil)
  }

  @Test func `each byte of a file has a lock`() throws {
    folder.write("", to: "file")
    let first = try ByteLocks(of: path("file"))
    let second = try ByteLocks(of: path("file"))
    try first.take(7)
    #expect(try second.isHeld(7))
    #expect(try !first.isHeld(7))
    #expect(try !second.isHeld(8))
    #expect(try ByteLocks.isHeld(7, of: path("file")))
    #expect(try !ByteLocks.isHeld(8, of: path("file")))
    #expect(try !ByteLocks.isHeld(7, of: path("none")))
    #expect(try ByteLocks.isAnyHeld(of: path("file")))
    #expect(try !ByteLocks.isAnyHeld(of: path("none")))
    #expect(throws: FileError(path("file"), .system("cannot be locked", code: EAGAIN))) {
      try second.take(7)
    }
    try second.take(8)
  }

  @Test func `the locks of a byte end with their holder`() throws {
    folder.write("", to: "file")
    do {
      let first = try ByteLocks(of: path("file"))
      try first.take(1)
      #expect(try ByteLocks.isHeld(1, of: path("file")))
    }
    #expect(try !ByteLocks.isHeld(1, of: path("file")))
    #expect(try !ByteLocks.isAnyHeld(of: path("file")))
  }

  @Test func `whether a process has a file open is seen`() throws {
    folder.write("", to: "file")
    let file = try OpenFile.reading(path("file"))
    withExtendedLifetime(file) {
      #expect(ProcessFiles.hasOpen(path("file"), in: getpid()))
      #expect(!ProcessFiles.hasOpen(path("file"), in: Int32.max))
      #expect(!ProcessFiles.hasOpen(path("none"), in: getpid()))
    }
  }
}
