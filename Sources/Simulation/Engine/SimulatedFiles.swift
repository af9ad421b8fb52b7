import Machine
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
      readKey: { path throws(LocalFailure) in try self.read(path, 1024) },
      exists: { path in self.contents.withLock { $0[path] != nil } },
      write: { path, bytes, _ throws(LocalFailure) in
        self.contents.withLock { $0[path] = bytes }
        return nil
      },
      open: { path throws(LocalFailure) in BytesFile(try self.read(path, .max)) },
      create: { path, _ throws(LocalFailure) in
        let draft = "\(path).part"
        self.contents.withLock { $0[draft] = [] }
        return SimulatedDraft(files: self, path: path, draft: draft)
      })
  }

  fileprivate func append(_ bytes: [UInt8], to path: String) {
    contents.withLock { $0[path, default: []] += bytes }
  }

  fileprivate func move(_ path: String, to other: String?) {
    contents.withLock { contents in
      let bytes = contents.removeValue(forKey: path)
      if let other, let bytes { contents[other] = bytes }
    }
  }

  private func read(_ path: String, _ limit: Int) throws(LocalFailure) -> [UInt8] {
    guard let bytes = contents.withLock({ $0[path] }), bytes.count <= limit else {
      throw LocalFailure("`\(path)` cannot be read")
    }
    return bytes
  }
}

/// A simulated file that takes its place when it is whole.
private struct SimulatedDraft: WritableFile {
  let files: SimulatedFiles
  let path: String
  let draft: String

  func write(_ bytes: [UInt8]) throws(LocalFailure) { files.append(bytes, to: draft) }
  func commit() throws(LocalFailure) -> String? {
    files.move(draft, to: path)
    return nil
  }
  func discard() { files.move(draft, to: nil) }
}
