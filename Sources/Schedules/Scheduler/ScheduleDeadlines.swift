import HeapModule
import Operations

/// When which schedule wants a tick, earliest first.
///
/// What is not wanted any more stays in the heap until it comes to its top.
struct ScheduleDeadlines: Sendable {
  private struct Entry: Sendable, Comparable {
    let at: Moment
    let name: String

    static func < (left: Entry, right: Entry) -> Bool {
      (left.at, left.name) < (right.at, right.name)
    }
  }

  private var heap = Heap<Entry>()
  private var current: [String: Moment] = [:]

  /// The earliest deadline.
  var next: Moment? { heap.min?.at }

  /// Sets when the schedule wants a tick; nil for never.
  mutating func set(_ moment: Moment?, for name: String) {
    guard current[name] != moment else { return }
    current[name] = moment
    if let moment { heap.insert(Entry(at: moment, name: name)) }
    if heap.count > 2 * current.count + 64 {
      heap = Heap(heap.unordered.filter { current[$0.name] == $0.at })
    }
    removeUnwanted()
  }

  /// Takes out the next schedule that is due.
  mutating func popDue(at now: Moment) -> String? {
    guard let entry = heap.min, entry.at <= now else { return nil }
    heap.removeMin()
    current[entry.name] = nil
    removeUnwanted()
    return entry.name
  }

  private mutating func removeUnwanted() {
    while let entry = heap.min, current[entry.name] != entry.at { heap.removeMin() }
  }
}
