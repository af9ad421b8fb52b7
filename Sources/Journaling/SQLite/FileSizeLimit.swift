import Files
import Glibc

/// The limit on the size of files that a shell may set with `ulimit -f`.
enum FileSizeLimit {
  /// What the journal's files may grow by in one write; a shared-memory file grows by 32 KiB.
  private static let growth: UInt64 = 64 << 10

  /// Whether a write to the journal at `path` may have gone beyond the limit of this process, which
  /// SQLite reports as any I/O error.
  static func isReached(at path: String) -> Bool {
    var limit = rlimit()
    guard getrlimit(Int32(RLIMIT_FSIZE.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
      return false
    }
    let largest = ["", "-wal", "-shm", "-journal"].map { size(of: path + $0) }.max() ?? 0
    return largest + growth > limit.rlim_cur
  }

  private static func size(of path: String) -> UInt64 {
    UInt64(clamping: (try? FileStatus(of: path))?.size ?? 0)
  }
}
