import HeapModule
package import Operations

extension Vault {
  /// When something is due next, or nil while nothing is.
  package var nextDeadline: Moment? { wakeups.min?.at }

  /// Lets time pass and returns what to send because of it.
  ///
  /// Commands that are due are settled, votes taken, polls closed, reservations ended, each at its
  /// own instant: a long leap comes to the same as many short ones.
  package mutating func advance(to now: Moment) -> [VaultEmission] {
    while let next = wakeups.min, next.at <= max(clock, now) {
      wakeups.removeMin()
      clock = max(clock, next.at)
      remembering { $0.wake(next.kind) }
    }
    clock = max(clock, now)
    defer { outbox = [] }
    return outbox
  }

  private mutating func wake(_ kind: Wakeup.Kind) {
    switch kind {
    case .command(let id): decide(id)
    case .vote(let id, let attempt, let voter): vote(in: id, attempt, by: voter)
    case .closing(let id, let attempt): reachTimeLimit(of: id, attempt)
    case .reservation(let id): expire(id)
    case .message(let text, let profile): pass(text, to: profile)
    }
  }

  /// Has `kind` happen after `delay`.
  mutating func schedule(_ kind: Wakeup.Kind, after delay: Duration) {
    wakeupCount += 1
    wakeups.insert(Wakeup(at: clock + max(delay, .zero), order: wakeupCount, kind: kind))
  }
}
