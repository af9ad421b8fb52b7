import Events

/// Which runs of which tenants are driven.
struct DrivenTenants: Sendable {
  private var indices: [RunID: Int] = [:]
  private var runs: [Int: RunID] = [:]
  /// Those that are to be cancelled, some of which may not have a run yet.
  private var cancelled: Set<Int> = []
  /// Those whose runs are being made.
  private var making: Set<Int> = []
  /// Whether no further one begins.
  var isDraining = false

  /// Whether none is in progress.
  var isIdle: Bool { indices.isEmpty && making.isEmpty }

  func run(of index: Int) -> RunID? { runs[index] }

  func isCancelled(_ index: Int) -> Bool { cancelled.contains(index) }

  /// The run of the tenant is being made, until it begins or is dropped.
  mutating func make(_ index: Int) { making.insert(index) }

  mutating func begin(_ run: RunID, of index: Int) {
    making.remove(index)
    indices[run] = index
    runs[index] = run
  }

  mutating func cancel(_ index: Int) { cancelled.insert(index) }

  mutating func drop(_ index: Int) {
    making.remove(index)
    cancelled.remove(index)
  }

  /// The tenant of `run`, which is driven no more.
  mutating func end(_ run: RunID) -> Int? {
    guard let index = indices.removeValue(forKey: run) else { return nil }
    runs[index] = nil
    cancelled.remove(index)
    return index
  }
}
