import SystemPackage

/// The locks of single bytes of a file, which end with this value, or with the process however that
/// ends (fcntl(2), open file description locks).
package final class ByteLocks: Sendable {
  private let path: String
  private let descriptor: FileDescriptor

  /// Opens an existing file for reading and writing; no lock is taken yet.
  package init(of path: String) throws(FileError) {
    self.path = path
    descriptor = try FileError.at(path, "cannot be locked") { () throws(Errno) in
      try FileDescriptor.opening(path, .readWrite)
    }
  }

  deinit {
    try? descriptor.close()
  }

  /// Takes the lock of the byte at `offset`, which need not be there; throws when it is held.
  package func take(_ offset: Int64) throws(FileError) {
    try FileError.at(path, "cannot be locked") { () throws(Errno) in
      try descriptor.lock(byte: offset)
    }
  }

  /// Gives up the lock of the byte at `offset`.
  package func release(_ offset: Int64) throws(FileError) {
    try FileError.at(path, "cannot be unlocked") { () throws(Errno) in
      try descriptor.unlock(byte: offset)
    }
  }

  /// Whether another process, or another value of this one, holds the lock of the byte at `offset`.
  package func isHeld(_ offset: Int64) throws(FileError) -> Bool {
    try FileError.at(path, "cannot be locked") { () throws(Errno) in
      try descriptor.isLocked(byte: offset, askingAsReader: false)
    }
  }

  /// The same for who may only read the file at `path`; false where there is none.
  package static func isHeld(_ offset: Int64, of path: String) throws(FileError) -> Bool {
    // A lock for reading is all that the descriptor could have; it meets the owner's all the same.
    try reading(path) { descriptor throws(Errno) in
      try descriptor.isLocked(byte: offset, askingAsReader: true)
    }
  }

  /// Whether another process, or a value of this one, holds the lock of any byte of the file at
  /// `path`, which may only be read; false where there is none.
  package static func isAnyHeld(of path: String) throws(FileError) -> Bool {
    try reading(path) { descriptor throws(Errno) in try descriptor.isLockedAnywhere() }
  }

  private static func reading(
    _ path: String, _ question: (FileDescriptor) throws(Errno) -> Bool
  ) throws(FileError) -> Bool {
    do throws(Errno) {
      let descriptor = try FileDescriptor.opening(path, .readOnly)
      defer { try? descriptor.close() }
      return try question(descriptor)
    } catch .noSuchFileOrDirectory {
      return false
    } catch {
      throw FileError(path, .system("cannot be read", code: error.rawValue))
    }
  }
}
