import FoundationEssentials
import Glibc

extension PlaybookFiles {
  /// The files on disk.
  ///
  /// Only regular files are read, and never more of one than the limit.
  package static let disk = PlaybookFiles(
    resolve: { path throws(Problem) in try resolveOnDisk(path) },
    read: { path, limit throws(Problem) in try readFromDisk(path, limit: limit) },
    names: { folder in (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() }
  )

  private static func resolveOnDisk(_ path: String) throws(Problem) -> String {
    guard !path.utf8.contains(0) else { throw .missing }
    guard let resolved = realpath(path, nil) else { throw problem(errno) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func readFromDisk(_ path: String, limit: Int) throws(Problem) -> [UInt8] {
    // Not blocking, so that opening a pipe returns and can be refused.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw problem(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw problem(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
    guard status.st_size <= limit else { throw .tooLarge }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw problem(errno) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
    throw .tooLarge
  }

  private static func problem(_ code: Int32) -> Problem {
    switch code {
    case ENOENT, ENOTDIR: .missing
    case EISDIR: .notAFile
    default: .unreadable(String(cString: strerror(code)).lowercased())
    }
  }
}
