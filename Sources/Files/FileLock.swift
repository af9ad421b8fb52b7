import SystemPackage

/// The lock of a file or folder, which one process at a time holds (flock(2)).
///
/// It ends with this value, or with the process however that ends. It does not meet SQLite's locks.
package final class FileLock: Sendable {
  /// What is locked, and how it is opened for that.
  package enum Kind: Sendable, Hashable {
    /// A folder, which is there.
    case folder
    /// A file that is made with mode 0600 unless it is there.
    case file
    /// A file that must not be there, made with mode 0600.
    case newFile
    /// A file that must be there, itself and not a link to one.
    case presentFile
  }

  /// The outcome of taking a lock.
  package enum Attempt: Sendable, Hashable {
    case taken
    /// Another process has it, or another value of this one.
    case held
    /// The file system has no such locks, or cannot lock now.
    case unavailable(FileError)
  }

  /// How long to wait before a lock that is held is tried again, in milliseconds.
  private static let pause: UInt32 = 5

  private let path: String
  private let descriptor: FileDescriptor

  /// Opens what is at `path`; the lock is not taken yet.
  package init(_ path: String, _ kind: Kind) throws(FileError) {
    self.path = path
    descriptor = try FileError.at(path, "cannot be locked") { () throws(Errno) in
      switch kind {
      case .folder: try FileDescriptor.opening(path, .readOnly, .directory)
      case .file: try FileDescriptor.opening(path, .readWrite, .create, permissions: .owner)
      case .newFile:
        try FileDescriptor.opening(
          path, .readWrite, [.create, .exclusiveCreate], permissions: .owner)
      case .presentFile: try FileDescriptor.opening(path, .readWrite, .noFollow)
      }
    }
  }

  deinit {
    // Closing gives the lock back.
    try? descriptor.close()
  }

  /// Takes the lock unless it is held.
  package func take() -> Attempt {
    do throws(Errno) {
      try descriptor.lock()
      return .taken
    } catch .wouldBlock {
      return .held
    } catch {
      return .unavailable(FileError(path, .system("cannot be locked", code: error.rawValue)))
    }
  }

  /// Takes the lock, and blocks for as long as `patience` while it is held.
  package func take(within patience: Duration) -> Attempt {
    let deadline = ContinuousClock.now + patience
    while true {
      let attempt = take()
      guard attempt == .held, ContinuousClock.now < deadline else { return attempt }
      SystemCall.sleep(milliseconds: Self.pause)
    }
  }
}
