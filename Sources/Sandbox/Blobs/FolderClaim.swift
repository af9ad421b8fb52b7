import FoundationEssentials
import Glibc

/// A temporary folder of this process, and the lock that shows that the process lives.
///
/// A process that is killed leaves its folder behind, but never its lock: the next one removes it.
struct FolderClaim: Sendable {
  private static let prefix = "privirun-sandbox-"
  private static let lockName = "lock"

  let folder: String
  private let lock: Int32

  /// Makes a folder in `parent`, for its owner alone.
  init(in parent: String) throws(BlobError) {
    var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .failed(errno) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // Locked under another name first: nobody meets it unlocked.
    let draft = "\(folder)/\(Self.lockName).draft"
    lock = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0,
      rename(draft, "\(folder)/\(Self.lockName)") == 0
    else { throw .failed(errno) }
  }

  /// Removes the folder, which holds nothing else any more.
  func remove() {
    unlink("\(folder)/\(Self.lockName)")
    rmdir(folder)
    close(lock)
  }

  /// Removes the folders in `parent` that killed processes of this user left behind.
  static func removeAbandoned(in parent: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where name.hasPrefix(prefix) { removeIfAbandoned("\(parent)/\(name)") }
  }

  private static func removeIfAbandoned(_ folder: String) {
    var status = Glibc.stat()
    guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      status.st_uid == geteuid()
    else { return }
    let lock = open("\(folder)/\(lockName)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard lock >= 0 else { return }
    defer { close(lock) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { return }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where Int(name) != nil {
      unlink("\(folder)/\(name)")
    }
    unlink("\(folder)/\(lockName)")
    rmdir(folder)
  }
}
