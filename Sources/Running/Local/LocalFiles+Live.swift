import FoundationEssentials
import Glibc

extension LocalFiles {
  /// The machine's file system; relative paths are relative to the working directory.
  package static let live = LocalFiles(
    read: { path, limit throws(LocalFailure) in try readFile(path, limit) },
    exists: { FileManager.default.fileExists(atPath: $0) },
    write: { path, bytes, mode throws(LocalFailure) in try writeFile(path, bytes, mode) },
    open: { path throws(LocalFailure) in try OpenFile.reading(path) },
    create: { path, aside throws(LocalFailure) in
      try makeFolder(of: path)
      return try AtomicFile(path: path, aside: aside, permissions: 0o600)
    })

  private static func readFile(_ path: String, _ limit: Int) throws(LocalFailure) -> [UInt8] {
    let file = try OpenFile.reading(path)
    guard file.size <= limit else {
      throw LocalFailure(
        "`\(path)` has \(file.size) bytes; at most \(limit) are handled in memory",
        hint: "name a file to write to with `to`, where the action takes one: then any size does")
    }
    var bytes: [UInt8] = []
    while true {
      // One byte more than allowed tells a file that grew, or that has no size, from a small one.
      let piece = try file.read(limit + 1 - bytes.count)
      bytes += piece
      guard bytes.count <= limit else {
        throw LocalFailure("`\(path)` has more than \(limit) bytes")
      }
      guard !piece.isEmpty else { return bytes }
    }
  }

  private static func writeFile(
    _ path: String, _ bytes: [UInt8], _ mode: FileMode
  ) throws(LocalFailure) {
    try makeFolder(of: path)
    // Written aside and then moved, so that a crash leaves the old file or the new one.
    let file = try AtomicFile(
      path: path, aside: "\(path).\(getpid()).part",
      permissions: mode == .shared ? 0o644 : 0o600)
    defer { file.discard() }
    try file.write(bytes)
    switch mode {
    case .newPrivate: try file.commitAsNew()
    case .secret, .shared: try file.commit()
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
}
