import Cryptography
import EventSamples
import Events
import Foundation
import GRDB
import Testing

@testable import Journaling

@Suite struct JournalOpeningTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/journal.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  private func place(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  @Test func `reading does not create a journal`() throws {
    #expect(throws: JournalError.missing(path: path)) { try JournalReader.open(at: path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func `an empty file becomes a journal`() throws {
    try place([])
    #expect(try JournalReader.open(at: path).runs(limit: 10) == [])
    try SQLiteJournal.open(at: path).append(SampleRun.events, run: SampleRun.run)
    #expect(try JournalReader.open(at: path).verify(SampleRun.run) == nil)
  }

  @Test func `a journal that is made at once has the tables of one that was brought up to date`()
    throws
  {
    let objects = { (database: Database) throws -> [Row] in
      try Row.fetchAll(
        database, sql: "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    }
    let migrations = { (database: Database) throws -> [String] in
      try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations ORDER BY 1")
    }
    let older = try DatabaseQueue()
    try JournalSchema.migrator.migrate(older)
    let made = try SQLiteJournal.open(at: path).file
    #expect(try made.read(objects) == older.read(objects))
    #expect(try made.read(migrations) == older.read(migrations))
    #expect(try made.read(JournalSchema.isForeign) == false)
  }

  @Test func `a journal whose making was interrupted is made whole`() throws {
    try DatabaseQueue(path: path).write {
      try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    }
    #expect(try JournalReader.open(at: path).runs(limit: 10) == [])
    try SQLiteJournal.open(at: path).append(SampleRun.events, run: SampleRun.run)
    #expect(try JournalReader.open(at: path).verify(SampleRun.run) == nil)
  }

  @Test func `a file that is no database is refused and left alone`() throws {
    let bytes = Array(String(repeating: "not a database\n", count: 300).utf8)
    try place(bytes)
    #expect(throws: JournalError.notADatabase(path: path)) { try SQLiteJournal.open(at: path) }
    #expect(throws: JournalError.notADatabase(path: path)) { try JournalReader.open(at: path) }
    #expect(FileManager.default.contents(atPath: path) == Data(bytes))
  }

  @Test func `another program's database is refused and left alone`() throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE other (id INTEGER)") }
    let before = FileManager.default.contents(atPath: path)
    #expect(throws: JournalError.notAJournal(path: path)) { try SQLiteJournal.open(at: path) }
    #expect(throws: JournalError.notAJournal(path: path)) { try JournalReader.open(at: path) }
    #expect(FileManager.default.contents(atPath: path) == before)
  }

  @Test func `a journal whose tables another process makes meanwhile is not refused`() throws {
    let (queue, path) = (try DatabaseQueue(path: path), path)
    let maker = try DatabaseQueue(path: path)
    try maker.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try queue.writeWithoutTransaction { database in
      database.trace(options: .profile) { statement in
        guard "\(statement)".contains("application_id") else { return }
        #expect(throws: Never.self) { try JournalSchema.migrator.migrate(maker) }
      }
      try JournalFile.refuseOthers(database, path)
    }
    #expect(try maker.read(JournalSchema.isEmpty) == false)
  }

  @Test func `a journal of a later program is refused`() throws {
    _ = try SQLiteJournal.open(at: path)
    try DatabaseQueue(path: path).write {
      try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('2 something')")
    }
    #expect(throws: JournalError.newerSchema(path: path)) { try SQLiteJournal.open(at: path) }
    #expect(throws: JournalError.newerSchema(path: path)) { try JournalReader.open(at: path) }
  }

  @Test func `a place that cannot be written is said`() throws {
    try place([])
    let below = path + "/journal.sqlite"
    #expect {
      try SQLiteJournal.open(at: below)
    } throws: { error in
      guard case .inaccessible(below, _) = error as? JournalError else { return false }
      return true
    }
    #expect {
      try SQLiteJournal.open(at: folder.path)
    } throws: { error in
      guard case .inaccessible(folder.path, _) = error as? JournalError else { return false }
      return true
    }
  }

  @Test func `a key is made once, and of many who make it all use one`() async throws {
    let file = KeyFile(beside: path)
    let ids = await withTaskGroup(of: [UInt8]?.self) { group in
      for _ in 0..<16 { group.addTask { try? file.loadOrCreate(random: .system).id } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(ids).count == 1)
    #expect(ids.first != .some(nil))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["journal.sqlite.key"])
  }

  @Test func `a key that is named is made there, and opens the journal from then on`() throws {
    let key = folder.path + "/keys/ci.key"
    try SQLiteJournal.open(at: path, key: key, as: .sample).append(
      SampleRun.events, run: SampleRun.run)
    #expect(!FileManager.default.fileExists(atPath: path + ".key"))
    let reader = try JournalReader.open(at: path, key: key)
    #expect(reader.keyPath == key)
    #expect(try reader.events(of: SampleRun.run, secrets: .unsealed) == SampleRun.events)
    #expect(reader.keyProblem(of: SampleRun.run) == nil)
    let other = try JournalReader.open(at: path)
    #expect(other.keyProblem(of: SampleRun.run) == .missingKey(path: path + ".key"))
    #expect(throws: JournalError.missingKey(path: path + ".key")) {
      try SQLiteJournal.open(at: path)
    }
  }

  @Test(arguments: ["", "\n", "\r\n"])
  func `a key may be written in hex, as secret stores keep it`(end: String) throws {
    let key = path + ".key"
    let text = String(repeating: "0123456789abcdef", count: 4)
    try Data((text + end).utf8).write(to: URL(filePath: key))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    let bytes = (0..<4).flatMap { _ in [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef] as [UInt8] }
    #expect(try KeyFile(beside: path).load().id == (try #require(try JournalKey(bytes))).id)
  }

  @Test(arguments: [
    (Array(String(repeating: "0g", count: 32).utf8), 0o600),
    (Array(String(repeating: "00", count: 33).utf8), 0o600),
    (Array((String(repeating: "00", count: 32) + "\n\n").utf8), 0o600),
    ([UInt8](repeating: 1, count: 31), 0o600), ([UInt8](repeating: 1, count: 33), 0o600),
    ([], 0o600), ([UInt8](repeating: 1, count: 32), 0o644),
  ])
  func `a key of the wrong size or open to others is refused`(bytes: [UInt8], mode: Int) throws {
    let key = path + ".key"
    try Data(bytes).write(to: URL(filePath: key))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
    #expect {
      try SQLiteJournal.open(at: path)
    } throws: { error in
      guard case .unusableKey(key, _) = error as? JournalError else { return false }
      return true
    }
  }

  @Test func `a journal with sealed secrets does not do without its key`() throws {
    try SQLiteJournal.open(at: path).append(SampleRun.events, run: SampleRun.run)
    try FileManager.default.removeItem(atPath: path + ".key")
    #expect(throws: JournalError.missingKey(path: path + ".key")) {
      try SQLiteJournal.open(at: path)
    }
    #expect(!FileManager.default.fileExists(atPath: path + ".key"))
    #expect(try JournalReader.open(at: path).runs(limit: 10).count == 1)
  }

  @Test func `a journal without secrets gets a new key and says so`() throws {
    let first = try SQLiteJournal.open(at: path)
    #expect(!first.hasNewKey)
    var events = SampleRun.later.prefix(1).map(\.self)
    events[0].sequence = 0
    try first.append(events, run: SampleRun.run)
    try FileManager.default.removeItem(atPath: path + ".key")
    #expect(try SQLiteJournal.open(at: path).hasNewKey)
    #expect(try !SQLiteJournal.open(at: path).hasNewKey)
  }

  @Test func `a key is not printed`() throws {
    let key = try #require(try JournalKey([UInt8](repeating: 0xAB, count: 32)))
    #expect("\(key) \(String(reflecting: key))".contains("abab") == false)
  }
}
