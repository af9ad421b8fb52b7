package import Running
import Synchronization

/// A file system in memory, for local actions under simulation.
package final class SimulatedFiles: Sendable {
  private let contents: Mutex<[String: [UInt8]]>

  /// Begins with these files.
  package init(_ files: [String: [UInt8]] = [:]) {
    contents = Mutex(files)
  }

  /// Every file, by its path.
  package var all: [String: [UInt8]] { contents.withLock { $0 } }

  /// The same as local actions see it.
  package var access: LocalFiles {
    LocalFiles(
      read: { path, limit throws(LocalFailure) in try self.read(path, limit) },
      exists: { path in self.contents.withLock { $0[path] != nil } },
      write: { path, bytes, _ throws(LocalFailure) in
        self.contents.withLock { $0[path] = bytes }
      })
  }

  private func read(_ path: String, _ limit: Int) throws(LocalFailure) -> [UInt8] {
    guard let bytes = contents.withLock({ $0[path] }), bytes.count <= limit else {
      throw LocalFailure("`\(path)` cannot be read")
    }
    return bytes
  }
}
