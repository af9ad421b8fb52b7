import Events
import Foundation
import Operations

@testable import Journaling

/// A journal's bytes to be searched: its files, and what is compressed in them.
enum PlainJournal {
  static func forms(at path: String) throws -> Data {
    try JournalReader.open(at: path).forms().reduce(into: Data()) { bytes, form in
      bytes +=
        Deflate.expand(
          Array(form.dropFirst()), with: CommitForm.dictionary, atMost: CommitForm.largest) ?? []
    }
  }
}

extension SQLiteJournal {
  /// The journal at `path`, opened by this test.
  static func open(at path: String) throws(JournalError) -> SQLiteJournal {
    try open(
      at: path,
      as: OwnerIdentity(process: 1, host: "here", since: Moment(nanoseconds: 0)))
  }

  /// Records events of `run`, whose times say nothing; throws unless they were.
  func append(
    _ kinds: [RunEvent.Kind], to run: RunID,
    under claim: RunClaim = RunClaim(epoch: 0, head: .empty)
  ) async throws {
    let events = kinds.enumerated().map { number, kind in
      RunEvent(
        sequence: claim.head.count + number, at: Moment(nanoseconds: 1_800_000_000_000_000_000),
        kind: kind)
    }
    let part = JournalCommit.Part(
      run: run, expected: claim.head, epoch: claim.epoch, events: events)
    guard case .committed = await commit(JournalCommit([part])) else { throw CancellationError() }
  }
}
