import Events
import HeapModule
import Operations
import Randomness
import Schedules

/// Schedules and the processes that act on them, in virtual time: clocks that jump, processes that end or
/// freeze at any moment, persons, and files that change.
struct ScheduleWorld {
  let seed: UInt64
  var random: SplitMix
  /// The time that passed, which no clock shows.
  private(set) var now = Moment(nanoseconds: 0)
  /// How far the clock on the wall is ahead of that.
  private(set) var offset: Duration
  private var agenda = Heap<Item>()
  private var order = 0
  var ledger = ModelLedger()
  var watch = LedgerWatch()
  var daemons: [SimulatedDaemon]
  /// The process that has the lease, or had it until it ended.
  var holder: (daemon: Int, process: Int)?
  var rollouts: [RunID: SimulatedScheduleRollout] = [:]
  var files: [SimulatedScheduleFile]
  let traits: Traits
  /// Nothing disturbs any more: it is seen whether everything comes to its end.
  private(set) var isCalm = false

  /// What a seed decides about its world.
  struct Traits {
    /// What instants of its schedules are apart, in seconds.
    let unit: Int64
    /// In percent of the writes.
    let crashShare: Int
    /// In percent of the rollouts.
    let failureShare: Int
    let refusalShare: Int
    /// When the disturbances end.
    let horizon: Moment
  }

  enum Happening {
    case boot(Int)
    case lookAtFiles(Int, process: Int)
    case tryLease(Int, process: Int)
    case checkLease(Int, process: Int)
    case readLedger(Int, process: Int)
    case input(Int, process: Int, SchedulerInput)
    case alarm(Int, process: Int, Int)
    case prepared(Int, SimulatedDaemon.Write)
    case write(Int, SimulatedDaemon.Write)
    case unrecordedEnds(Int, process: Int, String, Int)
    case rolloutEnds(RunID, plan: Int)
    case disturbance(ScheduleDisturbance)
    case calm
  }

  private struct Item: Comparable {
    let at: Moment
    let order: Int
    let what: Happening

    static func < (left: Item, right: Item) -> Bool {
      (left.at, left.order) < (right.at, right.order)
    }

    static func == (left: Item, right: Item) -> Bool { left.order == right.order }
  }

  /// The world of `seed`.
  init(seed: UInt64) {
    var random = SplitMix(seed: seed)
    self.seed = seed
    let unit: Int64 = [1, 1, 2, 5, 10, 30, 60, 600, 3600].randomElement(using: &random) ?? 1
    let isGentle = Int.random(in: 0..<5, using: &random) == 0
    traits = Traits(
      unit: unit, crashShare: isGentle ? 0 : [0, 1, 3, 10].randomElement(using: &random) ?? 0,
      failureShare: isGentle ? 0 : Int.random(in: 0...40, using: &random),
      refusalShare: isGentle ? 0 : Int.random(in: 0...20, using: &random),
      horizon: Moment(nanoseconds: 0) + .seconds(max(20, unit * 25)))
    let start = 1_800_000_000 + Int64.random(in: 0..<86_400, using: &random)
    offset = .seconds(start)
    files = (0..<Int.random(in: 1...3, using: &random)).map { number in
      SimulatedScheduleFile(
        name: "s\(number)", unit: unit, near: start, using: &random)
    }
    daemons = []
    self.random = random
    for file in files { watch.learn(file.spec) }
    let places = Int.random(in: 1...3, using: &self.random)
    daemons = (0..<places).map { _ in SimulatedDaemon(scheduler: Scheduler { _ in nil }) }
    for daemon in daemons.indices {
      schedule(.boot(daemon), after: pause(0...(daemon == 0 ? 10 : 3000)))
    }
    plan(disturbances: isGentle ? 0 : Int.random(in: 0...12, using: &self.random))
    schedule(.calm, after: traits.horizon - now)
  }

  /// What the clock on the wall shows.
  var wall: Moment { now + offset }

  /// Lets everything happen; returns what is wrong.
  mutating func run() -> [String] {
    var count = 0
    var end = traits.horizon + .seconds(50 + 2 * traits.unit)
    while let item = agenda.popMin() {
      if item.at > end {
        guard isCatchingUp else { break }
        end = end + .seconds(30)
      }
      count += 1
      guard count < 200_000 else { return watch.objections + ["it does not come to rest"] }
      now = max(now, item.at)
      happen(item.what)
    }
    judgeEnd()
    return watch.objections
  }

  mutating func pause(_ milliseconds: ClosedRange<Int>) -> Duration {
    .microseconds(
      Int.random(
        in: milliseconds.lowerBound * 1000...milliseconds.upperBound * 1000, using: &random))
  }

  /// Whether something happens that does in `percent` of the cases.
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func schedule(_ what: Happening, after pause: Duration) {
    order += 1
    agenda.insert(Item(at: now + pause, order: order, what: what))
  }

  mutating func setClock(ahead duration: Duration) { offset += duration }

  mutating func calmDown() {
    isCalm = true
    for daemon in daemons.indices {
      switch daemons[daemon].condition {
      case .frozen: thaw(daemon)
      case .dead: schedule(.boot(daemon), after: pause(0...500))
      case .running: break
      }
    }
    for index in files.indices { restore(index) }
    for (run, rollout) in rollouts.sorted(by: { $0.key < $1.key }) where rollout.end == nil {
      planEnd(of: run, after: pause(1...1000))
    }
    for (place, daemon) in daemons.enumerated() {
      for (name, number) in daemon.unrecorded.sorted(by: { $0.key < $1.key }) {
        schedule(
          .unrecordedEnds(place, process: daemon.process, name, number), after: pause(1...1000))
      }
    }
  }
}
