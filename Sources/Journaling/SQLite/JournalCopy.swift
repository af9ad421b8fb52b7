import Files

/// A private copy of a journal with its write-ahead log, for a reader that may not write beside it.
///
/// It is removed as soon as it is open.
struct JournalCopy {
  /// How often a copy is begun again because somebody wrote meanwhile.
  private static let mostAttempts = 5
  private static let pieceCount = 1 << 20

  private let folder: String

  var path: String { "\(folder)/journal.sqlite" }

  /// Copies the journal at `original`; `remove` must follow.
  init(of original: String) throws(JournalError) {
    do throws(FileError) {
      folder = try Folder.makeTemporary("privirun-", in: Folder.temporary)
    } catch {
      throw .inaccessible(
        path: original, reason: "it cannot be copied to \(error.path): \(error.cause)")
    }
    do throws(FileError) {
      try copy(original)
    } catch {
      remove()
      throw .inaccessible(path: original, reason: "\(error)")
    }
  }

  func remove() {
    Folder.removeWithFiles(folder)
  }

  private func copy(_ original: String) throws(FileError) {
    let log = JournalName.log(of: original)
    for attempt in 1...Self.mostAttempts {
      let before = Self.version(of: original, log)
      try Self.copy(original, to: path)
      try Self.copy(log, to: "\(path)-wal")
      // A checkpoint between the two would leave neither the old nor the new state.
      if Self.version(of: original, log) == before || attempt == Self.mostAttempts { return }
    }
  }

  private static func copy(_ original: String, to path: String) throws(FileError) {
    let source = try OpenFile.reading(original)
    let target = try AtomicFile(path, .owned)
    while true {
      let piece = try source.read(pieceCount)
      guard !piece.isEmpty else { break }
      try target.write(piece)
    }
    try target.commit()
  }

  private static func version(of path: String, _ log: String) -> Version {
    let status = try? FileStatus(of: path)
    return Version(
      size: status?.size, modified: status?.modified,
      salt: (try? OpenFile.reading(log).read(32)) ?? [])
  }

  /// What changes when the database or the salt of its log does.
  private struct Version: Equatable {
    let size: Int?
    let modified: Duration?
    let salt: [UInt8]
  }
}
