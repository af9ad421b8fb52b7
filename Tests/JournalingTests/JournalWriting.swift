import EventSamples
import Events
import Operations

@testable import Journaling

extension OwnerIdentity {
  static let sample = OwnerIdentity(process: 4711, host: "build-3", since: SampleRun.beginning)
}

extension SQLiteJournal {
  /// The journal at `path`, opened by a process of its own.
  static func open(at path: String) throws(JournalError) -> SQLiteJournal {
    try open(at: path, as: .sample)
  }

  /// Records `events` as the next of `run` in one commit; throws why it could not.
  func append(
    _ events: [RunEvent], run: RunID, epoch: Int = 0, texts: [StoredText] = []
  ) throws {
    let expected = try reader.head(of: run) ?? .empty
    let part = JournalCommit.Part(run: run, expected: expected, epoch: epoch, events: events)
    switch commitWaiting(JournalCommit([part], texts: texts)) {
    case .committed: break
    case .conflict(let error), .unknown(let error): throw error
    case .fenced(let run, let owner): throw JournalError.owned(run: run, by: owner)
    case .blocked(let run, let other): throw JournalError.blocked(run: run, by: other)
    }
  }

  /// What is stored of each commit before it is compressed.
  func plainForms() throws(JournalError) -> [[UInt8]] {
    try reader.forms().compactMap { form in
      Deflate.expand(
        Array(form.dropFirst()), with: CommitForm.dictionary, atMost: CommitForm.largest)
    }
  }
}

extension JournalReader {
  /// How far `run` is recorded; nil when it is not.
  func head(of run: RunID) throws(JournalError) -> JournalHead? {
    try row(of: run).map { JournalHead(count: $0.summary.eventCount, digest: $0.head) }
  }
}

extension JournalReader {
  /// The first flaw in the record of `run`.
  func verify(_ run: RunID) throws(JournalError) -> ChainFlaw? {
    try record(of: run).flaws.first
  }
}
