import Files
import Glibc

/// Which files a journal was opened as: its database, its write-ahead log and its key.
///
/// SQLite continues writing to files that were removed or replaced, where nobody finds the record, and
/// without its key a record cannot be read.
struct JournalIdentity: Sendable {
  private struct Inode: Sendable, Hashable {
    let device: dev_t
    let number: ino_t

    init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = status.st_dev
      number = status.st_ino
    }
  }

  private let inodes: [String: Inode]

  /// Notes the files of the open journal at `path`.
  init(of path: String) {
    var inodes: [String: Inode] = [:]
    for file in [path, JournalName.log(of: path), KeyFile(beside: path).path] {
      inodes[file] = Inode(of: file)
    }
    self.inodes = inodes
  }

  /// Whether the same files are still there.
  var isIntact: Bool {
    inodes.allSatisfy { Inode(of: $0.key) == $0.value }
  }
}
