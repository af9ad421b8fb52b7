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
