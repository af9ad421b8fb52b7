import GRDB
import GRDBSQLite

/// A statement that is performed again and again, its values handed to SQLite as they are.
///
/// For a statement of a few values, GRDB's arguments cost a third of what SQLite does with them.
struct BoundStatement {
  /// SQLite makes a copy of what is bound.
  private static let copied = unsafeBitCast(
    OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)

  /// Keeps the statement that `pointer` is.
  private let statement: Statement
  private let pointer: OpaquePointer
  private var index: Int32 = 0
  /// Of the first value that could not be bound.
  private var flaw = SQLITE_OK

  /// The statement that `database` keeps for `sql`, without values.
  init(_ sql: String, in database: Database) throws {
    statement = try database.cachedStatement(sql: sql)
    pointer = statement.sqliteStatement
    // What is returned is the error of the last time.
    sqlite3_reset(pointer)
  }

  /// Binds the next value.
  mutating func bind(_ number: Int64) {
    index += 1
    note(sqlite3_bind_int64(pointer, index, number))
  }

  /// Binds the next value.
  mutating func bind(_ bytes: [UInt8]) {
    index += 1
    let code = bytes.withUnsafeBytes { bytes in
      sqlite3_bind_blob64(
        pointer, index, bytes.baseAddress, UInt64(bytes.count), Self.copied)
    }
    note(code)
  }

  /// Binds the next value.
  mutating func bind(_ text: String) {
    index += 1
    var text = text
    let code = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        sqlite3_bind_text64(
          pointer, index, bytes.baseAddress, UInt64(bytes.count), Self.copied,
          UInt8(SQLITE_UTF8))
      }
    }
    note(code)
  }

  private mutating func note(_ code: Int32) { if flaw == SQLITE_OK { flaw = code } }

  /// Performs the statement, which returns no rows, and forgets its values; returns how many rows it changed.
  ///
  /// Throws the error of a value that could not be bound before anything is changed, and that of the statement.
  @discardableResult mutating func perform(in database: Database) throws -> Int {
    defer {
      (index, flaw) = (0, SQLITE_OK)
      sqlite3_reset(pointer)
      sqlite3_clear_bindings(pointer)
    }
    guard flaw == SQLITE_OK else {
      throw DatabaseError(resultCode: ResultCode(rawValue: flaw), sql: statement.sql)
    }
    guard sqlite3_step(pointer) == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: database.lastErrorCode, message: database.lastErrorMessage,
        sql: statement.sql)
    }
    return database.changesCount
  }
}
