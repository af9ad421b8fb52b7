import Glibc

/// Folders on this machine.
package enum Folder {
  /// Who may enter a folder that is made.
  package enum Audience: Sendable, Hashable {
    /// Mode 0777 under the process's mask.
    case everyone
    /// Mode 0700.
    case owner

    fileprivate var mode: mode_t { self == .owner ? 0o700 : 0o777 }
  }

  /// Makes the folder that `path` names a file in, with all above it; leaves existing ones alone.
  package static func make(above path: String, for audience: Audience) throws(FileError) {
    try make(UserPath.folder(of: path), mode: audience.mode)
  }

  private static func make(_ folder: String, mode: mode_t) throws(FileError) {
    var status = stat()
    if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    let parent = UserPath.folder(of: folder)
    if parent != folder, parent != "." { try make(parent, mode: mode) }
    guard mkdir(folder, mode) != 0 else { return }
    let code = errno
    // Another process may have made it meanwhile.
    if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    throw FileError(folder, .system("cannot be made", code: code == EEXIST ? ENOTDIR : code))
  }

  /// Makes a new name in the folder of `path` survive a loss of power, where the file system can.
  static func synchronize(above path: String) {
    let descriptor = open(UserPath.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
