import SystemPackage

/// What is at a path.
package struct FileStatus: Sendable {
  private let status: Stat

  init(_ status: Stat) {
    self.status = status
  }

  /// Looks at what is at `path`, behind symbolic links; throws when it cannot be looked at.
  ///
  /// It is not opened: closing a file would end the locks that SQLite holds on it.
  package init(of path: String) throws(FileError) {
    status = try FileError.at(path, "cannot be read") { () throws(Errno) in try Stat(path) }
  }

  /// Bytes of the file.
  package var size: Int { Int(status.size) }

  /// When its bytes were last changed, since the beginning of 1970.
  package var modified: Duration { status.modified }

  /// Whether its mode lets nobody write to it, not even its owner.
  package var isReadOnly: Bool {
    status.permissions.isDisjoint(with: [.ownerWrite, .groupWrite, .otherWrite])
  }

  /// Which file it is, whatever its name.
  package var identity: FileIdentity { status.identity }

  /// Why it is not a regular file; nil when it is one.
  package var problem: FileError.Problem? { status.kindProblem }

  /// Whether it belongs to this user, to the superuser, or to the owner of `folder`: what others have put
  /// into a folder that everybody may write to is not to be followed.
  package func isTrusted(besideOwnerOf folder: String) -> Bool {
    let owner = status.userID
    return owner == SystemCall.user || owner == .root
      || owner == (try? Stat(folder))?.userID
  }
}

extension FileStatus {
  /// Whether something is at `path`, a symbolic link to nothing included.
  package static func exists(_ path: String) -> Bool {
    (try? Stat(path, followTargetSymlink: false)) != nil
  }

  /// Why what is at `path` is not a regular file; nil when it is one, or cannot be looked at.
  package static func problem(of path: String) -> FileError? {
    (try? FileStatus(of: path))?.problem.map { FileError(path, $0) }
  }

  /// Throws when this user may not read what is at `path`.
  package static func checkReadable(_ path: String) throws(FileError) {
    try FileError.at(path, "cannot be read") { () throws(Errno) in
      try SystemCall.checkReadable(path)
    }
  }
}

/// Which file something is: two names with the same identity name the same file.
package struct FileIdentity: Sendable, Hashable {
  let device: DeviceID
  let inode: Inode
}

extension FileIdentity: CustomStringConvertible {
  /// `DEVICE:INODE`, in decimal.
  package var description: String { "\(device.rawValue):\(inode.rawValue)" }
}
