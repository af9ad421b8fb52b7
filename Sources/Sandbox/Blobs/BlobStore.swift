import Files
import Synchronization

/// The payloads that a server keeps in files, in a folder of its own that goes when it stops.
final class BlobStore: Sendable {
  private struct State {
    /// Made for the first blob.
    var folder: String?
    /// Holds the folder while the process lives.
    var claim: FolderClaim?
    var lastNumber = 0
    /// Bytes by blob, those of uploads in progress too.
    var counts: [BlobID: Int] = [:]
    var total = 0
    /// Whether the folder and what is in it outlive the store.
    var isKept = false
  }

  private let state = Mutex(State())
  private let parent: String
  private let limit: Int

  /// `parent` is the folder that the store makes its own in; `limit` bounds all bytes together.
  init(in parent: String, limit: Int) {
    self.parent = parent
    self.limit = limit
  }

  /// Keeps blobs from now on in a folder that stays, with those that are there already; removes
  /// what is in it besides.
  func keep(_ blobs: [BlobID: Int], in folder: String) throws(SandboxError) {
    do throws(FileError) {
      try Folder.make(folder, for: .owner)
    } catch {
      throw SandboxError(
        message: "The folder \(folder) cannot be used: \(error.cause).", hint: nil)
    }
    for name in (try? Folder.names(in: folder)) ?? [] {
      if let number = Int(name), blobs[BlobID(number)] == nil {
        FileName.remove("\(folder)/\(name)")
      }
    }
    state.withLock { state in
      state.folder = folder
      state.isKept = true
      state.counts = blobs
      state.total = blobs.values.reduce(0, +)
      state.lastNumber = blobs.keys.map(\.number).max() ?? 0
    }
  }

  /// Makes an empty blob.
  func create() throws(BlobError) -> (id: BlobID, blob: Blob) {
    try state.withLock { state throws(BlobError) in
      let folder: String
      if let made = state.folder {
        folder = made
      } else {
        let claim = try FolderClaim(in: parent)
        folder = claim.folder
        state.claim = claim
      }
      state.folder = folder
      state.lastNumber += 1
      let id = BlobID(state.lastNumber)
      let file: OpenFile
      do throws(FileError) {
        file = try OpenFile.creating(Self.path(of: id, in: folder))
      } catch {
        throw .failed(error)
      }
      state.counts[id] = 0
      return (id, Blob(file: file))
    }
  }

  /// Counts bytes that are about to be written.
  func reserve(_ count: Int, for id: BlobID) throws(BlobError) {
    try state.withLock { state throws(BlobError) in
      guard let earlier = state.counts[id], state.total + count <= limit else { throw .full }
      state.counts[id] = earlier + count
      state.total += count
    }
  }

  /// The blob and its size, to be read.
  func open(_ id: BlobID) -> (blob: Blob, count: Int)? {
    state.withLock { state in
      guard let folder = state.folder, let count = state.counts[id] else { return nil }
      let file = try? OpenFile.reading(Self.path(of: id, in: folder))
      return file.map { (Blob(file: $0), count) }
    }
  }

  /// Removes a blob; whoever reads it may go on to its end.
  func remove(_ id: BlobID) {
    state.withLock { state in
      guard let folder = state.folder, let count = state.counts.removeValue(forKey: id) else {
        return
      }
      state.total -= count
      FileName.remove(Self.path(of: id, in: folder))
    }
  }

  /// Removes everything and the folder with it, unless they are to stay.
  func removeAll() {
    state.withLock { state in
      guard !state.isKept, let folder = state.folder else { return }
      for id in state.counts.keys { FileName.remove(Self.path(of: id, in: folder)) }
      state.claim?.remove()
      state = State(lastNumber: state.lastNumber)
    }
  }

  private static func path(of id: BlobID, in folder: String) -> String {
    "\(folder)/\(id.number)"
  }
}
