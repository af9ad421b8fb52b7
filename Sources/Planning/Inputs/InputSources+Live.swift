import Files
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension InputSources {
  /// The files of this machine; the environment and the prompt are the caller's.
  package static func live(
    environment: [String: String], askSecret: (@Sendable (String) -> String?)? = nil
  ) -> InputSources {
    let home = environment["HOME"]
    return InputSources(
      environment: { environment[$0] },
      size: { path throws(FileFlaw) in try Self.inspect(try Self.expand(path, home)) },
      read: { path, limit throws(FileFlaw) in
        try Self.readStream(try Self.expand(path, home), limit)
      },
      askSecret: askSecret)
  }

  private static func expand(_ path: String, _ home: String?) throws(FileFlaw) -> String {
    do throws(FileError) {
      return try UserPath.expand(path, home: home)
    } catch {
      throw .unreadable([error.cause, error.hint].compactMap(\.self).joined(separator: "; "))
    }
  }

  private static func inspect(_ path: String) throws(FileFlaw) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(Self.lastError)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .directory
    case S_IFREG: break
    default: throw .unreadable("it is not a regular file")
    }
    guard access(path, R_OK) == 0 else { throw .unreadable(Self.lastError) }
    return Int(status.st_size)
  }

  /// Reads a file to its end, never more than the limit; a pipe or terminal will do too.
  private static func readStream(_ path: String, _ limit: Int) throws(FileFlaw) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(Self.lastError)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(Self.lastError) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .directory }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(Self.lastError) }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
    throw .tooLarge(limit: limit)
  }

  private static var lastError: String {
    String(cString: strerror(errno)).lowercased()
  }
}
