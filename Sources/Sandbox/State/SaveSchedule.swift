package import Operations

/// When a state is saved: some time after it changed, however often it changes meanwhile.
package struct SaveSchedule: Sendable {
  private let interval: Duration
  private var seen: [Int]
  /// When the next save is due; nil while nothing has changed.
  package private(set) var due: Moment?

  /// A schedule for a state whose revision is `revision`.
  package init(every interval: Duration, since revision: [Int]) {
    self.interval = interval
    seen = revision
  }

  /// Takes note of the state's revision.
  package mutating func note(_ revision: [Int], at now: Moment) {
    guard revision != seen else { return }
    seen = revision
    if due == nil { due = now + interval }
  }

  /// Has another save follow one that failed.
  package mutating func retry(at now: Moment) {
    if due == nil { due = now + max(interval, .seconds(1)) }
  }

  /// Whether a save is due; it counts as done then.
  package mutating func take(at now: Moment) -> Bool {
    guard let due, due <= now else { return false }
    self.due = nil
    return true
  }
}
