import Events
import HeapModule
import Operations

/// The tenants that are in progress or are to be continued, and in which order the others begin.
///
/// Its size follows the tenants that have a run and are not over, not all that there are.
struct TenantQueue: Sendable {
  /// A tenant that was begun, or has a run and is to be continued.
  struct Tenant: Sendable, Hashable {
    /// The run that is continued; nil while it has none.
    var run: RunID?
    /// How often its run was begun or continued.
    var attempts = 0
    /// Its state while it has no slot.
    var idleState = TenantState.notStarted
    /// Its state when it gets no further turn.
    var lastState = TenantState.notStarted
    var phase = Phase.queued

    /// Whether its run is not over.
    var isUnfinished: Bool { [.running, .waiting].contains(lastState) }
    /// Whether a vote may be open about it, which the host must know of before others ask for theirs.
    var mayVote: Bool { isUnfinished || lastState == .inDoubt }
  }

  /// Exits: `queued` → `active`; `active` → `pausing`, or gone; `pausing` → `queued` or gone.
  enum Phase: Sendable, Hashable {
    case queued
    /// It holds a slot; `run` is nil until its run was handed to the host.
    case active(as: RunID?)
    /// It gets another turn, without a slot until then.
    case pausing(until: Moment, isBlocked: Bool)
  }

  private var tenants: [Int: Tenant] = [:]
  /// Interrupted runs: they come first, whatever holds others back.
  private(set) var interrupted = Queue()
  /// Others that have another turn.
  private(set) var ready = Queue()
  private var pauses = Heap<Pause>()
  /// The next tenant that never had a turn.
  var next = 0
  private(set) var activeCount = 0
  private(set) var blockedCount = 0
  /// The tenants with a slot that a vote may be open about, and that were not handed to the host yet.
  private var continuedCount = 0

  /// Indices, first in, first out.
  struct Queue: Sendable {
    private var indices: [Int] = []
    private var start = 0

    var isEmpty: Bool { start == indices.count }

    mutating func add(_ index: Int) { indices.append(index) }

    mutating func removeFirst() -> Int? {
      guard start < indices.count else { return nil }
      defer { start += 1 }
      if start > 64, start * 2 > indices.count {
        indices.removeFirst(start)
        start = 0
      }
      return indices[start]
    }
  }

  private struct Pause: Sendable, Comparable {
    let end: Moment
    let index: Int

    static func < (left: Pause, right: Pause) -> Bool {
      (left.end, left.index) < (right.end, right.index)
    }
  }

  subscript(index: Int) -> Tenant? { tenants[index] }

  /// The tenants that hold a slot, by their position.
  var active: [Int] {
    tenants.filter { $0.value.isActive }.keys.sorted()
  }

  /// The tenants that hold a slot and have no run, neither recorded nor handed to the host.
  var unstarted: [Int] {
    tenants.filter { $0.value.run == nil && $0.value.phase == .active(as: nil) }.keys.sorted()
  }

  /// Whether no tenant is in progress or gets another turn.
  var isEmpty: Bool { tenants.isEmpty }

  /// Whether every tenant that a vote may be open about and that has a slot was handed to the host, and every
  /// interrupted one has a slot.
  var hasContinuedAll: Bool { interrupted.isEmpty && continuedCount == 0 }

  /// When the first pause ends.
  var nextPauseEnd: Moment? {
    mutating get {
      while let pause = pauses.min, !isCurrent(pause) { pauses.removeMin() }
      return pauses.min?.end
    }
  }

  private func isCurrent(_ pause: Pause) -> Bool {
    if case .pausing(pause.end, _)? = tenants[pause.index]?.phase { true } else { false }
  }
}

extension TenantQueue {
  /// A tenant gets another turn as soon as there is a slot.
  mutating func add(_ index: Int, _ tenant: Tenant) {
    tenants[index] = tenant
    tenants[index]?.phase = .queued
    if tenant.isUnfinished { interrupted.add(index) } else { ready.add(index) }
  }

  mutating func add(_ index: Int, _ tenant: Tenant, pausingUntil end: Moment, isBlocked: Bool) {
    var tenant = tenant
    tenant.phase = .pausing(until: end, isBlocked: isBlocked)
    if isBlocked { blockedCount += 1 }
    tenants[index] = tenant
    pauses.insert(Pause(end: end, index: index))
  }

  /// It takes a slot; `lastState` is that of a tenant which had no turn yet, without one.
  mutating func activate(_ index: Int, lastState: TenantState) -> Tenant {
    var tenant = tenants[index] ?? Tenant(lastState: lastState)
    tenant.phase = .active(as: nil)
    tenant.attempts += 1
    activeCount += 1
    if tenant.mayVote { continuedCount += 1 }
    tenants[index] = tenant
    return tenant
  }

  mutating func began(_ index: Int, as run: RunID) {
    guard let tenant = tenants[index], case .active(as: nil) = tenant.phase else { return }
    if tenant.mayVote { continuedCount -= 1 }
    tenants[index]?.phase = .active(as: run)
  }

  /// It gives its slot back; nil where it holds none.
  ///
  /// `run` of the result is the one that it had before, and
  /// `began` the one that was handed to the host.
  mutating func deactivate(_ index: Int) -> (tenant: Tenant, began: RunID?)? {
    guard let tenant = tenants[index], case .active(let began) = tenant.phase else { return nil }
    if began == nil, tenant.mayVote { continuedCount -= 1 }
    activeCount -= 1
    tenants[index] = nil
    return (tenant, began)
  }

  /// Tenants whose pause is over get their turns.
  mutating func endPauses(at now: Moment) {
    while let end = nextPauseEnd, end <= now, let pause = pauses.popMin() {
      guard case .pausing(_, let isBlocked)? = tenants[pause.index]?.phase else { continue }
      if isBlocked { blockedCount -= 1 }
      if let tenant = tenants[pause.index] { add(pause.index, tenant) }
    }
  }

  /// No tenant begins another turn but those whose runs are not over; returns the others.
  mutating func giveUpTurns() -> [(index: Int, tenant: Tenant)] {
    let given = tenants.filter { !$0.value.isActive && !$0.value.isUnfinished }
    for index in given.keys { tenants[index] = nil }
    blockedCount = tenants.values.count(where: \.isBlocked)
    ready = Queue()
    return given.map { ($0.key, $0.value) }
  }

  mutating func nextInterrupted() -> Int? { nextQueued(of: \.interrupted) }
  mutating func nextReady() -> Int? { nextQueued(of: \.ready) }

  private mutating func nextQueued(of queue: WritableKeyPath<TenantQueue, Queue>) -> Int? {
    while let index = self[keyPath: queue].removeFirst() {
      if case .queued? = tenants[index]?.phase { return index }
    }
    return nil
  }
}

extension TenantQueue.Tenant {
  var isActive: Bool { if case .active = phase { true } else { false } }

  fileprivate var isBlocked: Bool {
    if case .pausing(_, isBlocked: true) = phase { true } else { false }
  }
}
