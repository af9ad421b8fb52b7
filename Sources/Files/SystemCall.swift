import Glibc
import SystemPackage

/// The calls about paths that swift-system lacks; each throws the system's error.
///
/// All of them and those below take paths as they are spelled: a `FilePath` made of one would lose a
/// slash at its end, with which the system refuses what is no folder.
enum SystemCall {
  /// The user whose rights this process has.
  static var user: UserID { UserID(geteuid()) }

  /// The path from the root, without `.`, `..` and symbolic links.
  static func realPath(_ path: String) throws(Errno) -> String {
    try taken(realpath(path, nil))
  }

  static func currentFolder() throws(Errno) -> String { try taken(getcwd(nil, 0)) }

  static func changeFolder(_ folder: String) throws(Errno) { try check(chdir(folder)) }

  static func makeFolder(_ folder: String, _ mode: FilePermissions) throws(Errno) {
    try check(mkdir(folder, mode.rawValue))
  }

  /// Makes a folder of mode 0700 whose name is `start` and six random characters.
  static func makeTemporaryFolder(_ start: String) throws(Errno) -> String {
    var template = Array("\(start)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw last }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func removeFolder(_ folder: String) throws(Errno) { try check(rmdir(folder)) }

  /// The names in a folder, in no order, without `.` and `..`.
  static func names(in folder: String) throws(Errno) -> [String] {
    var names: [String] = []
    try forEachName(in: folder) { name, _ in names.append(name) }
    return names
  }

  /// The files in a folder whose name is wanted, in no order, without those of which nothing is there.
  static func files(
    in folder: String, where isWanted: (String) -> Bool
  ) throws(Errno) -> [FolderFile] {
    var files: [FolderFile] = []
    try forEachName(in: folder) { name, descriptor in
      guard isWanted(name) else { return }
      do throws(Errno) {
        // Looked up from the folder, which is faster than by the whole path.
        let status = try Errno.typed {
          try name.withCString { try Stat($0, relativeTo: descriptor, flags: []) }
        }
        files.append(FolderFile(name, FileSight(FileStatus(status))))
      } catch .noSuchFileOrDirectory {
        return
      } catch {
        files.append(FolderFile(name, nil))
      }
    }
    return files
  }

  private static func forEachName(
    in folder: String, _ body: (String, FileDescriptor) -> Void
  ) throws(Errno) {
    guard let stream = opendir(folder) else { throw last }
    defer { closedir(stream) }
    let descriptor = FileDescriptor(rawValue: dirfd(stream))
    // Only `errno` distinguishes a failure from the end.
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { body(name, descriptor) }
      errno = 0
    }
    guard errno == 0 else { throw last }
  }

  /// Gives a file a second name, unless something has that.
  static func link(_ path: String, to other: String) throws(Errno) {
    try check(Glibc.link(path, other))
  }

  static func rename(_ path: String, to other: String) throws(Errno) {
    try check(Glibc.rename(path, other))
  }

  static func unlink(_ path: String) throws(Errno) { try check(Glibc.unlink(path)) }

  static func checkReadable(_ path: String) throws(Errno) { try check(access(path, R_OK)) }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  static func sleep(milliseconds: UInt32) { usleep(milliseconds * 1000) }

  /// Throws the system's error when a call answered something else than 0.
  fileprivate static func check(_ result: Int32) throws(Errno) {
    guard result == 0 else { throw last }
  }

  /// A text that the system allocated; throws its error when there is none.
  private static func taken(_ text: UnsafeMutablePointer<CChar>?) throws(Errno) -> String {
    guard let text else { throw last }
    defer { free(text) }
    return String(cString: text)
  }

  private static var last: Errno { Errno(rawValue: errno) }
}

/// The calls about open files that swift-system lacks.
extension FileDescriptor {
  /// Locks of single bytes that belong to the open file, not to the process: `F_OFD_GETLK` and
  /// `F_OFD_SETLK` of Linux, which Glibc exports to C alone.
  private enum ByteLockCommand: Int32 {
    case get = 36
    case set = 37
  }

  /// Takes the file's only lock without waiting; throws `wouldBlock` when another open file has it.
  func lock() throws(Errno) {
    try retrying { flock(rawValue, LOCK_EX | LOCK_NB) }
  }

  /// Takes the lock of a byte without waiting; throws when another open file has it.
  func lock(byte: Int64) throws(Errno) {
    var lock = Self.byteLock(F_WRLCK, byte)
    try retrying { fcntl(rawValue, ByteLockCommand.set.rawValue, &lock) }
  }

  /// Gives up the lock of a byte.
  func unlock(byte: Int64) throws(Errno) {
    var lock = Self.byteLock(F_UNLCK, byte)
    try retrying { fcntl(rawValue, ByteLockCommand.set.rawValue, &lock) }
  }

  /// Whether another open file has the lock of a byte.
  ///
  /// A file that is open for reading only can ask as a reader alone.
  func isLocked(byte: Int64, askingAsReader: Bool) throws(Errno) -> Bool {
    try isLocked(Self.byteLock(askingAsReader ? F_RDLCK : F_WRLCK, byte))
  }

  /// Whether another open file has the lock of any byte; asks as a reader.
  func isLockedAnywhere() throws(Errno) -> Bool {
    var everything = Self.byteLock(F_RDLCK, 0)
    everything.l_len = 0
    return try isLocked(everything)
  }

  private func isLocked(_ wanted: flock) throws(Errno) -> Bool {
    var lock = wanted
    try retrying { fcntl(rawValue, ByteLockCommand.get.rawValue, &lock) }
    return lock.l_type != Int16(F_UNLCK)
  }

  private static func byteLock(_ kind: Int32, _ byte: Int64) -> flock {
    flock(l_type: Int16(kind), l_whence: Int16(SEEK_SET), l_start: Int(byte), l_len: 1, l_pid: 0)
  }

  /// Returns when what was written survives a loss of power.
  func synchronize() throws(Errno) { try SystemCall.check(fsync(rawValue)) }

  /// Changes the owner, or keeps it when there is none, and the group.
  func change(owner: UserID?, group: GroupID) throws(Errno) {
    try SystemCall.check(fchown(rawValue, owner?.rawValue ?? uid_t.max, group.rawValue))
  }

  func change(_ permissions: FilePermissions) throws(Errno) {
    try SystemCall.check(fchmod(rawValue, permissions.rawValue))
  }

  private func retrying(_ call: () -> Int32) throws(Errno) {
    while true {
      do throws(Errno) {
        return try SystemCall.check(call())
      } catch {
        guard error == .interrupted else { throw error }
      }
    }
  }
}

extension Stat {
  /// When the bytes of the file were last changed, since the beginning of 1970.
  var modified: Duration { .seconds(st_mtim.tv_sec) + .nanoseconds(st_mtim.tv_nsec) }
}
