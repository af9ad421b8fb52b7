import Files

/// A temporary folder of this process, and the lock that shows that the process lives.
///
/// A process that is killed leaves its folder behind, but never its lock: the next one removes it.
struct FolderClaim: Sendable {
  private static let prefix = "privirun-sandbox-"
  private static let lockName = "lock"

  let folder: String
  private let lock: FileLock

  /// Makes a folder in `parent`, for its owner alone.
  init(in parent: String) throws(BlobError) {
    do throws(FileError) {
      folder = try Folder.makeTemporary(Self.prefix, in: parent)
      // Locked under another name first: nobody meets it unlocked.
      let draft = "\(folder)/\(Self.lockName).draft"
      lock = try FileLock(draft, .newFile)
      switch lock.take() {
      case .taken: break
      case .held: throw FileError(draft, .exists)
      case .unavailable(let error): throw error
      }
      try FileName.move(draft, to: "\(folder)/\(Self.lockName)")
    } catch {
      throw .failed(error)
    }
  }

  /// Removes the folder, which holds nothing else any more.
  func remove() {
    FileName.remove("\(folder)/\(Self.lockName)")
    Folder.remove(folder)
  }

  /// Removes the folders in `parent` that killed processes of this user left behind.
  static func removeAbandoned(in parent: String) {
    let names = (try? Folder.names(in: parent)) ?? []
    for name in names where name.hasPrefix(prefix) { removeIfAbandoned("\(parent)/\(name)") }
  }

  private static func removeIfAbandoned(_ folder: String) {
    guard Folder.isOwn(folder),
      let lock = try? FileLock("\(folder)/\(lockName)", .presentFile), lock.take() == .taken
    else { return }
    withExtendedLifetime(lock) {
      for name in (try? Folder.names(in: folder)) ?? [] where Int(name) != nil {
        FileName.remove("\(folder)/\(name)")
      }
      FileName.remove("\(folder)/\(lockName)")
      Folder.remove(folder)
    }
  }
}
