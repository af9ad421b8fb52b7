import Glibc

/// Lets one process at a time do something in a folder.
///
/// The lock is `flock` on the folder itself: it leaves no file behind, ends with its process, and
/// does not meet SQLite's own locks, which are on the database file.
enum FolderLock {
  /// Holds the lock of `folder` during `body`.
  ///
  /// Throws `locked` when another process holds it for longer than `patience`.
  static func withLock<Result>(
    of folder: String, for path: String, patience: Duration,
    body: () throws(JournalError) -> Result
  ) throws(JournalError) -> Result {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
    }
    // Closing the descriptor gives the lock back.
    defer { close(descriptor) }
    let deadline = ContinuousClock.now + patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK where ContinuousClock.now < deadline: usleep(5000)
      case EWOULDBLOCK: throw .locked(path: path)
      // A file system without such locks: SQLite's own are what is left.
      default: return try body()
      }
    }
    return try body()
  }
}
