import SystemPackage

/// Where a file is to be written: the path behind all symbolic links, and what is there.
struct WriteTarget {
  let path: String
  /// The file that is replaced; nil for a new one.
  let replaced: Stat?

  /// Looks at `path`; throws when what is there must not be replaced.
  ///
  /// Links are followed, so that they stay links. A file with several names is refused: replacing
  /// it would separate them, and writing into it could leave half a file after a crash.
  init(_ path: String, _ protection: FileProtection) throws(FileError) {
    guard !path.utf8.contains(0) else { throw FileError(path, .nulInPath) }
    guard let status = try Self.status(path) else {
      guard !FileStatus.exists(path) else {
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
    guard status.linkCount == 1 else { throw FileError(path, .hasOtherNames(status.linkCount)) }
    guard !protection.holdsSecret || status.userID == SystemCall.user else {
      throw FileError(path, .hasOtherOwner)
    }
    self.path = try FileError.at(path, "cannot be written") { () throws(Errno) in
      try SystemCall.realPath(path)
    }
    replaced = status
  }

  /// What is at `path`; nil when that is nothing, or a link to nothing.
  private static func status(_ path: String) throws(FileError) -> Stat? {
    try FileError.at(path, "cannot be written") { () throws(Errno) in
      do throws(Errno) {
        return try Stat(path)
      } catch {
        guard error == .noSuchFileOrDirectory else { throw error }
        return nil
      }
    }
  }

  /// Whether it is the file that standard output or standard error goes to.
  private static func isOwnStream(_ status: Stat) -> Bool {
    [FileDescriptor.standardOutput, .standardError].contains { stream in
      (try? stream.stat())?.identity == status.identity
    }
  }
}
