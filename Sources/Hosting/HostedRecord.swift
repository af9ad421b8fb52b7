package import Events
package import Journaling

/// What a record that is no run's is to hold next.
///
/// It is recorded in the order in which a host receives it and its runs' inputs: after every run that was
/// started before it, and in the same commit as the first of those that are started after it, or an
/// earlier one.
package struct RecordEntry: Sendable {
  /// The rollout whose record it is.
  package var record: RunID
  /// At least one, in sequence.
  package var events: [RunEvent]
  /// The requests that the events answer.
  package var handled: [PostedRequest.Number]
  /// The texts that the record refers to.
  package var texts: [StoredText]
  /// How many tenants failed without a run: they count in the group of the rollout.
  package var failures: Int
  /// What is decided about a schedule, in the commit with the first of the events.
  package var ledger: [LedgerChange] = []
  /// Notifications that follow from the events.
  package var notices: [StoredNotice] = []

  /// The next `events` of `record`.
  package init(
    _ record: RunID, _ events: [RunEvent], handled: [PostedRequest.Number] = [],
    texts: [StoredText] = [], failures: Int = 0
  ) {
    self.record = record
    self.events = events
    self.handled = handled
    self.texts = texts
    self.failures = failures
  }
}

/// The records that a host keeps besides those of its runs.
struct HostedRecords: Sendable {
  struct Record: Sendable {
    let epoch: Int
    var head: JournalHead
    /// The latest request that was handed over; a page may hold it again.
    var latestRequest: PostedRequest.Number?
    /// It is kept until everything that came for it is recorded.
    var isClosing = false
  }

  private var records: [RunID: Record] = [:]
  /// The groups whose records are not kept any more, although runs of them may still come.
  private var lost: Set<RunGroupID> = []

  var isEmpty: Bool { records.isEmpty }
  var ids: [RunID] { records.keys.sorted() }

  subscript(id: RunID) -> Record? { records[id] }

  /// No run of the group may begin, since its record is not kept any more.
  func hasLost(_ group: RunGroupID?) -> Bool { group.map(lost.contains) ?? false }

  mutating func noteLoss(of id: RunID) { lost.insert(RunGroupID(id)) }

  mutating func open(_ id: RunID, _ claim: RunClaim) {
    lost.remove(RunGroupID(id))
    records[id] = Record(epoch: claim.epoch, head: claim.head)
  }

  /// Whether the record was there.
  mutating func close(_ id: RunID) -> Bool { records.removeValue(forKey: id) != nil }

  mutating func startClosing(_ id: RunID) { records[id]?.isClosing = true }

  /// The records that are kept only until everything that came for them is recorded.
  var closing: [RunID] { records.filter(\.value.isClosing).keys.sorted() }

  mutating func setHead(_ head: JournalHead, of id: RunID) { records[id]?.head = head }

  /// Whether the request is for one of the records, and new.
  mutating func takes(_ posted: PostedRequest) -> Bool {
    guard let record = records[posted.request.run],
      record.latestRequest.map({ $0.value < posted.number.value }) ?? true
    else { return false }
    records[posted.request.run]?.latestRequest = posted.number
    return true
  }
}
