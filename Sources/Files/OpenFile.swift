import Glibc

/// An open regular file; closed when nobody holds it any more.
///
/// Reading and writing block, as disks do, but never wait for another process.
package final class OpenFile: Sendable {
  /// Bytes of the file when it was opened.
  package let size: Int
  private let path: String
  let descriptor: Int32

  /// Takes the descriptor over.
  init(path: String, size: Int, descriptor: Int32) {
    self.path = path
    self.size = size
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Opens an existing file, to be read from its beginning.
  package static func reading(_ path: String) throws(FileError) -> OpenFile {
    try reading(path, flags: 0)
  }

  /// Opens an existing file that holds a key: a regular file of this user, which nobody else can read
  /// or change.
  ///
  /// Whoever plants a key can read everything that is encrypted with it.
  package static func readingKey(_ path: String) throws(FileError) -> OpenFile {
    let file: OpenFile
    do throws(FileError) {
      file = try reading(path, flags: O_NOFOLLOW)
    } catch {
      let isLink = error.problem == .system("cannot be read", code: ELOOP)
      throw isLink ? FileError(path, .keyIsLink) : error
    }
    var status = stat()
    guard fstat(file.descriptor, &status) == 0 else {
      throw FileError(path, .system("cannot be read", code: errno))
    }
    guard status.st_uid == geteuid() else { throw FileError(path, .keyHasOtherOwner) }
    guard status.st_mode & 0o077 == 0 else {
      throw FileError(path, .keyIsOpen(mode: status.st_mode & 0o7777))
    }
    return file
  }

  private static func reading(_ path: String, flags: Int32) throws(FileError) -> OpenFile {
    // Opened without blocking, so that a pipe nobody writes to can be refused.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags)
    guard descriptor >= 0 else {
      // A socket cannot be opened at all.
      throw FileError(
        path,
        errno == ENXIO
          ? .isSpecial("a socket or a device without a driver")
          : .system("cannot be read", code: errno))
    }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    let code = errno
    let file = OpenFile(path: path, size: Int(status.st_size), descriptor: descriptor)
    guard isKnown else { throw FileError(path, .system("cannot be read", code: code)) }
    if let problem = status.kindProblem { throw FileError(path, problem) }
    return file
  }

  /// The next bytes, at most `count` of them; none at the end.
  package func read(_ count: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let result = Self.retried { Glibc.read(descriptor, buffer.baseAddress, count) }
      if result < 0 { failure = errno }
      filled = max(0, result)
    }
    guard failure == 0 else { throw FileError(path, .system("cannot be read", code: failure)) }
    return bytes
  }

  /// Writes all of `bytes` at the end.
  func write(_ bytes: [UInt8]) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { buffer in
        Self.retried { Glibc.write(descriptor, buffer.baseAddress, buffer.count) }
      }
      guard count > 0 else { throw FileError(path, .system("cannot be written", code: errno)) }
      rest = rest.dropFirst(count)
    }
  }

  /// Returns when what was written survives a loss of power.
  func synchronize() throws(FileError) {
    guard fsync(descriptor) == 0 else {
      throw FileError(path, .system("cannot be written", code: errno))
    }
  }

  private static func retried(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}

extension stat {
  /// Why this is not a regular file, or nil when it is one.
  var kindProblem: FileError.Problem? {
    switch st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: .isFolder
    case S_IFIFO: .isSpecial("a pipe")
    case S_IFCHR, S_IFBLK: .isSpecial("a device")
    case S_IFSOCK: .isSpecial("a socket")
    case _: .isSpecial("something else")
    }
  }

  func isSame(as other: stat) -> Bool {
    st_dev == other.st_dev && st_ino == other.st_ino
  }
}
