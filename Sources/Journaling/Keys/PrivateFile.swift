import Files

/// Files that only their owner may read and write (mode 0600).
enum PrivateFile {
  /// Makes an empty file and the folders above it (mode 0700); leaves one that is there alone.
  static func create(at path: String) throws(JournalError) {
    do throws(FileError) {
      try Folder.make(above: path, for: .owner)
    } catch {
      throw .inaccessible(path: path, reason: "\(error)")
    }
    if let problem = FileStatus.problem(of: path) {
      throw .inaccessible(path: path, reason: problem.cause)
    }
    do throws(FileError) {
      try OpenFile.makeIfMissing(path)
    } catch {
      throw .inaccessible(path: path, reason: error.cause)
    }
  }

  /// Makes a file with `bytes`, whole or not at all, unless there is one already.
  static func publish(_ bytes: [UInt8], at path: String) throws(JournalError) {
    do throws(FileError) {
      try AtomicFile.write(bytes, to: path, .newSecret)
    } catch {
      guard error.problem != .exists else { return }
      throw .unusableKey(path: path, reason: error.cause)
    }
  }

  /// The bytes of a file, nil when there is none; throws `unusableKey` when it is not the user's own,
  /// or open to others.
  static func read(_ path: String, atMost limit: Int) throws(JournalError) -> [UInt8]? {
    do throws(FileError) {
      return try OpenFile.readingKey(path).read(limit)
    } catch {
      guard !error.isMissing else { return nil }
      throw .unusableKey(
        path: path, reason: error.cause + (error.hint.map { "; \($0)" } ?? ""))
    }
  }
}
