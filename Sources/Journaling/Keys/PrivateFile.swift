import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that only their owner may read and write (mode 0600).
enum PrivateFile {
  private static let mode: mode_t = 0o600

  /// Makes an empty file and the folders above it (mode 0700); leaves one that is there alone.
  static func create(at path: String) throws(JournalError) {
    let folder = folder(of: path)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .inaccessible(path: path, reason: "the folder \(folder) cannot be made")
    }
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .inaccessible(path: path, reason: lastFailure()) }
    close(descriptor)
  }

  /// Makes a file with `bytes`, whole or not at all, unless there is one already.
  ///
  /// The bytes go to a file of another name, onto the disk, and only then under their own name.
  static func publish(
    _ bytes: [UInt8], at path: String, random: RandomBytes
  ) throws(JournalError) {
    let draft = path + "." + random.draw(8).map { String($0, radix: 16) }.joined() + ".draft"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .unusableKey(path: path, reason: lastFailure()) }
    defer { unlink(draft) }
    let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
    let reason = lastFailure()
    close(descriptor)
    guard isWritten else { throw .unusableKey(path: path, reason: reason) }
    guard link(draft, path) == 0 || errno == EEXIST else {
      throw .unusableKey(path: path, reason: lastFailure())
    }
    synchronise(folder: folder(of: path))
  }

  /// The bytes of a file, nil when there is none; throws `unusableKey` when others may read it.
  static func read(_ path: String, atMost limit: Int) throws(JournalError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .unusableKey(path: path, reason: lastFailure())
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unusableKey(path: path, reason: "it is not a file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .unusableKey(path: path, reason: "others may read it")
    }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = Glibc.read(descriptor, &bytes, limit)
    guard count >= 0 else { throw .unusableKey(path: path, reason: lastFailure()) }
    return Array(bytes.prefix(count))
  }

  /// The folder that a path names a file in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a new name in a folder last; where folders cannot be synchronised, nothing is lost.
  private static func synchronise(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func lastFailure() -> String { String(cString: strerror(errno)) }
}
