import Operations
import Randomness
import Schedules

/// A random schedule, and its due instants by counting them in another way than `Schedule` does.
struct ScheduleSpec: Sendable, Hashable {
  /// A few kinds of schedule in UTC, in seconds since 1970-01-01T00:00:00Z.
  enum Source: Sendable, Hashable {
    case every(Int64)
    case at([Int64])
    /// At this minute of every hour.
    case minute(Int64)
    /// At every minute that this divides.
    case minutes(Int64)

    /// Those from `start` to `end`; an interval counts from `from`.
    func instants(from start: Int64, through end: Int64, countedFrom from: Int64?) -> [Int64] {
      switch self {
      case .every(let step):
        let anchor = from ?? 0
        let steps = (start - anchor + step - 1) / step
        let first = anchor + (start <= anchor ? -((anchor - start) / step) : steps) * step
        return Array(stride(from: first, through: end, by: Int(step)))
      case .at(let seconds): return seconds.filter { start <= $0 && $0 <= end }
      case .minute(let minute):
        return Self.minutes(from: start, through: end).filter { $0 % 3600 == minute * 60 }
      case .minutes(let step):
        return Self.minutes(from: start, through: end).filter { $0 % 3600 / 60 % step == 0 }
      }
    }

    fileprivate var isSorted: Bool {
      switch self {
      case .every, .minute, .minutes: true
      case .at: false
      }
    }

    private static func minutes(from start: Int64, through end: Int64) -> [Int64] {
      Array(stride(from: (start + 59) / 60 * 60, through: end, by: 60))
    }
  }

  let sources: [Source]
  let from: Int64?
  let until: Int64?
  let schedule: Schedule
  /// The schedule as text.
  let definition: String

  /// The due instants after `moment` up to `end`.
  func instants(after moment: Moment, through end: Moment) -> [Moment] {
    let start = max(Self.floor(moment) + 1, from ?? .min)
    let last = min(Self.floor(end), until ?? .max)
    guard start <= last else { return [] }
    let all = sources.map { $0.instants(from: start, through: last, countedFrom: from) }
    let seconds = sources[0].isSorted && all.count == 1 ? all[0] : Set(all.joined()).sorted()
    return seconds.map { Moment(nanoseconds: $0 * 1_000_000_000) }
  }

  private static func floor(_ moment: Moment) -> Int64 {
    let (quotient, rest) = moment.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return rest < 0 ? quotient - 1 : quotient
  }
}

extension ScheduleSpec {
  /// A schedule whose instants are some `unit` seconds apart, about `now`.
  init(unit: Int64, near now: Int64, using random: inout SplitMix) {
    func maybe<Value>(_ percent: Int, _ value: Value, _ random: inout SplitMix) -> Value? {
      Int.random(in: 0..<100, using: &random) < percent ? value : nil
    }
    sources = Self.sources(unit: unit, near: now, using: &random)
    // A file with instants before `from` or after `until` only is refused.
    let share = sources.allSatisfy(\.isSorted) ? 15 : 0
    from = maybe(share, now + Int64.random(in: -40...10, using: &random) * unit, &random)
    // A file with `until` before `from` is refused.
    until = maybe(
      share, max(from ?? .min, now + Int64.random(in: 5...60, using: &random) * unit), &random)
    let window = maybe(
      50, Duration.seconds(1 + unit * Int64.random(in: 0...30, using: &random) / 10), &random)
    var jitter = maybe(
      40, Duration.seconds(1 + unit * Int64.random(in: 0...30, using: &random) / 10), &random)
    if let window, let drawn = jitter, drawn >= window { jitter = window - .seconds(1) }
    func instant(_ second: Int64) -> ScheduledInstant {
      let moment = Moment(nanoseconds: second * 1_000_000_000)
      return ScheduledInstant(text: moment.text.prefix(19) + "Z", moment: moment)
    }
    var schedule = Schedule(
      window: window, catchUp: .allCases.randomElement(using: &random) ?? .one,
      overlap: .allCases.randomElement(using: &random) ?? .skip, jitter: jitter ?? .zero,
      pauseOnFailure: Int.random(in: 0..<4, using: &random) == 0, from: from.map(instant),
      until: until.map(instant))
    for source in sources {
      switch source {
      case .every(let step): schedule.every = .seconds(step)
      case .at(let seconds): schedule.at = seconds.map(instant)
      case .minute(let minute):
        schedule.cron += [CronExpression("\(minute) * * * *")].compactMap { $0 }
      case .minutes(let step):
        schedule.cron += [CronExpression("*/\(step) * * * *")].compactMap { $0 }
      }
    }
    self.schedule = schedule
    definition = schedule.text
  }

  private static func sources(
    unit: Int64, near now: Int64, using random: inout SplitMix
  ) -> [Source] {
    let every = Source.every(unit * Int64.random(in: 1...4, using: &random))
    let single = Source.at(
      (0..<Int.random(in: 1...6, using: &random)).map { _ in
        now + Int64.random(in: -5...40, using: &random) * unit
      })
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return [single]
    case 1: return [every, single]
    case 2 where unit >= 60: return [.minutes([1, 5, 7, 15].randomElement(using: &random) ?? 5)]
    case 3 where unit >= 600: return [.minute(Int64.random(in: 0..<60, using: &random))]
    case _: return [every]
    }
  }
}
