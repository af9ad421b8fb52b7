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
      wake(next.kind)
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
    }
  }

  /// Has `kind` happen after `delay`.
  mutating func schedule(_ kind: Wakeup.Kind, after delay: Duration) {
    wakeupCount += 1
    wakeups.insert(Wakeup(at: clock + max(delay, .zero), order: wakeupCount, kind: kind))
  }

  /// A fresh identifier: a time-ordered uuid (RFC 9562 §5.7), as official pages print.
  mutating func newIdentifier() -> String {
    let milliseconds = UInt64(max(0, clock.nanoseconds / 1_000_000))
    let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xFFF, using: &generator)
    let low = 1 << 63 | generator.next() >> 2
    let digits = Array(Self.digits(high) + Self.digits(low))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      .joined(separator: "-")
  }

  /// A fresh value that cannot be guessed by whoever does not know the seed: 48 digits.
  mutating func newSecret() -> String {
    (0..<3).map { _ in Self.digits(generator.next()) }.joined()
  }

  private static func digits(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
