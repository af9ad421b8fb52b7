import DequeModule
import Events
import HeapModule
import Journaling
import Machine
import Operations

/// A run that is driven.
struct HostedRun: Sendable {
  /// One, in a place of its own, that of its order: a run in a dictionary is moved whenever it is changed.
  private var machines: [RunMachine]
  let epoch: Int
  var head: JournalHead
  let group: RunGroupID?
  private let whenWaiting: RunOrder.WhenWaiting
  private let countsFailure: Bool
  /// What came before its turn to begin.
  var early: [RunInput]? = []
  /// Its failed end is decided, and counted in its group.
  private(set) var hasFailed = false
  /// It is left as soon as everything that it decided is recorded.
  private(set) var isLeaving = false

  init(_ order: RunOrder) {
    machines = order.machines
    epoch = order.epoch
    head = order.head
    group = order.group
    whenWaiting = order.whenWaiting
    countsFailure = order.countsFailure
  }

  var machine: RunMachine {
    get { machines[0] }
    _modify { yield &machines[0] }
  }

  /// Whether its machine receives what comes.
  var hasBegun: Bool { early == nil }

  /// Hands an input to the machine and returns what to do next.
  mutating func receive(_ input: RunInput, at moment: Moment) -> [RunAction] {
    let decided = machine.apply(input, at: moment)
    noteWhetherItWaits()
    return decided
  }

  private mutating func noteWhetherItWaits() {
    switch whenWaiting {
    case .wait: isLeaving = false
    case .leave: isLeaving = Self.waits(&machine)
    }
  }

  /// Lent for a change, since a machine that is only read would be copied first.
  private static func waits(_ machine: inout RunMachine) -> Bool { machine.waitsForDecisionsOnly }

  /// No place among the votes of its group gets free: it is left where it waits for nothing else.
  mutating func noteThatItIsStuck() { isLeaving = isLeaving || machines[0].waitsForVotesOnly }

  /// Whether `decided` ends it so that its group has one more failure.
  mutating func fails(with decided: [RunAction]) -> Bool {
    guard group != nil, !hasFailed else { return false }
    hasFailed = decided.contains { action in
      switch action {
      case .finish(let result):
        result.outcome == .inDoubt || countsFailure && result.outcome == .failed
      case .fail: true
      case .record, .exchange, .abandon, .perform, .performDry, .connect, .send, .disconnect,
        .requestVoteSlot, .releaseVoteSlot:
        false
      }
    }
    return hasFailed
  }
}

/// Runs that wait for their turn, in the order they came.
struct RunQueue: Sendable {
  private var orders = Deque<RunOrder>()

  var isEmpty: Bool { orders.isEmpty }

  mutating func add(_ order: RunOrder) { orders.append(order) }

  mutating func next() -> RunOrder? { orders.popFirst() }

  /// Takes out what `isWanted` says, in order.
  mutating func take(where isWanted: (RunOrder) -> Bool) -> [RunOrder] {
    let taken = orders.filter(isWanted)
    if !taken.isEmpty { orders.removeAll(where: isWanted) }
    return Array(taken)
  }
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
