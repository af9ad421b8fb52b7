import Events
import Expressions
import Foundation
import GRDB
import Journaling
import Operations
import Testing

/// A folder with a journal that holds schedules, and the program in it.
struct ScheduleFolder {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static func at(_ text: String) throws -> Moment {
    let stamp = try #require(Timestamp(rfc3339: text))
    return Moment(nanoseconds: stamp.seconds * 1_000_000_000 + Int64(stamp.nanoseconds))
  }

  /// The journal, opened by this process.
  func journal() throws -> SQLiteJournal {
    try SQLiteJournal.open(at: "\(folder.path)/.privirun/journal.sqlite")
  }

  /// Records a schedule that was first seen at the beginning of 2026, and everything is decided up to then.
  ///
  /// `change` changes the state before it is recorded, with ticks.
  func record(
    _ name: String, _ definition: String, ticks: [Tick] = [],
    _ change: (inout ScheduleState) throws -> Void = { _ in }
  ) async throws {
    var state = ScheduleState(
      name: name, definition: definition, file: "/srv/rollouts/\(name).yaml",
      firstSeen: try Self.at("2026-01-01T00:00:00Z"))
    try change(&state)
    let outcome = try await journal().commit(
      JournalCommit(LedgerChange(by: .person, to: state, ticks: ticks)))
    guard case .committed = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  /// Changes the file of the journal as somebody without its key may.
  func edit(_ sql: String) async throws {
    try await DatabaseQueue(path: "\(folder.path)/.privirun/journal.sqlite").write { database in
      try database.execute(sql: sql)
    }
  }

  func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  /// The output of a command that must succeed.
  func output(_ arguments: String...) async throws -> String {
    let ended = try await Program.run(arguments, in: folder.path)
    try #require(ended.status == 0, "\(ended.errors)")
    return ended.output
  }
}

extension String {
  /// The same with the times and the user of this machine named alike.
  var withoutMoments: String {
    replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/#, with: "TIME")
      .replacing(#/by [^ :\n]+/#, with: "by USER")
  }
}
