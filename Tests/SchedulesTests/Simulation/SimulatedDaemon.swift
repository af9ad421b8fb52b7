import Events
import Operations
import Schedules

/// A process that serves schedules, or the place where the next one begins.
struct SimulatedDaemon {
  enum Condition: Hashable {
    case dead
    case running
    /// It does nothing, since then; what comes to it waits.
    case frozen(since: Moment)
  }

  var scheduler: Scheduler
  /// Counts the processes in this place.
  var process = 0
  var condition = Condition.dead
  /// The epoch under which it acts, as it believes.
  var epoch: Int?
  var term = ActingTerm()
  /// The definitions in the files that it can read.
  var definitions: [String: String] = [:]
  /// The files that it cannot read.
  var unreadable: Set<String> = []
  /// What waits while it is frozen.
  var held: [ScheduleWorld.Happening] = []
  /// Counts what it set its alarm clock for.
  var alarm = 0
  /// What is on its way, by schedule.
  var pending: [String: Write] = [:]
  /// The rollouts without a record that it does, each with a number.
  var unrecorded: [String: Int] = [:]

  /// What is to be recorded.
  struct Write: Hashable {
    enum What: Hashable {
      case change(LedgerChange)
      case start(ScheduledStart)
    }

    let what: What
    /// When it was decided, by the clock on the wall.
    let decidedAt: Moment
    /// Under which epoch it was decided.
    let epoch: Int
    let process: Int
  }

  /// When it looked at schedules while it acts, by the clock on the wall.
  struct ActingTerm {
    /// Since when, never later than the clock was at any time since.
    private(set) var since = Moment(nanoseconds: .max)
    /// By schedule, since the ledger has its definition.
    private(set) var looks: [String: [Moment]] = [:]
    private(set) var wasSetBack = false
    private var latest = Moment(nanoseconds: .min)

    /// It looks at the schedules of these names.
    mutating func look(at now: Moment, _ names: some Sequence<String>) {
      since = min(since, now)
      wasSetBack = wasSetBack || now < latest
      latest = now
      for name in names where looks[name]?.last != now { looks[name, default: []].append(now) }
    }

    /// Whether the clock was later when it looked before.
    func isSetBack(to now: Moment) -> Bool { now < latest }

    /// The schedule is counted in another way from now on.
    mutating func restart(_ name: String) { looks[name] = nil }

    /// Whether it looked at the schedule between the two moments.
    func looked(at name: String, from start: Moment, through end: Moment) -> Bool {
      looks[name, default: []].reversed().contains { start <= $0 && $0 <= end }
    }
  }

  var isRunning: Bool { condition == .running }
}

/// A rollout with a record.
struct SimulatedScheduleRollout {
  let schedule: String
  let outcome: Outcome
  /// The daemon and the process that drive it; the process may be dead.
  var driver: (daemon: Int, process: Int)
  /// Who watches it besides.
  var watchers: [(daemon: Int, process: Int)] = []
  var isCancelled = false
  /// Counts when its end was planned.
  var plan = 0
  var end: Outcome?
}
