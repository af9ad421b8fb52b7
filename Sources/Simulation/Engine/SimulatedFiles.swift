import Files
import Machine
package import Running
import Synchronization

/// A file system in memory, for local actions under simulation.
///
/// What is not in it may be read from another one beneath it, which is never written to.
package final class SimulatedFiles: Sendable {
  private struct Contents {
    var files: [String: [UInt8]]
    /// The paths of those that were written for their owner only.
    var secretPaths: Set<String> = []
  }

  private let contents: Mutex<Contents>
  private let base: BaseFiles?

  /// Begins with these files, above those of `base`.
  package convenience init(_ files: [String: [UInt8]] = [:], above base: LocalFiles? = nil) {
    self.init(Contents(files: files), base.map(BaseFiles.init))
  }

  private init(_ contents: Contents, _ base: BaseFiles?) {
    self.contents = Mutex(contents)
    self.base = base
  }

  /// A file system of its own with the same files.
  package var copy: SimulatedFiles { SimulatedFiles(contents.withLock { $0 }, base) }

  /// Every file in memory, by its path.
  package var all: [String: [UInt8]] { contents.withLock { $0.files } }

  /// The contents of the files in memory that were written for their owner only.
  package var secrets: [[UInt8]] {
    contents.withLock { contents in
      contents.secretPaths.sorted().compactMap { contents.files[$0] }
    }
  }

  /// The same as local actions see it.
  package var access: LocalFiles {
    LocalFiles(
      absolute: { path in path },
      read: { path, limit throws(LocalFailure) in try self.read(path, limit) },
      readKey: { path throws(LocalFailure) in
        guard let base = self.base, self.contents.withLock({ $0.files[path] == nil }) else {
          return try self.read(path, 1024)
        }
        return try base.key(at: path)
      },
      exists: { path throws(LocalFailure) in
        guard let base = self.base, self.contents.withLock({ $0.files[path] == nil }) else {
          return self.contents.withLock { $0.files[path] != nil }
        }
        return try base.exists(path)
      },
      replaced: { path, protection throws(LocalFailure) in
        try self.replaced(path, protection)
      },
      write: { path, bytes, protection throws(LocalFailure) in
        try self.put(bytes, at: path, protection)
        return nil
      },
      open: { path throws(LocalFailure) in BytesFile(try self.read(path, .max)) },
      create: { path, protection throws(LocalFailure) in
        let draft = "\(path).part"
        try self.put([], at: draft, protection == .newSecret ? .secret : protection)
        return SimulatedDraft(
          files: self, path: path, draft: draft, isNew: protection == .newSecret)
      })
  }

  fileprivate func append(_ bytes: [UInt8], to path: String) {
    contents.withLock { $0.files[path, default: []] += bytes }
  }

  fileprivate func move(_ path: String, to other: String?) {
    contents.withLock { contents in
      let bytes = contents.files.removeValue(forKey: path)
      let isSecret = contents.secretPaths.remove(path) != nil
      guard let other, let bytes else { return }
      contents.files[other] = bytes
      if isSecret { contents.secretPaths.insert(other) }
    }
  }

  private func put(
    _ bytes: [UInt8], at path: String, _ protection: FileProtection
  ) throws(LocalFailure) {
    try contents.withLock { contents throws(LocalFailure) in
      switch protection {
      case .newSecret, .secret:
        guard protection == .secret || contents.files[path] == nil else {
          throw LocalFailure("`\(path)` exists already")
        }
        contents.secretPaths.insert(path)
      case .owned, .shared: break
      }
      contents.files[path] = bytes
    }
  }

  private func replaced(
    _ path: String, _ protection: FileProtection
  ) throws(LocalFailure) -> ReplacedFile? {
    let known = contents.withLock { contents in
      contents.files[path].map { bytes in
        ReplacedFile(
          size: bytes.count,
          isNarrowed: protection == .secret && !contents.secretPaths.contains(path))
      }
    }
    guard known == nil, let base else { return known }
    return try base.replaced(path, protection)
  }

  private func read(_ path: String, _ limit: Int) throws(LocalFailure) -> [UInt8] {
    if let bytes = contents.withLock({ $0.files[path] }) {
      guard bytes.count <= limit else { throw LocalFailure("`\(path)` cannot be read") }
      return bytes
    }
    guard let base else { throw LocalFailure("`\(path)` cannot be read") }
    return try base.bytes(at: path, limit)
  }
}

/// Files beneath simulated ones: each is read once, so that all simulations find the same.
private final class BaseFiles: Sendable {
  /// The largest file that is read, in bytes: simulations hold whole files in memory.
  private static let sizeLimit = 64 << 20

  private let files: LocalFiles
  private let known = Mutex<[String: [UInt8]]>([:])

  init(_ files: LocalFiles) {
    self.files = files
  }

  func exists(_ path: String) throws(LocalFailure) -> Bool { try files.exists(path) }

  func replaced(
    _ path: String, _ protection: FileProtection
  ) throws(LocalFailure) -> ReplacedFile? { try files.replaced(path, protection) }

  func bytes(at path: String, _ limit: Int) throws(LocalFailure) -> [UInt8] {
    if let bytes = known.withLock({ $0[path] }) { return bytes }
    let bytes = try files.read(path, min(limit, Self.sizeLimit))
    known.withLock { $0[path] = bytes }
    return bytes
  }

  func key(at path: String) throws(LocalFailure) -> [UInt8] {
    if let bytes = known.withLock({ $0[path] }) { return bytes }
    let bytes = try files.readKey(path)
    known.withLock { $0[path] = bytes }
    return bytes
  }
}

/// A simulated file that takes its place when it is whole.
private struct SimulatedDraft: WritableFile {
  let files: SimulatedFiles
  let path: String
  let draft: String
  /// Whether a file that is there must not be replaced.
  let isNew: Bool

  func write(_ bytes: [UInt8]) throws(LocalFailure) { files.append(bytes, to: draft) }
  func commit() throws(LocalFailure) -> String? {
    guard !isNew || files.all[path] == nil else { throw LocalFailure("`\(path)` exists already") }
    files.move(draft, to: path)
    return nil
  }
  func discard() { files.move(draft, to: nil) }
}
