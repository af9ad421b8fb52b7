import Glibc

/// What is at a path.
package enum FileStatus {
  /// Whether something is at `path`, a symbolic link to nothing included.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Why what is at `path` is not a regular file; nil when it is one, or cannot be looked at.
  ///
  /// It is not opened: closing a file would end the locks that SQLite holds on it.
  package static func problem(of path: String) -> FileError? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.kindProblem.map { FileError(path, $0) }
  }
}
