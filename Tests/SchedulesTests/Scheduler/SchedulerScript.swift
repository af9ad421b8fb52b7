import Events
import Operations
import Randomness
import Schedules
import TimeZones

/// A scheduler that acts on the schedule `s`, whose inputs come at given seconds, and its actions in words.
struct SchedulerScript {
  var scheduler: Scheduler
  /// What the ledger holds of `s`.
  private(set) var state: ScheduleState?
  /// What is on its way.
  private(set) var pending: LedgerChange?

  /// A scheduler that does not act.
  init() {
    let zones = TimeZoneDatabase(rules: { $0 == "UTC" ? .utc : nil }, names: { [] })
    scheduler = Scheduler { Schedule(text: $0, zones: zones) }
  }

  /// It acts since second `since` on `schedule`, which was seen at second 0.
  init(
    _ schedule: Schedule, since: Double = 0, leavesRecord: Bool = true,
    _ edit: (inout ScheduleState) -> Void = { _ in }
  ) {
    self.init()
    var state = ScheduleState(
      name: "s", definition: schedule.text, file: "/s", firstSeen: Self.moment(0))
    edit(&state)
    _ = act([state], at: since)
    _ = apply(.files([Self.file(schedule, leavesRecord: leavesRecord)]), at: since)
  }

  static func moment(_ seconds: Double) -> Moment { Moment(nanoseconds: Int64(seconds * 1e9)) }

  static func file(_ schedule: Schedule?, leavesRecord: Bool = true) -> ScheduledFile {
    ScheduledFile(name: "s", file: "/s", schedule: schedule, leavesRecord: leavesRecord)
  }

  static func trigger(_ number: Int64, at seconds: Double) -> ScheduleTrigger {
    ScheduleTrigger(number: number, schedule: "s", at: moment(seconds), by: "anna")
  }

  /// The rollout that a letter names.
  static func run(_ letter: Character) -> RunID {
    var random = SplitMix(seed: UInt64(letter.asciiValue ?? 0))
    return RunID(using: &random)
  }

  private static let letters = Dictionary(
    uniqueKeysWithValues: "abcdefgh".map { (run($0), String($0)) })

  static func word(_ run: RunID?) -> String { run.map { letters[$0] ?? "?" } ?? "unrecorded" }

  static func word(_ moment: Moment) -> String {
    let seconds = moment.nanoseconds / 1_000_000_000
    let rest = moment.nanoseconds % 1_000_000_000
    return rest == 0 ? "\(seconds)" : "\(seconds)+\(rest / 1_000_000)ms"
  }
}

/// Inputs.
extension SchedulerScript {
  mutating func apply(_ input: SchedulerInput, at seconds: Double) -> [String] {
    scheduler.apply(input, at: Self.moment(seconds)).map { action in
      switch action {
      case .commit(let change):
        pending = change
        return "record \(word(change))"
      case .start(let start):
        pending = start.template
        return "start \(Self.word(start.due)) \(word(start.template))"
      case .cancel(_, let rollout): return "cancel \(Self.word(rollout))"
      case .resume(_, let rollout): return "resume \(Self.word(rollout))"
      case .decided(_, let ticks):
        return "decided " + ticks.map(Self.word).joined(separator: ", ")
      case .pauseChanged(_, let pause): return pause == nil ? "goes on" : "paused"
      case .unreadable: return "unreadable"
      }
    }
  }

  mutating func tick(_ seconds: Double) -> [String] { apply(.tick, at: seconds) }

  mutating func act(_ states: [ScheduleState], epoch: Int = 1, at seconds: Double) -> [String] {
    state = states.first
    return apply(.acting(epoch: epoch, states), at: seconds)
  }

  /// What is on its way is durable; of a start, with that rollout.
  mutating func commit(_ rollout: Character? = nil, at seconds: Double) -> [String] {
    state = pending?.state
    let run = rollout.map { Self.run($0) }
    if let run { state?.current?.rollout = run }
    pending = nil
    return apply(.committed(schedule: "s", rollout: run), at: seconds)
  }

  /// It is refused, since `edit` was made meanwhile.
  mutating func refuse(
    at seconds: Double, _ edit: (inout ScheduleState) -> Void
  ) -> [String] {
    change(edit)
    return apply(.refused(schedule: "s", state), at: seconds)
  }

  /// Another process changes the ledger.
  mutating func see(
    at seconds: Double, _ edit: (inout ScheduleState) -> Void
  ) -> [String] {
    change(edit)
    return apply(.ledger([state].compactMap { $0 }, triggers: []), at: seconds)
  }

  private mutating func change(_ edit: (inout ScheduleState) -> Void) {
    guard var next = state else { return }
    next.version += 1
    edit(&next)
    state = next
  }

  /// The rollout has ended.
  mutating func end(
    _ rollout: Character?, _ outcome: Outcome = .succeeded, at seconds: Double
  ) -> [String] {
    apply(.ended(schedule: "s", rollout.map { Self.run($0) }, outcome), at: seconds)
  }

  var deadline: String { scheduler.nextDeadline.map(Self.word) ?? "none" }
}

/// Words.
extension SchedulerScript {
  private func word(_ change: LedgerChange) -> String {
    var words = ["v\(change.state.version):"] + change.ticks.map(Self.word)
    let new = change.state
    words.append("through \(Self.word(new.decidedThrough))")
    if let queued = new.queued { words.append("queued \(Self.word(queued))") }
    if let current = new.current {
      words.append("current \(Self.word(current.due)) \(Self.word(current.rollout))")
    }
    if let pause = new.pause { words.append("paused \(Self.word(pause.since))") }
    if !new.isActive { words.append("inactive") }
    if let state, new.definition != state.definition { words.append("as \(new.definition)") }
    if let state, new.file != state.file { words.append("in \(new.file)") }
    if !change.handled.isEmpty { words.append("answers \(change.handled)") }
    return words.joined(separator: " ")
  }

  private static func word(_ tick: Tick) -> String {
    let instants =
      tick.count == 1
      ? word(tick.due) : "\(word(tick.due))…\(word(tick.through)) ×\(tick.count)"
    let detail =
      switch tick.verdict {
      case .ran(let run), .caughtUp(let run), .skippedOverlap(let run): " \(word(run))"
      case .triggered(let run, let person): " \(word(run)) by \(person)"
      case .failedToStart(let reason, let person):
        " (\(reason))" + (person.map { " by \($0)" } ?? "")
      case .skippedWindow, .paused, .missed: ""
      }
    return "[\(instants) \(tick.verdict.name)\(detail)]"
  }
}

extension ScheduleState {
  /// A rollout is in progress.
  mutating func isDoing(_ rollout: Character?, due seconds: Double) {
    current = ScheduledRollout(
      rollout.map { SchedulerScript.run($0) }, due: SchedulerScript.moment(seconds))
  }

  /// A person paused it.
  mutating func isPaused(since seconds: Double) {
    pause = SchedulePause(
      since: SchedulerScript.moment(seconds), cause: .person("anna", reason: nil))
  }

  /// Everything is decided up to then.
  mutating func isDecided(through seconds: Double) {
    decidedThrough = SchedulerScript.moment(seconds)
  }
}
