import Events
import Journaling
import Operations
import Randomness
import Rollouts
import Simulation

/// One rollout and the process that drives it: what a driver and a host do with the machine's decisions, in
/// as few lines as possible.
///
/// All that is recorded goes through one queue of commits, as in a host. The failures of the group count
/// when they are decided.
struct SimulatedRollout {
  let script: RolloutScript
  var watch: RolloutWatch
  /// Counts the processes that drove it; what comes for an earlier one is lost.
  var process = 0
  var machine: RolloutMachine?
  var journal: SimulatedJournal?
  var live: [Int: LiveTenant] = [:]
  var record = Recorded(head: .empty, epoch: 0)
  var pending: [Entry] = []
  var current: [Entry]?
  var groupFailures = 0

  /// How far a run is recorded, and under which epoch this process owns it.
  struct Recorded {
    var head: JournalHead
    var epoch: Int
  }

  /// A tenant whose turn it is.
  struct LiveTenant {
    let turn: TenantTurn
    let number: Int
    var run: RunID?
    var place = Recorded(head: .empty, epoch: 0)
    var isCancelled = false
    var isEnding = false
  }

  /// Something that is recorded.
  struct Entry {
    let run: RunID
    let kind: RunEvent.Kind
    var at: Moment
    let what: What

    enum What {
      case ofRollout(RolloutEvent)
      case started(Int)
      case resumed(Int)
      case ended(Int, TenantState, isFinal: Bool)
    }
  }

  init(_ script: RolloutScript) {
    self.script = script
    watch = RolloutWatch(script)
  }

  var isDriven: Bool { machine != nil }

  /// The parts of the next commit.
  func parts(of entries: [Entry]) -> [JournalCommit.Part] {
    var order: [RunID] = []
    var events: [RunID: [RunEvent]] = [:]
    for entry in entries {
      if events[entry.run] == nil { order.append(entry.run) }
      let place = place(of: entry.run)
      let sequence = (place?.head.count ?? 0) + (events[entry.run]?.count ?? 0)
      events[entry.run, default: []].append(
        RunEvent(sequence: sequence, at: entry.at, kind: entry.kind))
    }
    return order.compactMap { run in
      place(of: run).map {
        JournalCommit.Part(run: run, expected: $0.head, epoch: $0.epoch, events: events[run] ?? [])
      }
    }
  }

  private func place(of run: RunID) -> Recorded? {
    run == script.start.rollout ? record : live.values.first { $0.run == run }?.place
  }

  mutating func setHead(_ head: JournalHead, of run: RunID) {
    if run == script.start.rollout { record.head = head }
    for (index, tenant) in live where tenant.run == run { live[index]?.place.head = head }
  }

  func tenant(of run: RunID) -> Int? { live.first { $0.value.run == run }?.key }

  /// The process is gone.
  mutating func end() {
    journal?.kill()
    process += 1
    (machine, journal, live, pending, current, groupFailures) = (nil, nil, [:], [], nil, 0)
  }
}
