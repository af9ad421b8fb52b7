import Files

/// Names of journals, which are paths of files and nothing else that SQLite understands.
enum JournalName {
  /// Throws `notAFile` for what SQLite takes for a database in memory or a URI, where nothing is
  /// recorded (https://www.sqlite.org/inmemorydb.html).
  static func check(_ path: String) throws(JournalError) {
    let isFile =
      !path.isEmpty && path != ":memory:" && !path.lowercased().hasPrefix("file:")
      && !path.utf8.contains(0)
    guard isFile else { throw .notAFile(path: path) }
  }

  /// The path of the write-ahead log, which is beside the file behind all symbolic links.
  static func log(of path: String) -> String { "\(target(of: path))-wal" }

  /// The path of the index of the log, beside it.
  static func index(of path: String) -> String { "\(target(of: path))-shm" }

  /// The path of the file behind all symbolic links.
  static func target(of path: String) -> String { (try? FileName.resolve(path)) ?? path }

  /// The URI of a file that does not change while it is open
  /// (https://www.sqlite.org/uri.html#uriimmutable).
  static func immutable(_ path: String) -> String { uri(of: path, "immutable=1") }

  /// The URI of a file that is not made where it is missing (https://www.sqlite.org/uri.html#urimode).
  static func existing(_ path: String) -> String { uri(of: path, "mode=rw") }

  private static func uri(of path: String, _ parameter: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    let digits = Array("0123456789ABCDEF")
    let escaped = path.utf8.map { byte in
      plain.contains(byte)
        ? String(Unicode.Scalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
    return "file:\(escaped.joined())?\(parameter)"
  }
}
