import Events
import Journaling
import Machine
import Operations

/// What is being recorded, and what comes after it.
struct CommitPipeline: Sendable {
  var pending = PendingCommit()
  /// The commit on its way.
  var current: PendingCommit?
  /// How often in a row another process held the journal too long.
  var failedTries = 0
  /// Nothing can be recorded any more.
  var hasFailed = false
}

/// How far the requests of other processes are read.
struct RequestReading: Sendable {
  var cursor = JournalCursor.start
  /// When they are read next; nil while no run is driven.
  var nextRead: Moment?
  var isReading = false
  /// Runs that begin with the next page of requests, which was asked for after they came.
  var beginning: [RunID] = []
  /// Runs that begin with the page after that.
  var arriving: [RunID] = []
}

/// What is to be recorded next, and what the runs do then.
struct PendingCommit: Sendable {
  /// By run, in the order they came.
  private(set) var runs: [RunID] = []
  private(set) var parts: [RunID: [RunAction]] = [:]
  private(set) var eventCount = 0
  /// The requests that are handled, by their runs.
  var handled: [RunID: [PostedRequest.Number]] = [:]
  var texts: [StoredText] = []
  /// What is decided about schedules, by the rollouts that they start.
  var ledger: [RunID: [LedgerChange]] = [:]
  /// Notifications, by the rollouts that they are about.
  var notices: [RunID: [StoredNotice]] = [:]

  /// Whether there is nothing to be recorded.
  var isEmpty: Bool { parts.isEmpty && !hasAttachments }

  /// Whether anything of it is to be recorded.
  var hasRecords: Bool { hasAttachments || runs.contains(where: hasEvents) }

  /// Whether anything but events is to be recorded.
  private var hasAttachments: Bool { !(handled.isEmpty && ledger.isEmpty && notices.isEmpty) }

  /// The runs that have events in it.
  var recordingRuns: [RunID] { runs.filter(hasEvents) }

  private func hasEvents(_ run: RunID) -> Bool {
    parts[run]?.contains { if case .record = $0 { true } else { false } } ?? false
  }

  mutating func add(_ actions: [RunAction], of run: RunID) {
    if parts[run] == nil { runs.append(run) }
    parts[run, default: []] += actions
    eventCount += actions.count
  }

  mutating func remove(_ run: RunID) {
    runs.removeAll { $0 == run }
    handled[run] = nil
    ledger[run] = nil
    notices[run] = nil
    eventCount -= parts.removeValue(forKey: run)?.count ?? 0
  }

  /// What comes after this.
  mutating func add(_ later: PendingCommit) {
    for run in later.runs { add(later.parts[run] ?? [], of: run) }
    handled.merge(later.handled) { $0 + $1 }
    ledger.merge(later.ledger) { $0 + $1 }
    notices.merge(later.notices) { $0 + $1 }
    texts += later.texts
  }

  /// The commit, where `place` says how far a run is recorded and under which epoch it is owned.
  func commit(_ place: (RunID) -> (head: JournalHead, epoch: Int)?) -> JournalCommit {
    let parts = recordingRuns.compactMap { run -> JournalCommit.Part? in
      guard let (head, epoch) = place(run), let actions = self.parts[run] else { return nil }
      return JournalCommit.Part(run: run, expected: head, epoch: epoch, events: actions.events)
    }
    var commit = JournalCommit(
      parts, handled: handled.values.joined().sorted { $0.value < $1.value }, texts: texts)
    commit.ledger = ledger.keys.sorted().flatMap { ledger[$0] ?? [] }
    commit.notices = notices.keys.sorted().flatMap { notices[$0] ?? [] }
    return commit
  }
}

extension [RunAction] {
  /// The events to be recorded.
  var events: [RunEvent] {
    compactMap { if case .record(let event) = $0 { event } else { nil } }
  }
}
