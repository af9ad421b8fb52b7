import GRDB
import GRDBSQLite
import Synchronization

/// Finds out whether anybody but this connection changed the database since it looked last.
///
/// That costs nearly nothing, where a pragma is parsed and compiled each time it is performed.
final class DataVersion: Sendable {
  private let known = Mutex<UInt32?>(nil)

  /// Whether all changes since `note` are seen by this connection and nobody made any; to be asked within a
  /// transaction, which decides what is seen.
  func isKnown(to database: Database) -> Bool {
    guard let current = Self.current(database) else { return false }
    return known.withLock { $0 == current }
  }

  /// Everything that is in the database is known, what this connection has just committed included.
  ///
  /// What others commit meanwhile is not counted before the next transaction.
  func note(_ database: Database) {
    let current = Self.current(database)
    known.withLock { $0 = current }
  }

  /// A number that is another one after each commit, and once a commit of others is seen
  /// (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntldataversion).
  private static func current(_ database: Database) -> UInt32? {
    var version: UInt32 = 0
    let result = sqlite3_file_control(
      database.sqliteConnection, "main", SQLITE_FCNTL_DATA_VERSION, &version)
    return result == SQLITE_OK ? version : nil
  }
}
