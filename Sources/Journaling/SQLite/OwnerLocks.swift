import Files

/// The locks of the processes that drive runs: a byte each of the file `<journal>.lock`.
///
/// The operating system frees a lock when its process ends, however that is. A lock that is free means
/// that its owner is dead, and nothing else does.
final class OwnerLocks: Sendable {
  private let path: String
  private let locks: ByteLocks

  /// Opens the file beside the journal at `journal`, and makes it when it is missing.
  init(beside journal: String) throws(JournalError) {
    let path = Self.path(beside: journal)
    try PrivateFile.create(at: path)
    self.path = path
    locks = try Self.journaled(path) { () throws(FileError) in try ByteLocks(of: path) }
  }

  /// Takes the lock of owner `number` until this value is gone.
  func take(_ number: Int64) throws(JournalError) {
    try Self.journaled(path) { () throws(FileError) in try locks.take(number) }
  }

  /// Gives up the lock of owner `number`.
  func release(_ number: Int64) throws(JournalError) {
    try Self.journaled(path) { () throws(FileError) in try locks.release(number) }
  }

  /// Whether another process, or another journal of this one, holds the lock of owner `number`.
  func isHeld(_ number: Int64) throws(JournalError) -> Bool {
    try Self.journaled(path) { () throws(FileError) in try locks.isHeld(number) }
  }

  /// The same for who only reads the journal; false where there are no locks.
  static func isHeld(_ number: Int64, beside journal: String) throws(JournalError) -> Bool {
    let path = path(beside: journal)
    return try journaled(path) { () throws(FileError) in try ByteLocks.isHeld(number, of: path) }
  }

  /// Whether any owner lives, for who only reads the journal; false where there are no locks.
  static func isAnyHeld(beside journal: String) throws(JournalError) -> Bool {
    let path = path(beside: journal)
    return try journaled(path) { () throws(FileError) in try ByteLocks.isAnyHeld(of: path) }
  }

  private static func path(beside journal: String) -> String { "\(journal).lock" }

  /// Runs `body` with its errors in the journal's words.
  private static func journaled<Result>(
    _ path: String, _ body: () throws(FileError) -> Result
  ) throws(JournalError) -> Result {
    do throws(FileError) {
      return try body()
    } catch {
      throw .inaccessible(path: path, reason: error.cause)
    }
  }
}
