import Files
import Glibc
import Testing

@Suite("Key files")
struct KeyFileTests {
  private static func problem(_ path: String) -> FileError.Problem? {
    do throws(FileError) {
      _ = try OpenFile.readingKey(path)
      return nil
    } catch {
      return error.problem
    }
  }

  @Test(
    arguments: [
      (0o600, nil), (0o400, nil), (0o700, nil), (0o666, FileError.Problem.keyIsOpen(mode: 0o666)),
      (0o640, .keyIsOpen(mode: 0o640)), (0o602, .keyIsOpen(mode: 0o602)),
      (0o620, .keyIsOpen(mode: 0o620)), (0o604, .keyIsOpen(mode: 0o604)),
    ] as [(mode_t, FileError.Problem?)])
  func `a key is read from a file that is closed to others`(
    mode: mode_t, problem: FileError.Problem?
  ) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/key"
    folder.write("key", to: "key", mode: 0o600)
    chmod(path, mode)
    #expect(Self.problem(path) == problem)
  }

  @Test func `a key is not read through a link`() throws {
    let folder = try TemporaryFolder()
    folder.write("key", to: "key", mode: 0o600)
    chmod("\(folder.path)/key", 0o600)
    symlink("\(folder.path)/key", "\(folder.path)/link")
    #expect(Self.problem("\(folder.path)/link") == .keyIsLink)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
  func `a key of another user is not used`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/key"
    folder.write("key", to: "key", mode: 0o600)
    chmod(path, 0o600)
    chown(path, 65_534, 65_534)
    #expect(Self.problem(path) == .keyHasOtherOwner)
  }

  @Test func `what is refused comes with the command that mends it`() {
    let error = FileError("keys/a.key", .keyIsOpen(mode: 0o666))
    #expect(
      error.description
        == "`keys/a.key` can be read or changed by other users (mode 0666), so its key is not used")
    #expect(error.hint == "if you made this file and trust its key, run `chmod 600 keys/a.key`")
  }
}
