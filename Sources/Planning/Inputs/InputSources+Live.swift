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
    InputSources(
      environment: { environment[$0] },
      size: { path throws(FileFlaw) in try Self.inspect(path) },
      read: { path, limit throws(FileFlaw) in try Self.readWhole(path, limit) },
      askSecret: askSecret)
  }

  private static func inspect(_ path: String) throws(FileFlaw) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(Self.lastError)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .directory
    case S_IFREG: break
    default: throw .unreadable("it is no regular file")
    }
    guard access(path, R_OK) == 0 else { throw .unreadable(Self.lastError) }
    return Int(status.st_size)
  }

  private static func readWhole(_ path: String, _ limit: Int) throws(FileFlaw) -> [UInt8] {
    guard try inspect(path) <= limit else { throw .tooLarge(limit: limit) }
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw .unreadable("reading failed")
    }
  }

  private static var lastError: String {
    String(cString: strerror(errno)).lowercased()
  }
}
