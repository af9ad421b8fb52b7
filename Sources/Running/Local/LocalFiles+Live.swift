import FoundationEssentials

import Glibc

extension LocalFiles {
  /// The machine's file system; relative paths are relative to the working directory.
  package static let live = LocalFiles(
    read: { path, limit throws(LocalFailure) in try readFile(path, limit) },
    exists: { FileManager.default.fileExists(atPath: $0) },
    write: { path, bytes, mode throws(LocalFailure) in try writeFile(path, bytes, mode) })

  private static func readFile(_ path: String, _ limit: Int) throws(LocalFailure) -> [UInt8] {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if attributes?[.type] as? FileAttributeType == .typeDirectory {
      throw LocalFailure("`\(path)` is a folder", hint: "name a file")
    }
    if let size = attributes?[.size] as? UInt64, size > UInt64(limit) {
      throw LocalFailure("`\(path)` has \(size) bytes; at most \(limit) are read at once")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw LocalFailure("`\(path)` cannot be read", hint: "does it exist, and may you read it?")
    }
    return [UInt8](data)
  }

  private static func writeFile(
    _ path: String, _ bytes: [UInt8], _ mode: FileMode
  ) throws(LocalFailure) {
    try makeFolder(of: path)
    // Written aside and then moved, so that a crash leaves the old file or the new one.
    let aside = "\(path).\(getpid()).part"
    defer { unlink(aside) }
    try create(aside, bytes, permissions: mode == .newPrivate ? 0o600 : 0o644)
    let moved = mode == .newPrivate ? link(aside, path) : rename(aside, path)
    guard moved == 0 else {
      throw LocalFailure("`\(path)` cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  private static func makeFolder(of path: String) throws(LocalFailure) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let folder = String(path[..<slash])
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: nil)
    } catch {
      throw LocalFailure("the folder `\(folder)` cannot be made")
    }
  }

  private static func create(
    _ path: String, _ bytes: [UInt8], permissions: mode_t
  ) throws(LocalFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, permissions)
    guard descriptor >= 0 else {
      throw LocalFailure("`\(path)` cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(
          descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw LocalFailure("`\(path)` cannot be written: \(String(cString: strerror(errno)))")
      }
      written += count
    }
    guard fsync(descriptor) == 0 else {
      throw LocalFailure("`\(path)` cannot be made durable: \(String(cString: strerror(errno)))")
    }
  }
}
