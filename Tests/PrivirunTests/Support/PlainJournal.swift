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
}
