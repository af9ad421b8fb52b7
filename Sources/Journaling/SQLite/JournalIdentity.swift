import Files

/// Which files a journal was opened as: its database, its write-ahead log and its key.
///
/// SQLite continues writing to files that were removed or replaced, where nobody finds the record, and
/// without its key a record cannot be read.
struct JournalIdentity: Sendable {
  private let files: [String: FileIdentity]

  /// Notes the files of the open journal at `path`, whose key is in `key`.
  init(of path: String, _ key: KeyFile) {
    var files: [String: FileIdentity] = [:]
    for file in [path, JournalName.log(of: path), key.path] {
      files[file] = Self.identity(of: file)
    }
    self.files = files
  }

  /// Whether the same files are still there.
  var isIntact: Bool {
    files.allSatisfy { Self.identity(of: $0.key) == $0.value }
  }

  private static func identity(of path: String) -> FileIdentity? {
    (try? FileStatus(of: path))?.identity
  }
}
