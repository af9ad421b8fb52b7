import Files

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
    let lock: FileLock
    do throws(FileError) {
      lock = try FileLock(folder, .folder)
    } catch {
      throw .inaccessible(path: path, reason: error.cause)
    }
    switch lock.take(within: patience) {
    case .held: throw .locked(path: path)
    // A file system without such locks: SQLite's own are what is left.
    case .taken, .unavailable:
      return try withExtendedLifetime(lock) { () throws(JournalError) in try body() }
    }
  }
}
