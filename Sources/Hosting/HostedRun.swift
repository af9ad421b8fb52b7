import DequeModule
import Events
import HeapModule
import Journaling
import Machine
import Operations

/// A run that is driven.
struct HostedRun: Sendable {
  var machine: RunMachine
  let epoch: Int
  var head: JournalHead
  private let whenWaiting: RunOrder.WhenWaiting
  /// It is left as soon as everything that it decided is recorded.
  private(set) var isLeaving = false

  init(_ order: RunOrder) {
    machine = order.machine
    epoch = order.epoch
    head = order.head
    whenWaiting = order.whenWaiting
  }

  mutating func noteWhetherItWaits() {
    switch whenWaiting {
    case .wait: break
    case .leave: isLeaving = machine.waitsForDecisionsOnly
    }
  }
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

  /// Whether there is nothing to be recorded.
  var isEmpty: Bool { parts.isEmpty && handled.isEmpty }

  /// Whether anything of it is to be recorded.
  var hasRecords: Bool { !handled.isEmpty || !recordingRuns.isEmpty }

  /// The runs that have events in it.
  var recordingRuns: [RunID] { runs.filter { !(parts[$0]?.events.isEmpty ?? true) } }

  mutating func add(_ actions: [RunAction], of run: RunID) {
    if parts[run] == nil { runs.append(run) }
    parts[run, default: []] += actions
    eventCount += actions.count
  }

  mutating func remove(_ run: RunID) {
    runs.removeAll { $0 == run }
    handled[run] = nil
    eventCount -= parts.removeValue(forKey: run)?.count ?? 0
  }

  /// What comes after this.
  mutating func add(_ later: PendingCommit) {
    for run in later.runs { add(later.parts[run] ?? [], of: run) }
    handled.merge(later.handled) { $0 + $1 }
    texts += later.texts
  }

  /// The commit, where `place` says how far a run is recorded and under which epoch it is owned.
  func commit(_ place: (RunID) -> (head: JournalHead, epoch: Int)?) -> JournalCommit {
    let parts = recordingRuns.compactMap { run -> JournalCommit.Part? in
      guard let (head, epoch) = place(run), let actions = self.parts[run] else { return nil }
      return JournalCommit.Part(run: run, expected: head, epoch: epoch, events: actions.events)
    }
    return JournalCommit(
      parts, handled: handled.values.joined().sorted { $0.value < $1.value }, texts: texts)
  }
}

extension [RunAction] {
  /// The events to be recorded.
  var events: [RunEvent] {
    compactMap { if case .record(let event) = $0 { event } else { nil } }
  }
}

/// Runs that wait for their turn, in the order they came.
struct RunQueue: Sendable {
  private var orders = Deque<RunOrder>()

  var isEmpty: Bool { orders.isEmpty }

  mutating func add(_ order: RunOrder) { orders.append(order) }

  mutating func next() -> RunOrder? { orders.popFirst() }
}

/// When which run wants to be woken, earliest first.
struct Deadlines: Sendable {
  private struct Entry: Sendable, Comparable {
    let at: Moment
    let order: Int
    let run: RunID

    static func < (left: Entry, right: Entry) -> Bool {
      (left.at, left.order) < (right.at, right.order)
    }

    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
  }

  private var heap = Heap<Entry>()
  private var current: [RunID: Entry] = [:]
  private var nextOrder = 0

  var next: Moment? {
    mutating get {
      while let entry = heap.min, current[entry.run] != entry { heap.removeMin() }
      return heap.min?.at
    }
  }

  /// Sets when `run` wants to be woken; nil for never.
  mutating func set(_ moment: Moment?, for run: RunID) {
    guard let moment else {
      current[run] = nil
      return
    }
    guard current[run]?.at != moment else { return }
    let entry = Entry(at: moment, order: nextOrder, run: run)
    nextOrder += 1
    current[run] = entry
    heap.insert(entry)
    // Entries that are not wanted any more stay in the heap until they are due.
    guard heap.count > 2 * current.count + 64 else { return }
    heap = Heap(heap.unordered.filter { current[$0.run] == $0 })
  }

  /// Takes out the next run that is due.
  mutating func popDue(at now: Moment) -> RunID? {
    guard let moment = next, moment <= now, let entry = heap.popMin() else { return nil }
    current[entry.run] = nil
    return entry.run
  }
}
