import DequeModule
import Events

/// Which runs of which tenants are driven.
struct DrivenTenants: Sendable {
  /// How many runs are made at once: more would take memory, and no less time.
  private static let makingLimit = 16

  private var indices: [RunID: Int] = [:]
  private var runs: [Int: RunID] = [:]
  /// Those that are to be cancelled, some of which may not have a run yet.
  private var cancelled: Set<Int> = []
  /// Those whose runs are being made, or wait for that.
  private var making: Set<Int> = []
  private var waiting = Deque<TenantTurn>()
  /// How many runs are being made.
  private var makingCount = 0
  /// Whether no further one begins.
  var isDraining = false

  /// Whether none is in progress.
  var isIdle: Bool { indices.isEmpty && making.isEmpty }

  func run(of index: Int) -> RunID? { runs[index] }

  func isCancelled(_ index: Int) -> Bool { cancelled.contains(index) }

  /// The run of the tenant is to be made; it counts as in progress until it is dropped.
  mutating func make(_ turn: TenantTurn) {
    making.insert(turn.index)
    waiting.append(turn)
  }

  /// The next turn whose run is to be made now; nil while so many are that it waits.
  mutating func nextToMake() -> TenantTurn? {
    guard makingCount < Self.makingLimit, let turn = waiting.popFirst() else { return nil }
    makingCount += 1
    return turn
  }

  /// A run was made, or cannot be.
  mutating func noteMade() { makingCount -= 1 }

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
