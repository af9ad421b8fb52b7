import SystemPackage

/// The file beside a target that is written first: `NAME.privirun.part`.
///
/// It is locked while it is written. One that nobody holds was left by a crash and is removed, so
/// that such files do not accumulate.
struct Draft {
  /// How many processes may write the same target at once.
  private static let mostWriters = 64
  /// Bytes of the target's name that are kept, so that the whole stays under the limit of 255.
  private static let longestStem = 200

  let path: String
  let file: OpenFile

  /// Begins a draft for `target` with `mode`, under the process's mask.
  init(for target: String, mode: FilePermissions) throws(FileError) {
    var reason = Errno.fileExists
    for number in 1...Self.mostWriters {
      let path = Self.path(number, for: target)
      // Twice: a second time after one that was left behind is removed.
      for _ in 1...2 {
        do throws(Errno) {
          file = try Self.create(path, mode)
          self.path = path
          return
        } catch {
          reason = error
        }
        guard reason == .fileExists || reason == .wouldBlock else {
          throw FileError(target, .system("cannot be written", code: reason.rawValue))
        }
        guard reason == .wouldBlock || Self.removeAbandoned(path) else { break }
      }
    }
    throw FileError(target, .system("cannot be written", code: reason.rawValue))
  }

  private static func path(_ number: Int, for target: String) -> String {
    let target = FilePath(target)
    var stem = ""
    for character in target.lastComponent?.string ?? "" {
      guard stem.utf8.count + character.utf8.count <= longestStem else { break }
      stem.append(character)
    }
    let name = "\(stem).privirun\(number == 1 ? "" : "-\(number)").part"
    return target.removingLastComponent().appending(name).string
  }

  /// The new file, locked; throws `fileExists` when there is one, and `wouldBlock` when another
  /// process took it for one that was left behind.
  private static func create(_ path: String, _ mode: FilePermissions) throws(Errno) -> OpenFile {
    let descriptor = try FileDescriptor.opening(
      path, .writeOnly, [.create, .exclusiveCreate, .noFollow], permissions: mode)
    let file = OpenFile(path: path, size: 0, descriptor: descriptor)
    do throws(Errno) {
      try descriptor.lock()
    } catch {
      // A file system without such locks has nobody who removes what is left behind.
      if error == .wouldBlock { throw error }
    }
    guard let status = try? descriptor.stat(), status.linkCount > 0 else { throw .wouldBlock }
    return file
  }

  /// Removes a draft that no process holds; returns whether it did.
  private static func removeAbandoned(_ path: String) -> Bool {
    guard
      let descriptor = try? FileDescriptor.opening(path, .readWrite, [.noFollow, .nonBlocking])
    else { return false }
    defer { try? descriptor.close() }
    do throws(Errno) {
      let held = try descriptor.stat()
      guard held.kindProblem == nil, held.userID == SystemCall.user else { return false }
      try descriptor.lock()
      guard try Stat(path, followTargetSymlink: false).identity == held.identity else {
        return false
      }
      try SystemCall.unlink(path)
      return true
    } catch {
      return false
    }
  }
}
