import HeapModule
import Operations

/// What a timer is for; there is at most one timer for each purpose.
enum TimerPurpose: Sendable, Hashable {
  /// The attempt's time is up.
  case deadline(NodeID)
  case backoff(NodeID)
  /// A `wait` of a given duration is over.
  case pause(NodeID)
  /// The next poll of a command.
  case poll(NodeID)
  /// Requested data has been away for so long that it is requested again.
  case askAgain(NodeID)
  /// The next read of a condition.
  case read(NodeID)
  /// The next read that says whether a request had its effect.
  case lookup(NodeID)
  /// The time for work in flight after a cancellation is up.
  case grace(NodeID)
  case join(SessionID)
  case reconnect(SessionID)
  /// The next report that an address of the service does not answer.
  case silence
  case leave(SessionID)
  case revoke(SessionID)

  /// Every timer that the work of a step may have set.
  static func all(of id: NodeID) -> [TimerPurpose] {
    [
      .deadline(id), .backoff(id), .pause(id), .poll(id), .askAgain(id), .read(id), .lookup(id),
      .grace(id),
    ]
  }
}

/// The instants a machine wants to be woken at, earliest first.
struct Timers: Sendable {
  private struct Entry: Sendable, Comparable {
    let at: Moment
    /// Settles ties, so that the order never depends on hashing.
    let order: Int
    let purpose: TimerPurpose

    static func < (left: Entry, right: Entry) -> Bool {
      (left.at, left.order) < (right.at, right.order)
    }

    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
  }

  private var heap = Heap<Entry>()
  private var current: [TimerPurpose: Int] = [:]
  private var nextOrder = 0

  /// The earliest instant that is still wanted.
  var next: Moment? {
    mutating get {
      while let entry = heap.min, current[entry.purpose] != entry.order { heap.removeMin() }
      return heap.min?.at
    }
  }

  /// Sets the timer for `purpose`, in place of an earlier one.
  mutating func set(_ purpose: TimerPurpose, at moment: Moment) {
    current[purpose] = nextOrder
    heap.insert(Entry(at: moment, order: nextOrder, purpose: purpose))
    nextOrder += 1
    dropDead()
  }

  /// Keeps the heap linear in the timers that are wanted: cancelled ones stay in it until due.
  private mutating func dropDead() {
    guard heap.count > 2 * current.count + 16 else { return }
    heap = Heap(heap.unordered.filter { current[$0.purpose] == $0.order })
  }

  mutating func cancel(_ purpose: TimerPurpose) {
    guard !current.isEmpty else { return }
    current[purpose] = nil
  }

  /// When the timer for `purpose` is due; looks at every timer.
  func moment(of purpose: TimerPurpose) -> Moment? {
    guard let order = current[purpose] else { return nil }
    return heap.unordered.first { $0.order == order }?.at
  }

  /// When the first of the timers for `purposes` is due; nil when none of them is set.
  func earliest(of purposes: [TimerPurpose]) -> Moment? {
    let orders = Set(purposes.compactMap { current[$0] })
    return heap.unordered.lazy.filter { orders.contains($0.order) }.map(\.at).min()
  }

  /// Takes out the earliest timer that is due, and says how late it comes.
  mutating func popDue(at now: Moment) -> (purpose: TimerPurpose, lateness: Duration)? {
    guard let moment = next, moment <= now, let entry = heap.popMin() else { return nil }
    current[entry.purpose] = nil
    return (entry.purpose, now - moment)
  }
}
