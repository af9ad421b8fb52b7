import SystemPackage

/// An open file; closed when nobody holds it any more.
///
/// Reading and writing block, as disks do, but only a file from `stream` waits for another process.
package final class OpenFile: Sendable {
  /// Bytes that are read at once of a file of unknown size.
  private static let pieceCount = 64 << 10

  /// Bytes of the file when it was opened.
  package let size: Int
  private let path: String
  let descriptor: FileDescriptor

  /// Takes the descriptor over.
  init(path: String, size: Int, descriptor: FileDescriptor) {
    self.path = path
    self.size = size
    self.descriptor = descriptor
  }

  deinit {
    try? descriptor.close()
  }
}

/// Opening.
extension OpenFile {
  /// Opens an existing regular file, to be read from its beginning.
  package static func reading(_ path: String) throws(FileError) -> OpenFile {
    let (file, status) = try reading(path, [])
    if let problem = status.kindProblem { throw FileError(path, problem) }
    return file
  }

  /// Opens an existing file that holds a key: a regular file of this user, which nobody else can read
  /// or change.
  ///
  /// Whoever plants a key can read everything that is encrypted with it.
  package static func readingKey(_ path: String) throws(FileError) -> OpenFile {
    let file: OpenFile
    let status: Stat
    do throws(FileError) {
      (file, status) = try reading(path, .noFollow)
    } catch {
      let isLink =
        error.problem
        == .system("cannot be read", code: Errno.tooManySymbolicLinkLevels.rawValue)
      throw isLink ? FileError(path, .keyIsLink) : error
    }
    if let problem = status.kindProblem { throw FileError(path, problem) }
    guard status.userID == SystemCall.user else { throw FileError(path, .keyHasOtherOwner) }
    guard status.permissions.isDisjoint(with: .others) else {
      throw FileError(path, .keyIsOpen(mode: status.permissions.rawValue))
    }
    return file
  }

  private static func reading(
    _ path: String, _ options: FileDescriptor.OpenOptions
  ) throws(FileError) -> (OpenFile, Stat) {
    do throws(FileError) {
      // Opened without blocking, so that a pipe nobody writes to can be refused.
      return try opening(path, .readOnly, options.union(.nonBlocking))
    } catch {
      // A socket cannot be opened at all.
      let isSocket =
        error.problem == .system("cannot be read", code: Errno.noSuchAddressOrDevice.rawValue)
      throw isSocket ? FileError(path, .isSpecial("a socket or a device without a driver")) : error
    }
  }

  /// Opens an existing file, pipe or device to be read to its end; waits for whoever writes to a pipe.
  package static func stream(_ path: String) throws(FileError) -> OpenFile {
    let (file, status) = try opening(path, .readOnly, [])
    guard status.type != .directory else { throw FileError(path, .isFolder) }
    return file
  }

  private static func opening(
    _ path: String, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions
  ) throws(FileError) -> (OpenFile, Stat) {
    try FileError.at(path, "cannot be read") { () throws(Errno) in
      let descriptor = try FileDescriptor.opening(path, mode, options)
      do throws(Errno) {
        let status = try descriptor.stat()
        return (OpenFile(path: path, size: Int(status.size), descriptor: descriptor), status)
      } catch {
        try? descriptor.close()
        throw error
      }
    }
  }

  /// Makes a file of mode 0600 to be written and read; throws when something is there.
  package static func creating(_ path: String) throws(FileError) -> OpenFile {
    try FileError.at(path, "cannot be written") { () throws(Errno) in
      OpenFile(
        path: path, size: 0,
        descriptor: try FileDescriptor.opening(
          path, .readWrite, [.create, .exclusiveCreate], permissions: .owner))
    }
  }

  /// Makes an empty file of mode 0600 unless one is there, which must be open to this user for
  /// reading and writing.
  package static func makeIfMissing(_ path: String) throws(FileError) {
    try FileError.at(path, "cannot be written") { () throws(Errno) in
      let descriptor = try FileDescriptor.opening(
        path, .readWrite, [.create, .nonBlocking], permissions: .owner)
      try? descriptor.close()
    }
  }
}

/// Reading and writing.
extension OpenFile {
  /// The next bytes, at most `count` of them; none at the end.
  package func read(_ count: Int) throws(FileError) -> [UInt8] {
    try FileError.at(path, "cannot be read") { () throws(Errno) in
      try Errno.typed {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
          filled = try descriptor.read(
            into: UnsafeMutableRawBufferPointer(
              rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
        }
      }
    }
  }

  /// The rest of the file, or nil when that is more than `limit` bytes.
  package func rest(atMost limit: Int) throws(FileError) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(size, limit))
    while bytes.count <= limit {
      let piece = try read(Self.pieceCount)
      guard !piece.isEmpty else { return bytes }
      bytes += piece
    }
    return nil
  }

  /// Fills `buffer` with bytes from `offset` on, and returns how many there were; 0 at the end.
  package func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    try FileError.at(path, "cannot be read") { () throws(Errno) in
      try Errno.typed { try descriptor.read(fromAbsoluteOffset: Int64(offset), into: buffer) }
    }
  }

  /// Writes all of `bytes` at the end.
  func write(_ bytes: [UInt8]) throws(FileError) {
    try FileError.at(path, "cannot be written") { () throws(Errno) in
      _ = try Errno.typed { try descriptor.writeAll(bytes) }
    }
  }

  /// Writes all bytes of `buffer` at the end.
  package func write(_ buffer: UnsafeRawBufferPointer) throws(FileError) {
    try FileError.at(path, "cannot be written") { () throws(Errno) in
      _ = try Errno.typed { try descriptor.writeAll(buffer) }
    }
  }

  /// Returns when what was written survives a loss of power.
  func synchronize() throws(FileError) {
    try FileError.at(path, "cannot be written") { () throws(Errno) in
      try descriptor.synchronize()
    }
  }
}
