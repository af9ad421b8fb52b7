import Files
import FoundationEssentials
import Glibc

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
    let name = "\(FileManager.default.temporaryDirectory.path)/privirun-XXXXXX"
    var template = Array(name.utf8CString)
    guard let made = mkdtemp(&template) else {
      throw .inaccessible(
        path: original, reason: "it cannot be copied to \(name): \(FileError.reason(errno))")
    }
    folder = String(cString: made)
    do throws(FileError) {
      try copy(original)
    } catch {
      remove()
      throw .inaccessible(path: original, reason: "\(error)")
    }
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: folder)
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

  /// What changes when the database or the salt of its log does.
  private static func version(of path: String, _ log: String) -> [Int] {
    var status = stat()
    guard stat(path, &status) == 0 else { return [] }
    let salt = (try? OpenFile.reading(log).read(32)) ?? []
    return [Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
      + salt.map { Int($0) }
  }
}
