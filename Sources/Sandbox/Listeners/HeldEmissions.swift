/// Emissions that wait a little, so that the answer to the request that caused them goes first.
///
/// What follows while some wait waits behind them: the order is never changed.
struct HeldEmissions {
  private var waiting: [(number: Int, emissions: [VaultEmission])] = []
  private var last = 0

  /// Puts emissions at the end of those that wait; answers the number to release them by.
  mutating func hold(_ emissions: [VaultEmission]) -> Int {
    last += 1
    waiting.append((last, emissions))
    return last
  }

  /// What may go at once: all of `emissions` when nothing waits, else nothing.
  mutating func pass(_ emissions: [VaultEmission]) -> [VaultEmission] {
    guard let end = waiting.indices.last else { return emissions }
    waiting[end].emissions += emissions
    return []
  }

  /// Everything up to a number.
  mutating func release(through number: Int) -> [VaultEmission] {
    let due = waiting.prefix { $0.number <= number }
    waiting.removeFirst(due.count)
    return due.flatMap(\.emissions)
  }
}
