import SystemPackage

/// Folders on this machine.
package enum Folder {
  /// Who may enter a folder that is made.
  package enum Audience: Sendable, Hashable {
    /// Mode 0777 under the process's mask.
    case everyone
    /// Mode 0700.
    case owner

    fileprivate var mode: FilePermissions {
      self == .owner ? .ownerReadWriteExecute : [.ownerReadWriteExecute, .others]
    }
  }

  /// Makes the folder that `path` names a file in, with all above it; leaves existing ones alone.
  ///
  /// What it makes survives a loss of power.
  package static func make(above path: String, for audience: Audience) throws(FileError) {
    guard !path.utf8.contains(0) else { throw FileError(path, .nulInPath) }
    try make(UserPath.folder(of: path), audience.mode)
  }

  private static func make(_ folder: String, _ mode: FilePermissions) throws(FileError) {
    guard !isThere(folder) else { return }
    let parent = FilePath(folder).removingLastComponent()
    if !parent.isEmpty, parent.string != folder, parent != "." { try make(parent.string, mode) }
    do throws(Errno) {
      try SystemCall.makeFolder(folder, mode)
      synchronize(above: folder)
    } catch {
      // Another process may have made it meanwhile.
      if isThere(folder) { return }
      let cause = error == .fileExists ? Errno.notDirectory : error
      throw FileError(folder, .system("cannot be made", code: cause.rawValue))
    }
  }

  private static func isThere(_ folder: String) -> Bool {
    (try? Stat(folder))?.type == .directory
  }

  /// Makes one folder; leaves alone what is there already, whatever it is.
  package static func make(_ folder: String, for audience: Audience) throws(FileError) {
    do throws(Errno) {
      try SystemCall.makeFolder(folder, audience.mode)
    } catch {
      guard error == .fileExists else {
        throw FileError(folder, .system("cannot be made", code: error.rawValue))
      }
    }
  }

  /// Makes a folder of mode 0700 in `parent`, with a random name that begins with `prefix`; the path
  /// of an error has `XXXXXX` for what is random.
  package static func makeTemporary(
    _ prefix: String, in parent: String
  ) throws(FileError) -> String {
    let start = "\(parent)/\(prefix)"
    return try FileError.at("\(start)XXXXXX", "cannot be made") { () throws(Errno) in
      try SystemCall.makeTemporaryFolder(start)
    }
  }

  /// The names in a folder, in no order; throws when it cannot be listed.
  package static func names(in folder: String) throws(FileError) -> [String] {
    try FileError.at(folder, "cannot be listed") { () throws(Errno) in
      try SystemCall.names(in: folder)
    }
  }

  /// Removes a folder, if it is there and empty.
  package static func remove(_ folder: String) {
    try? SystemCall.removeFolder(folder)
  }

  /// Removes a folder with the files in it; one that has folders in it stays, with these alone.
  package static func removeWithFiles(_ folder: String) {
    for name in (try? names(in: folder)) ?? [] { FileName.remove("\(folder)/\(name)") }
    remove(folder)
  }

  /// Whether a folder of this user is at `path`, itself and not a link to one.
  package static func isOwn(_ path: String) -> Bool {
    guard let status = try? Stat(path, followTargetSymlink: false) else { return false }
    return status.type == .directory && status.userID == SystemCall.user
  }

  /// Makes a new name in the folder of `path` survive a loss of power, where the file system can.
  package static func synchronize(above path: String) {
    let folder = UserPath.folder(of: path)
    guard let descriptor = try? FileDescriptor.opening(folder, .readOnly, .directory) else {
      return
    }
    try? descriptor.synchronize()
    try? descriptor.close()
  }
}

extension Folder {
  /// The folder for temporary files, from the root: the variable TMPDIR, or `/tmp`.
  package static var temporary: String {
    guard let named = SystemCall.environment("TMPDIR"), !named.isEmpty else { return "/tmp" }
    return FilePath(current).pushing(FilePath(named)).string
  }

  /// The folder that relative paths begin in, from the root; empty when it was removed.
  package static var current: String { (try? SystemCall.currentFolder()) ?? "" }

  /// Makes relative paths of the whole process begin in `folder`; throws when it cannot be entered.
  package static func enter(_ folder: String) throws(FileError) {
    try FileError.at(folder, "cannot be entered") { () throws(Errno) in
      try SystemCall.changeFolder(folder)
    }
  }
}
