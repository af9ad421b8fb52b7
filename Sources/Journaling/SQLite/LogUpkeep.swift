import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Moves what a long write-ahead log holds into the database, beside the commits.
///
/// Left alone, SQLite does that within a commit, which then takes as long as many others. Here another connection
/// moves most of it meanwhile, and the one that writes the little that came since. After that the log begins
/// anew over its old pages, which syncs faster than a file that grows.
final class LogUpkeep: Sendable {
  /// The length in pages from which a log is moved, 4 MiB.
  static let usualLength: CInt = 1000
  /// The length from which it is moved within a commit, since it grows faster than it is moved: 32 MiB.
  static let largestLength: CInt = 8000

  private struct State: Sendable {
    weak var writer: DatabaseQueue?
    var isMoving = false
  }

  private let location: String
  private let state = Mutex(State())

  /// Cares for the log of the database at `path`, which may be relative to the folder that is current now.
  init(of path: String) {
    location = JournalName.existing(JournalName.target(of: path))
  }

  /// Learns of each commit that `database` makes; this must live as long as that is open.
  func watch(_ database: Database) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    // Takes the place of SQLite's own (https://www.sqlite.org/c3ref/wal_hook.html).
    sqlite3_wal_hook(
      database.sqliteConnection,
      { context, connection, name, length in
        guard let context else { return SQLITE_OK }
        let upkeep = Unmanaged<LogUpkeep>.fromOpaque(context).takeUnretainedValue()
        if length >= LogUpkeep.largestLength {
          sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        } else if length >= LogUpkeep.usualLength {
          upkeep.move()
        }
        return SQLITE_OK
      }, context)
  }

  /// Moves what is left on the connection of `writer`.
  func finish(on writer: DatabaseQueue) { state.withLock { $0.writer = writer } }

  /// Begins to move the log, unless that is going on.
  ///
  /// What fails is tried again after a later commit.
  private func move() {
    let isFirst = state.withLock { state in
      defer { state.isMoving = true }
      return !state.isMoving
    }
    guard isFirst else { return }
    DispatchQueue.global(qos: .utility).async { [self] in
      moveBeside()
      guard let writer = state.withLock({ $0.writer }) else { return ended() }
      writer.asyncWriteWithoutTransaction { [self] database in
        _ = try? database.checkpoint(.passive)
        ended()
      }
    }
  }

  /// On a connection that is open no longer than that: the last one to be closed takes the log away, and that
  /// is to be the writer's.
  private func moveBeside() {
    guard let mover = try? DatabaseQueue(path: location, configuration: Self.configuration) else {
      return
    }
    _ = try? mover.writeWithoutTransaction { database in try database.checkpoint(.passive) }
    try? mover.close()
  }

  private func ended() { state.withLock { $0.isMoving = false } }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "journal log"
    configuration.busyMode = .immediateError
    return configuration
  }
}
