import Synchronization
import SystemPackage

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
    isNarrowed = target.isNarrowed(by: protection)
    let isOpen = protection == .shared && target.replaced == nil
    draft = try Draft(for: target.path, mode: isOpen ? .shared : .owner)
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

  /// The path of the file until it is in its place, for what writes files itself, such as a database.
  ///
  /// It is there, and empty, from the beginning.
  package var draftPath: String { draft.path }

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
      do throws(Errno) {
        try SystemCall.link(draft.path, to: target.path)
      } catch {
        throw error == .fileExists ? FileError(givenPath, .exists) : failure(error)
      }
    case .secret, .owned, .shared:
      do throws(Errno) {
        try SystemCall.rename(draft.path, to: target.path)
      } catch {
        throw failure(error)
      }
      isOver.store(true, ordering: .relaxed)
    }
    discard()
    Folder.synchronize(above: target.path)
  }

  /// Removes what was written; does nothing after `commit`.
  package func discard() {
    guard !isOver.exchange(true, ordering: .relaxed) else { return }
    FileName.remove(draft.path)
  }

  /// Whether the new file may get the owner and group of the replaced one; takes on the group.
  private var canKeepOwner: Bool {
    let descriptor = draft.file.descriptor
    guard let replaced = target.replaced, let made = try? descriptor.stat() else { return true }
    let keepsGroup =
      made.groupID == replaced.groupID
      || (try? descriptor.change(owner: nil, group: replaced.groupID)) != nil
    return keepsGroup && (made.userID == replaced.userID || SystemCall.user == .root)
  }

  private func keepOwnerAndMode() throws(FileError) {
    guard let replaced = target.replaced else { return }
    let descriptor = draft.file.descriptor
    let kept = protection == .secret ? FilePermissions.all.subtracting(.others) : .all
    do throws(Errno) {
      // In this order, since a change of owner takes the set-id bits away.
      try descriptor.change(owner: replaced.userID, group: replaced.groupID)
      try descriptor.change(replaced.permissions.intersection(kept))
    } catch {
      throw failure(error)
    }
  }

  /// Runs `body`; its errors name the path that was given.
  private func named(_ body: () throws(FileError) -> Void) throws(FileError) {
    do throws(FileError) {
      try body()
    } catch {
      throw FileError(givenPath, error.problem)
    }
  }

  private func failure(_ error: Errno) -> FileError {
    FileError(givenPath, .system("cannot be written", code: error.rawValue))
  }
}
