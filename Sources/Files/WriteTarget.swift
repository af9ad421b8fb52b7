import Glibc

/// Where a file is to be written: the path behind all symbolic links, and what is there.
struct WriteTarget {
  let path: String
  /// The file that is replaced; nil for a new one.
  let replaced: stat?

  /// Looks at `path`; throws when what is there must not be replaced.
  ///
  /// Links are followed, so that they stay links. A file with several names is refused: replacing
  /// it would separate them, and writing into it could leave half a file after a crash.
  init(_ path: String, _ protection: FileProtection) throws(FileError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      guard code == ENOENT else { throw FileError(path, .system("cannot be written", code: code)) }
      guard lstat(path, &status) != 0 else {
        throw FileError(path, protection == .newSecret ? .exists : .isDanglingLink)
      }
      guard !path.hasSuffix("/") else { throw FileError(path, .isFolder) }
      self.path = path
      replaced = nil
      return
    }
    if let problem = status.kindProblem { throw FileError(path, problem) }
    guard protection != .newSecret else { throw FileError(path, .exists) }
    guard !Self.isOwnStream(status) else { throw FileError(path, .isOwnStream) }
    guard status.st_nlink == 1 else {
      throw FileError(path, .hasOtherNames(Int(status.st_nlink)))
    }
    guard !protection.holdsSecret || status.st_uid == geteuid() else {
      throw FileError(path, .hasOtherOwner)
    }
    guard let resolved = realpath(path, nil) else {
      throw FileError(path, .system("cannot be written", code: errno))
    }
    defer { free(resolved) }
    self.path = String(cString: resolved)
    replaced = status
  }

  /// Whether it is the file that standard output or standard error goes to.
  private static func isOwnStream(_ status: stat) -> Bool {
    [STDOUT_FILENO, STDERR_FILENO].contains { descriptor in
      var stream = stat()
      return fstat(descriptor, &stream) == 0 && stream.isSame(as: status)
    }
  }
}
