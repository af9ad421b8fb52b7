import FoundationEssentials
import GRDB

/// The journal's database file, opened, with its errors in the journal's words.
struct JournalFile: Sendable {
  /// How long to wait for another process that holds the file, in seconds.
  private static let patience = 5.0

  let path: String
  private let queue: DatabaseQueue

  /// Opens the file for reading only; throws `missing` when there is none, and makes none.
  static func open(forReadingAt path: String) throws(JournalError) -> JournalFile {
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    var configuration = configuration(path)
    configuration.readonly = true
    configuration.prepareDatabase { database in try refuseOthers(database, path) }
    return try open(path, configuration)
  }

  /// Opens the file for reading and writing, made with its folders when missing, and brings its
  /// tables up to date.
  ///
  /// Of several processes that do so at once, one makes the tables and the others find them.
  static func open(forWritingAt path: String) throws(JournalError) -> JournalFile {
    try PrivateFile.create(at: path)
    return try FolderLock.withLock(
      of: PrivateFile.folder(of: path), for: path, patience: .seconds(patience)
    ) { () throws(JournalError) in
      try openCurrent(path)
    }
  }

  private static func openCurrent(_ path: String) throws(JournalError) -> JournalFile {
    var configuration = configuration(path)
    configuration.prepareDatabase { database in
      try refuseOthers(database, path)
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    }
    let file = try open(path, configuration)
    try file.withJournalErrors { try JournalSchema.migrator.migrate(file.queue) }
    return file
  }

  /// Reads, at one point in time.
  func read<Result>(_ body: (Database) throws -> Result) throws(JournalError) -> Result {
    try withJournalErrors { try queue.read(body) }
  }

  /// Writes in one transaction that is on the disk when this returns.
  func write(_ body: (Database) throws -> Void) throws(JournalError) {
    try withJournalErrors { try queue.writeWithoutTransaction { try Self.commit($0, body) } }
  }

  /// Writes like `write`, on the database's own thread.
  ///
  /// Cancellation does not stop it.
  func writeInBackground(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
    try await withCheckedThrowingContinuation { continuation in
      queue.asyncWriteWithoutTransaction { database in
        continuation.resume(
          with: Result { try withJournalErrors { try Self.commit(database, body) } })
      }
    }
  }

  private static func commit(_ database: Database, _ body: (Database) throws -> Void) throws {
    try database.inTransaction(.immediate) {
      try body(database)
      return .commit
    }
  }

  private static func configuration(_ path: String) -> Configuration {
    var configuration = Configuration()
    configuration.label = "journal"
    configuration.busyMode = .timeout(patience)
    return configuration
  }

  private static func open(
    _ path: String, _ configuration: Configuration
  ) throws(JournalError) -> JournalFile {
    do {
      return JournalFile(
        path: path, queue: try DatabaseQueue(path: path, configuration: configuration))
    } catch {
      throw JournalError(error, path: path)
    }
  }

  private static func refuseOthers(_ database: Database, _ path: String) throws {
    if try JournalSchema.isForeign(database) { throw JournalError.notAJournal(path: path) }
    if try JournalSchema.migrator.hasBeenSuperseded(database) {
      throw JournalError.newerSchema(path: path)
    }
  }

  private func withJournalErrors<Result>(
    _ body: () throws -> Result
  ) throws(JournalError) -> Result {
    do {
      return try body()
    } catch {
      throw JournalError(error, path: path)
    }
  }
}

extension JournalError {
  /// Translates a SQLite error into the journal's words (https://www.sqlite.org/rescode.html).
  init(_ error: any Error, path: String) {
    if let error = error as? JournalError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self = .inaccessible(path: path, reason: "\(error)")
      return
    }
    let reason = error.message ?? "SQLite says \(error.resultCode.rawValue)"
    self =
      switch error.resultCode {
      case .SQLITE_NOTADB: .notADatabase(path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path)
      case .SQLITE_CORRUPT, .SQLITE_IOERR: .damaged(path: path, reason: reason)
      case .SQLITE_FULL: .inaccessible(path: path, reason: "the disk is full")
      case .SQLITE_READONLY: .inaccessible(path: path, reason: "it may only be read")
      case _: .inaccessible(path: path, reason: reason)
      }
  }
}
