import Glibc

/// The file beside a target that is written first: `NAME.privirun.part`.
///
/// It is locked while it is written. One that nobody holds was left by a crash and is removed, so
/// that such files do not accumulate.
struct Draft {
  /// How many processes may write the same target at once.
  private static let mostWriters = 64
  /// Bytes of the target's name that are kept, so that the whole stays under the limit of 255.
  private static let longestStem = 200

  let path: String
  let file: OpenFile

  /// Begins a draft for `target` with `mode`, under the process's mask.
  init(for target: String, mode: mode_t) throws(FileError) {
    var code = EEXIST
    for number in 1...Self.mostWriters {
      let path = Self.path(number, for: target)
      // Twice: a second time after one that was left behind is removed.
      for _ in 1...2 {
        if let file = Self.create(path, mode) {
          self.path = path
          self.file = file
          return
        }
        code = errno
        guard code == EEXIST || code == EAGAIN else {
          throw FileError(target, .system("cannot be written", code: code))
        }
        guard code == EAGAIN || Self.removeAbandoned(path) else { break }
      }
    }
    throw FileError(target, .system("cannot be written", code: code))
  }

  private static func path(_ number: Int, for target: String) -> String {
    let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
    let name = target[folder.endIndex...]
    var stem = ""
    for character in name {
      guard stem.utf8.count + character.utf8.count <= longestStem else { break }
      stem.append(character)
    }
    return "\(folder)\(stem).privirun\(number == 1 ? "" : "-\(number)").part"
  }

  /// The new file, locked; nil with `errno`: EEXIST when there is one, EAGAIN when another process
  /// took it for one that was left behind.
  private static func create(_ path: String, _ mode: mode_t) -> OpenFile? {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { return nil }
    let file = OpenFile(path: path, size: 0, descriptor: descriptor)
    var status = stat()
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return nil }
    guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
      errno = EAGAIN
      return nil
    }
    return file
  }

  /// Removes a draft that no process holds; returns whether it did.
  private static func removeAbandoned(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var held = stat()
    var named = stat()
    guard fstat(descriptor, &held) == 0, held.kindProblem == nil, held.st_uid == geteuid(),
      flock(descriptor, LOCK_EX | LOCK_NB) == 0, lstat(path, &named) == 0, named.isSame(as: held)
    else { return false }
    return unlink(path) == 0
  }
}
