import Files
import FoundationEssentials
import GRDB

/// The journal's database file, opened, with its errors in the journal's words.
struct JournalFile: Sendable {
  /// How long to wait for another process that holds the file, in seconds.
  private static let patience = 5.0

  /// How long to wait for another process that opens a journal of the folder.
  static let folderPatience = Duration.seconds(patience)

  let path: String
  private let queue: DatabaseQueue
  /// Where the journal's key is.
  private(set) var keyFile: KeyFile
  /// The id of the key that everything is recorded under; nil for a journal that no run is recorded in.
  var recordingKey: [UInt8]?
  /// The version in which that was the key, when it was looked at last.
  private let keyVersion = DataVersion()
  /// The files that must still be there at each commit; nil for a journal that is only read.
  var identity: JournalIdentity?
  /// What had been lost at its end when it was opened; nil when nothing had.
  private(set) var tornTail: TornTail?

  /// Opens the file for reading only; throws `missing` when there is none, and makes none.
  ///
  /// SQLite needs to write beside a journal even to read it. Where it may not, the file is read as it
  /// is when no write-ahead log belongs to it, and a private copy of both otherwise.
  static func open(
    forReadingAt path: String, key: String? = nil
  ) throws(JournalError) -> JournalFile {
    try JournalName.check(path)
    do throws(FileError) {
      if let problem = try FileStatus(of: path).problem { throw FileError(path, problem) }
    } catch {
      throw error.isMissing ? .missing(path: path) : .inaccessible(path: path, reason: error.cause)
    }
    let tornTail = TornTail.find(atEndOf: path)
    var file = try open(forReadingAt: path, keeping: tornTail)
    file.tornTail = tornTail
    file.keyFile = KeyFile(key, beside: path)
    return file
  }

  /// SQLite makes the index anew when it opens a log: where that shows that commits are lost, a look
  /// leaves it as it is, so that whoever would continue a run sees it, too.
  private static func open(
    forReadingAt path: String, keeping tornTail: TornTail?
  ) throws(JournalError) -> JournalFile {
    guard !(tornTail?.lacksCommits ?? false) else { return try openWhereNothingIsWritten(path) }
    do throws(JournalError) {
      return try open(forReadingAt: path, from: path)
    } catch .unwritable {
      return try openWhereNothingIsWritten(path)
    }
  }

  private static func openWhereNothingIsWritten(_ path: String) throws(JournalError) -> JournalFile
  {
    do throws(FileError) {
      _ = try OpenFile.reading(path)
    } catch {
      throw .inaccessible(path: path, reason: error.cause)
    }
    guard hasLog(path) else {
      return try open(forReadingAt: path, from: JournalName.immutable(path))
    }
    let copy = try JournalCopy(of: path)
    defer { copy.remove() }
    // Opening reads: from then on SQLite holds all files of the copy.
    return try open(path, at: copy.path, readingConfiguration(path))
  }

  private static func open(
    forReadingAt path: String, from location: String
  ) throws(JournalError) -> JournalFile {
    var configuration = readingConfiguration(path)
    configuration.readonly = true
    return try open(path, at: location, configuration)
  }

  private static func readingConfiguration(_ path: String) -> Configuration {
    var configuration = configuration(path)
    configuration.prepareDatabase { database in try refuseOthers(database, path) }
    return configuration
  }

  /// Opens the file for reading, without making one beside it and without a wait for who holds it.
  ///
  /// A log without its index, which a process left that was killed, is not looked into: that would make the
  /// index anew.
  static func open(forGlanceAt path: String) throws(JournalError) -> JournalFile {
    try JournalName.check(path)
    do throws(FileError) {
      if let problem = try FileStatus(of: path).problem { throw FileError(path, problem) }
    } catch {
      throw error.isMissing ? .missing(path: path) : .inaccessible(path: path, reason: error.cause)
    }
    guard hasLog(path) else {
      return try open(forReadingAt: path, from: JournalName.immutable(path))
    }
    guard FileStatus.exists(JournalName.index(of: path)) else {
      throw .inaccessible(path: path, reason: "its log has no index")
    }
    var configuration = readingConfiguration(path)
    configuration.readonly = true
    configuration.busyMode = .immediateError
    return try open(path, at: path, configuration)
  }

  /// Whether a write-ahead log with something in it belongs to the journal.
  private static func hasLog(_ path: String) -> Bool {
    ((try? FileStatus(of: JournalName.log(of: path)))?.size ?? 0) > 0
  }

  /// Opens the file for reading and writing, made with its folders when missing, and brings its
  /// tables up to date.
  ///
  /// Of several processes that do so at once, one makes the tables and the others find them.
  static func open(
    forWritingAt path: String, key: String? = nil, isMaintained: Bool = false
  ) throws(JournalError) -> JournalFile {
    try JournalName.check(path)
    try PrivateFile.create(at: path)
    return try FolderLock.withLock(
      of: UserPath.folder(of: path), for: path, patience: folderPatience
    ) { () throws(JournalError) in
      var file = try openCurrent(path, isMaintained: isMaintained)
      file.keyFile = KeyFile(key, beside: path)
      // A rotation of the key ended before the new one had its place.
      if try file.settledNext() != nil { try file.keyFile.next.replace(file.keyFile) }
      return file
    }
  }

  private static func openCurrent(
    _ path: String, isMaintained: Bool
  ) throws(JournalError) -> JournalFile {
    let isNew = (try? FileStatus(of: path))?.size == 0
    let upkeep = LogUpkeep(of: path)
    var configuration = configuration(path)
    configuration.prepareDatabase { database in
      try refuseOthers(database, path)
      // What a savepoint changes is kept in memory until it is released, and in no file elsewhere.
      try database.execute(
        sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")
      // Maintenance ends with a log that is moved whole: nobody may be at it then.
      if !isMaintained { upkeep.watch(database) }
    }
    let tornTail = TornTail.find(atEndOf: path)
    var file = try open(path, at: path, configuration)
    upkeep.finish(on: file.queue)
    if tornTail != nil { try file.clearLog() }
    file.tornTail = tornTail
    try file.withJournalErrors {
      if isNew, try file.queue.writeWithoutTransaction(JournalSchema.make) { return }
      guard try !file.queue.read(JournalSchema.isCurrent) else { return }
      try JournalSchema.migrator.migrate(file.queue)
    }
    return file
  }

  /// Another connection to the file that is open, for reading only.
  ///
  /// No file of the journal is looked at besides: to close one would end the locks of this process.
  func reopened() throws(JournalError) -> JournalFile {
    var configuration = Self.readingConfiguration(path)
    configuration.readonly = true
    var file = try Self.open(path, at: path, configuration)
    file.keyFile = keyFile
    return file
  }

  /// Copies everything, as it is at one point in time, into the database that `target` has open.
  func copy(into target: DatabaseQueue) throws(JournalError) {
    try withJournalErrors { try queue.backup(to: target) }
  }

  /// Moves what is whole of the log into the database, so that what is torn is reported once.
  ///
  /// While another process reads, the log stays as it is.
  private func clearLog() throws(JournalError) {
    do throws(JournalError) {
      try write { database in _ = try database.checkpoint(.truncate) }
    } catch .locked {
      return
    }
  }

  /// Reads, at one point in time.
  func read<Result>(_ body: (Database) throws -> Result) throws(JournalError) -> Result {
    try withJournalErrors { try queue.read(body) }
  }

  /// Gives `body` the connection for writing; its transactions are on the disk when this returns.
  func write<Result>(_ body: (Database) throws -> Result) throws(JournalError) -> Result {
    try withJournalErrors { try queue.writeWithoutTransaction(body) }
  }

  /// Gives `body` the connection for writing, on the database's own thread, after all that came before.
  func runInBackground(_ body: @escaping @Sendable (Database) -> Void) {
    queue.asyncWriteWithoutTransaction(body)
  }

  /// Reads on the database's own thread, at one point in time unless `body` makes several statements.
  ///
  /// Cancellation does not stop it.
  func readInBackground<Result: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      runInBackground { database in
        continuation.resume(with: Swift.Result { try withJournalErrors { try body(database) } })
      }
    }
  }

  /// Throws when everything is recorded under another key by now, which only another connection makes so.
  private func checkKey(in database: Database) throws {
    guard let recordingKey, !keyVersion.isKnown(to: database),
      let current = try CurrentKey.id(in: database), current != recordingKey
    else { return }
    throw identity?.isIntact ?? true
      ? JournalError.otherKey(path: keyFile.path) : .replaced(path: path)
  }

  /// Commits what `body` does, unless the file is not the journal any more.
  func inTransaction(
    _ database: Database, _ body: (Database) throws -> Database.TransactionCompletion
  ) throws {
    try database.inTransaction(.immediate) {
      try checkKey(in: database)
      let completion = try body(database)
      guard identity?.isIntact ?? true else { throw JournalError.replaced(path: path) }
      return completion
    }
    // The key was the right one, and no transaction of those who record under one changes it.
    if recordingKey != nil { keyVersion.note(database) }
  }

  private static func configuration(_ path: String) -> Configuration {
    var configuration = Configuration()
    configuration.label = "journal"
    configuration.busyMode = .timeout(patience)
    return configuration
  }

  private static func open(
    _ path: String, at location: String, _ configuration: Configuration
  ) throws(JournalError) -> JournalFile {
    do {
      return JournalFile(
        path: path, queue: try DatabaseQueue(path: location, configuration: configuration),
        keyFile: KeyFile(beside: path))
    } catch {
      throw JournalError(error, path: path)
    }
  }

  /// Throws when the file belongs to another program, or to a newer one.
  ///
  /// All is looked at as it is at one point in time: another process may be making the tables meanwhile.
  static func refuseOthers(_ database: Database, _ path: String) throws {
    try database.inTransaction(.deferred) {
      if try JournalSchema.isForeign(database) { throw JournalError.notAJournal(path: path) }
      if try JournalSchema.isNewer(database) {
        throw JournalError.newerSchema(path: path)
      }
      return .commit
    }
  }

  /// Runs `body` with its errors in the journal's words.
  func withJournalErrors<Result>(
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
  /// Runs `body`, all of whose errors are already in the journal's words.
  static func translating<Result>(
    _ body: () async throws -> Result
  ) async throws(JournalError) -> Result {
    do {
      return try await body()
    } catch {
      throw JournalError(error, path: "")
    }
  }

  /// Translates a SQLite error into the journal's words (https://www.sqlite.org/rescode.html).
  init(_ error: any Error, path: String) {
    if let error = error as? JournalError {
      self = error
      return
    }
    if error is RowDecodingError {
      self = .damaged(path: path, reason: "a value of another type than its column's")
      return
    }
    guard let error = error as? DatabaseError else {
      self = .inaccessible(path: path, reason: "\(error)")
      return
    }
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    self =
      switch error.resultCode {
      case .SQLITE_NOTADB: .notADatabase(path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path)
      case .SQLITE_CORRUPT: .damaged(path: path, reason: reason)
      case .SQLITE_IOERR where FileSizeLimit.isReached(at: path):
        .noSpace(path: path, reason: "it would exceed the file-size limit (`ulimit -f`)")
      case .SQLITE_IOERR: .failingDisk(path: path, reason: "the disk reports an error (\(reason))")
      case .SQLITE_FULL: .noSpace(path: path, reason: "the disk is full")
      case .SQLITE_READONLY: .unwritable(path: path, reason: "it is read-only")
      case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
        .unwritable(path: path, reason: "permission is denied, or its folder cannot be written")
      case _: .inaccessible(path: path, reason: reason)
      }
  }
}
