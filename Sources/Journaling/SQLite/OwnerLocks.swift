import Files
import Glibc

/// The locks of the processes that drive runs: a byte each of the file `<journal>.lock`.
///
/// The operating system frees a lock when its process ends, however that is (fcntl(2), open file
/// description locks). A lock that is free means that its owner is dead, and nothing else does.
final class OwnerLocks: Sendable {
  /// `F_OFD_GETLK` and `F_OFD_SETLK` of Linux, which Glibc exports to C alone.
  private enum Command {
    static let get: Int32 = 36
    static let set: Int32 = 37
  }

  private let path: String
  private let descriptor: Int32

  /// Opens the file beside the journal at `journal`, and makes it when it is missing.
  init(beside journal: String) throws(JournalError) {
    path = "\(journal).lock"
    try PrivateFile.create(at: path)
    descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .inaccessible(path: path, reason: FileError.reason(errno))
    }
  }

  deinit {
    close(descriptor)
  }

  /// Takes the lock of owner `number` until this value is gone.
  func take(_ number: Int64) throws(JournalError) {
    var lock = Self.lock(number)
    while fcntl(descriptor, Command.set, &lock) != 0 {
      guard errno == EINTR else {
        throw .inaccessible(path: path, reason: FileError.reason(errno))
      }
    }
  }

  /// Whether another process, or another journal of this one, holds the lock of owner `number`.
  func isHeld(_ number: Int64) throws(JournalError) -> Bool {
    var lock = Self.lock(number)
    while fcntl(descriptor, Command.get, &lock) != 0 {
      guard errno == EINTR else {
        throw .inaccessible(path: path, reason: FileError.reason(errno))
      }
    }
    return lock.l_type != Int16(F_UNLCK)
  }

  /// The same for who only reads the journal; false where there are no locks.
  static func isHeld(_ number: Int64, beside journal: String) -> Bool {
    let descriptor = Glibc.open("\(journal).lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var lock = lock(number)
    // A lock for reading is all that this descriptor could have; it meets the owner's all the same.
    lock.l_type = Int16(F_RDLCK)
    while fcntl(descriptor, Command.get, &lock) != 0 {
      guard errno == EINTR else { return false }
    }
    return lock.l_type != Int16(F_UNLCK)
  }

  /// Whether `process` of this machine has the file of the locks open, as far as this one may see.
  func areOpen(in process: Int32) -> Bool {
    var own = stat()
    guard fstat(descriptor, &own) == 0, let folder = opendir("/proc/\(process)/fd") else {
      return false
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      var other = stat()
      if stat("/proc/\(process)/fd/\(name)", &other) == 0, other.st_dev == own.st_dev,
        other.st_ino == own.st_ino
      {
        return true
      }
    }
    return false
  }

  private static func lock(_ number: Int64) -> flock {
    flock(
      l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: Int(number), l_len: 1, l_pid: 0)
  }
}
