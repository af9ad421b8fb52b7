import Events
import Operations
import Schedules

/// What disturbs schedules from outside.
enum ScheduleDisturbance {
  /// The clock on the wall jumps, or the machine was suspended.
  case jump(Duration)
  case crash(daemon: Int)
  case freeze(daemon: Int, Duration)
  case thaw(daemon: Int, process: Int)
  /// It is asked to stop, and leaves a while later.
  case drain(daemon: Int)
  case leave(daemon: Int, process: Int)
  case edit(file: Int)
  case move(file: Int)
  case remove(file: Int)
  case spoil(file: Int)
  case restore(file: Int)
  case pause(String)
  case unpause(String)
  case trigger(String)
}

extension ScheduleWorld {
  mutating func plan(disturbances count: Int) {
    let horizon = Int((traits.horizon - now).components.seconds) * 1000
    for _ in 0..<count {
      schedule(.disturbance(anyDisturbance()), after: pause(0...horizon * 9 / 10))
    }
  }

  private mutating func anyDisturbance() -> ScheduleDisturbance {
    let daemon = Int.random(in: daemons.indices, using: &random)
    let file = Int.random(in: files.indices, using: &random)
    switch Int.random(in: 0..<20, using: &random) {
    case 0...3: return .jump(jump())
    case 4...5: return .crash(daemon: daemon)
    case 6...7:
      return .freeze(daemon: daemon, chance(50) ? pause(0...15_000) : pause(15_000...90_000))
    case 8: return .drain(daemon: daemon)
    case 9...10: return .edit(file: file)
    case 11: return .move(file: file)
    case 12...13: return .remove(file: file)
    case 14: return .spoil(file: file)
    case 15...16: return .pause(files[file].name)
    case _: return .trigger(files[file].name)
    }
  }

  private mutating func jump() -> Duration {
    let unit = Int(traits.unit) * 1000
    let length =
      switch Int.random(in: 0..<10, using: &random) {
      case 0...2: pause(0...29_000)
      case 3...5: pause(30_000...120_000)
      case 6...8: pause(0...unit * 10)
      case _: pause(0...unit * (traits.unit < 5 ? 1500 : 30))
      }
    return chance(35) ? .zero - length : length
  }

  mutating func disturb(_ disturbance: ScheduleDisturbance) {
    guard !isCalm || disturbance.isRelief else { return }
    switch disturbance {
    case .jump(let duration): jump(by: duration)
    case .crash(let daemon): crash(daemon)
    case .freeze(let daemon, let length): freeze(daemon, for: length)
    case .thaw(let daemon, let process):
      if daemons[daemon].process == process { thaw(daemon) }
    case .drain(let daemon):
      guard daemons[daemon].isRunning else { return }
      let process = daemons[daemon].process
      schedule(.input(daemon, process: process, .drain), after: .zero)
      schedule(
        .disturbance(.leave(daemon: daemon, process: process)), after: pause(10...3000))
    case .leave(let daemon, let process):
      if daemons[daemon].process == process { crash(daemon) }
    case .edit, .move, .remove, .spoil, .restore: change(disturbance)
    case .pause(let name):
      let now = wall
      change(pauseOf: name) { state, _ in .pausing(state, at: now, by: "p") }
      schedule(
        .disturbance(.unpause(name)), after: pause(0...(chance(50) ? 3000 : horizonPart)))
    case .unpause(let name):
      let now = wall
      change(pauseOf: name) { state, schedule in .resuming(state, schedule, at: now) }
    case .trigger(let name):
      ledger.trigger(name, at: wall, by: "t")
      readLedgerSoon()
    }
  }

  private var horizonPart: Int { Int(traits.unit) * 8000 }

  private mutating func jump(by duration: Duration) {
    setClock(ahead: duration)
    for daemon in daemons.indices {
      schedule(.input(daemon, process: daemons[daemon].process, .tick), after: pause(0...1000))
    }
  }

  private mutating func freeze(_ daemon: Int, for length: Duration) {
    guard daemons[daemon].isRunning else { return }
    daemons[daemon].condition = .frozen(since: now)
    schedule(
      .disturbance(.thaw(daemon: daemon, process: daemons[daemon].process)), after: length)
    for other in daemons.indices where other != daemon && daemons[other].isRunning {
      schedule(
        .tryLease(other, process: daemons[other].process), after: .seconds(20) + pause(0...1000))
    }
  }

  mutating func thaw(_ daemon: Int) {
    guard case .frozen = daemons[daemon].condition else { return }
    daemons[daemon].condition = .running
    let held = daemons[daemon].held
    daemons[daemon].held = []
    for what in held { schedule(what, after: .zero) }
    schedule(.checkLease(daemon, process: daemons[daemon].process), after: pause(0...5000))
  }

  /// What a person does, who sees the ledger as it is.
  private mutating func change(
    pauseOf name: String, _ change: (ScheduleState, Schedule?) -> LedgerChange?
  ) {
    guard let state = ledger.states[name] else { return }
    let spec = watch.spec(state.definition)
    guard let change = change(state, spec?.schedule) else { return }
    if ledger.commit(change) == .committed { watch.committed(change, after: state) }
    readLedgerSoon()
  }
}

/// Files.
extension ScheduleWorld {
  private mutating func change(_ disturbance: ScheduleDisturbance) {
    switch disturbance {
    case .edit(let file):
      let second = wall.nanoseconds / 1_000_000_000
      files[file].spec = ScheduleSpec(unit: traits.unit, near: second, using: &random)
      watch.learn(files[file].spec)
      if chance(10) { files[file].leavesRecord.toggle() }
      seeFilesSoon()
    case .move(let file):
      files[file].place += 1
      seeFilesSoon()
    case .remove(let file): hide(file, .gone)
    case .spoil(let file): hide(file, .unreadable)
    case .restore(let file): restore(file)
    case .jump, .crash, .freeze, .thaw, .drain, .leave, .pause, .unpause, .trigger: break
    }
  }

  private mutating func hide(_ file: Int, _ condition: SimulatedScheduleFile.Condition) {
    files[file].condition = condition
    seeFilesSoon()
    if chance(80) {
      schedule(
        .disturbance(.restore(file: file)), after: pause(0...(chance(50) ? 3000 : horizonPart)))
    }
  }

  mutating func restore(_ file: Int) {
    if files[file].condition == .gone, isCalm { return }
    files[file].condition = .there
    seeFilesSoon()
  }

  private mutating func seeFilesSoon() {
    for daemon in daemons.indices {
      schedule(.lookAtFiles(daemon, process: daemons[daemon].process), after: pause(0...2000))
    }
  }
}

extension ScheduleDisturbance {
  /// Whether it ends another one.
  fileprivate var isRelief: Bool {
    switch self {
    case .thaw, .unpause, .leave: true
    case .jump, .crash, .freeze, .drain, .edit, .move, .remove, .spoil, .restore, .pause, .trigger:
      false
    }
  }
}
