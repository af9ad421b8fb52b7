import GRDB
import Synchronization

/// Performs writes in the order they came: those that come while others are being written are performed
/// together after them, in one transaction and one sync, so that many writers share it.
///
/// Each has a savepoint, so that one that is refused or fails takes nothing else with it. Where SQLite rolls the
/// transaction back, since the disk fails, or it cannot be committed, all of them fail.
final class GroupedWrites: Sendable {
  /// Who writes.
  enum Writer: Sendable {
    /// The owner that this process is; it is registered first.
    case owner
    /// Anybody who has the journal open.
    case anyone
  }

  /// So many writes at most share a transaction, so that other processes get their turn.
  private static let mostAtOnce = 256

  private struct Waiting: Sendable {
    var writes: [GroupedWrite] = []
    /// Whether somebody is on the way to perform them.
    var isScheduled = false
  }

  private let file: JournalFile
  private let ownership: Ownership
  private let waiting = Mutex(Waiting())

  init(to file: JournalFile, as ownership: Ownership) {
    self.file = file
    self.ownership = ownership
  }

  /// How many writes wait for their turn.
  var waitingCount: Int { waiting.withLock { $0.writes.count } }

  /// Performs `body` in a transaction, and returns once it is durable.
  ///
  /// Cancellation does not stop it. Throws what `body` throws, `JournalError` for errors of the database.
  func perform<Result: Sendable>(
    as writer: Writer, _ body: @escaping @Sendable (Database) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      begin(as: writer, body) { continuation.resume(with: $0) }
    }
  }

  /// The same without waiting: calls `end` once it is durable, or has failed.
  func begin<Result: Sendable>(
    as writer: Writer, _ body: @escaping @Sendable (Database) throws -> Result,
    end: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
  ) {
    add(GroupedWrite(as: writer, body, end: end))
  }

  /// The same for several writes that come at once, on the caller's thread, which waits for the disk.
  func performWaiting<Result: Sendable>(
    as writer: Writer, _ bodies: [@Sendable (Database) throws -> Result]
  ) -> [Swift.Result<Result, any Error>] {
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let writes = bodies.enumerated().map { index, body in
      GroupedWrite(as: writer, body) { result in results.withLock { $0[index] = result } }
    }
    do throws(JournalError) {
      try file.write { database in perform(writes, in: database) }
    } catch {
      return bodies.map { _ in .failure(error) }
    }
    return results.withLock { results in results.sorted { $0.key < $1.key }.map(\.value) }
  }

  private func add(_ write: GroupedWrite) {
    let isFirst = waiting.withLock { waiting in
      waiting.writes.append(write)
      defer { waiting.isScheduled = true }
      return !waiting.isScheduled
    }
    if isFirst { schedule() }
  }

  private func schedule() {
    file.runInBackground { [self] database in
      perform(take(), in: database)
      let hasMore = waiting.withLock { waiting in
        waiting.isScheduled = !waiting.writes.isEmpty
        return waiting.isScheduled
      }
      if hasMore { schedule() }
    }
  }

  private func take() -> [GroupedWrite] {
    waiting.withLock { waiting in
      let taken = Array(waiting.writes.prefix(Self.mostAtOnce))
      waiting.writes.removeFirst(taken.count)
      return taken
    }
  }
}

/// Performing.
extension GroupedWrites {
  private func perform(_ writes: [GroupedWrite], in database: Database) {
    var attempts: [GroupedWrite.Attempt] = []
    var isNewOwner = false
    do throws(JournalError) {
      try file.withJournalErrors {
        try file.inTransaction(database) { database in
          if writes.contains(where: { $0.writer == .owner }) {
            isNewOwner = try ownership.register(in: database)
          }
          for write in writes {
            attempts.append(try attempt(write, isAlone: writes.count == 1, in: database))
          }
          return attempts.contains(where: \.hasWritten) ? .commit : .rollback
        }
      }
    } catch {
      if isNewOwner { ownership.forget() }
      for write in writes { write.fail(error) }
      return
    }
    if isNewOwner, !attempts.contains(where: \.hasWritten) { ownership.forget() }
    for attempt in attempts { attempt.end() }
  }

  /// Performs a write; throws only what all of them fail with.
  private func attempt(
    _ write: GroupedWrite, isAlone: Bool, in database: Database
  ) throws -> GroupedWrite.Attempt {
    if !isAlone { try database.cachedStatement(sql: "SAVEPOINT write").execute() }
    do {
      let end = try write.perform(database)
      if !isAlone { try database.cachedStatement(sql: "RELEASE write").execute() }
      return GroupedWrite.Attempt(hasWritten: true, end: end)
    } catch {
      // SQLite rolls everything back when the disk fails.
      guard database.isInsideTransaction else { throw error }
      if !isAlone {
        try database.cachedStatement(sql: "ROLLBACK TO write").execute()
        try database.cachedStatement(sql: "RELEASE write").execute()
      }
      let path = file.path
      return GroupedWrite.Attempt(hasWritten: false) {
        write.fail(error is CommitRefusal ? error : JournalError(error, path: path))
      }
    }
  }
}

/// A write that shares a transaction with others.
struct GroupedWrite: Sendable {
  /// What a write did, before the transaction is durable.
  struct Attempt: Sendable {
    /// No for one that was refused or failed, of which nothing is left.
    let hasWritten: Bool
    /// Hands its outcome over, once the transaction is durable.
    let end: @Sendable () -> Void
  }

  let writer: GroupedWrites.Writer
  /// Performs it, and returns what hands its result over.
  let perform: @Sendable (Database) throws -> @Sendable () -> Void
  /// Hands an error over.
  let fail: @Sendable (any Error) -> Void

  init<Result: Sendable>(
    as writer: GroupedWrites.Writer, _ body: @escaping @Sendable (Database) throws -> Result,
    end: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
  ) {
    self.writer = writer
    perform = { database in
      let result = try body(database)
      return { end(.success(result)) }
    }
    fail = { end(.failure($0)) }
  }
}
