package import Operations

extension Vault {
  /// The latest instant seen.
  var clock: Moment { state.time.clock }

  /// When something is due next, or nil while nothing is.
  package var nextDeadline: Moment? {
    guard let withheld = connections.withheld.nextDue else { return state.time.wakeups.next?.at }
    return min(withheld, state.time.wakeups.next?.at ?? withheld)
  }

  /// Lets time pass and returns what to send because of it.
  ///
  /// Commands that are due are settled, votes taken, polls closed, reservations ended, each at its
  /// own instant: a long leap comes to the same as many short ones.
  package mutating func advance(to now: Moment) -> [VaultEmission] {
    while let next = state.time.wakeups.next, next.at <= max(clock, now) {
      state.time.wakeups.removeNext()
      reach(next.at)
      remembering { $0.wake(next.kind) }
    }
    reach(now)
    defer { (outbox.emissions, outbox.disturbed) = ([], []) }
    return outbox.disturbed.isEmpty ? outbox.emissions : outbox.disturbed + outbox.emissions
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
}
