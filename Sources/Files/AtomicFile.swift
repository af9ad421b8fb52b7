import Glibc
import Synchronization

/// A file that is written beside its target and then put in its place: a crash leaves the old file or
/// the new one, and never half of it.
///
/// A replaced file keeps its owner, group and mode. All functions block.
package final class AtomicFile: Sendable {
  /// Whether the replaced file could be read by others and the new one, with a secret, cannot.
  package let isNarrowed: Bool
  private let givenPath: String
  private let target: WriteTarget
  private let protection: FileProtection
  private let draft: Draft
  private let isOver = Atomic(false)

  /// Begins the file; nothing is at `path` before it is committed.
  package init(_ path: String, _ protection: FileProtection) throws(FileError) {
    givenPath = path
    self.protection = protection
    target = try WriteTarget(path, protection)
    let others: mode_t = 0o077
    isNarrowed = protection == .secret && (target.replaced?.st_mode ?? 0) & others != 0
    let isOpen = protection == .shared && target.replaced == nil
    draft = try Draft(for: target.path, mode: isOpen ? 0o644 : 0o600)
    guard canKeepOwner else {
      discard()
      throw FileError(path, .hasOtherOwner)
    }
  }

  deinit {
    discard()
  }

  /// Writes the whole of a file.
  @discardableResult
  package static func write(
    _ bytes: [UInt8], to path: String, _ protection: FileProtection
  ) throws(FileError) -> AtomicFile {
    let file = try AtomicFile(path, protection)
    try file.write(bytes)
    try file.commit()
    return file
  }

  /// Writes at the end.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    try named { () throws(FileError) in try draft.file.write(bytes) }
  }

  /// Makes the file durable and puts it in its place; nothing may follow.
  package func commit() throws(FileError) {
    try named { () throws(FileError) in
      try keepOwnerAndMode()
      try draft.file.synchronize()
    }
    switch protection {
    case .newSecret:
      guard link(draft.path, target.path) == 0 else {
        throw errno == EEXIST ? FileError(givenPath, .exists) : failure()
      }
    case .secret, .owned, .shared:
      guard rename(draft.path, target.path) == 0 else { throw failure() }
      isOver.store(true, ordering: .relaxed)
    }
    discard()
    Folder.synchronize(above: target.path)
  }

  /// Removes what was written; does nothing after `commit`.
  package func discard() {
    guard !isOver.exchange(true, ordering: .relaxed) else { return }
    unlink(draft.path)
  }

  /// Whether the new file may get the owner and group of the replaced one; takes on the group.
  private var canKeepOwner: Bool {
    var made = stat()
    guard let replaced = target.replaced, fstat(draft.file.descriptor, &made) == 0 else {
      return true
    }
    let keepsGroup =
      made.st_gid == replaced.st_gid
      || fchown(draft.file.descriptor, uid_t.max, replaced.st_gid) == 0
    return keepsGroup && (made.st_uid == replaced.st_uid || geteuid() == 0)
  }

  private func keepOwnerAndMode() throws(FileError) {
    guard let replaced = target.replaced else { return }
    let descriptor = draft.file.descriptor
    let mode = replaced.st_mode & (protection == .secret ? 0o7700 : 0o7777)
    // In this order, since a change of owner takes the set-id bits away.
    guard fchown(descriptor, replaced.st_uid, replaced.st_gid) == 0, fchmod(descriptor, mode) == 0
    else { throw failure() }
  }

  /// Runs `body`; its errors name the path that was given.
  private func named(_ body: () throws(FileError) -> Void) throws(FileError) {
    do throws(FileError) {
      try body()
    } catch {
      throw FileError(givenPath, error.problem)
    }
  }

  private func failure() -> FileError {
    FileError(givenPath, .system("cannot be written", code: errno))
  }
}
