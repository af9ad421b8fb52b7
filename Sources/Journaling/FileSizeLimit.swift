import Glibc

/// The limit on the size of files that a shell may set with `ulimit -f`.
enum FileSizeLimit {
  /// Whether this process has one; a write beyond it fails, which SQLite reports as an I/O error.
  static var isSet: Bool {
    var limit = rlimit()
    guard getrlimit(Int32(RLIMIT_FSIZE.rawValue), &limit) == 0 else { return false }
    return limit.rlim_cur != rlim_t.max
  }
}
