import Events
import Operations
import Schedules
import TimeZones

/// What comes to processes.
extension ScheduleWorld {
  mutating func happen(_ what: Happening) {
    switch what {
    case .boot(let daemon): boot(daemon)
    case .disturbance(let disturbance): disturb(disturbance)
    case .rolloutEnds(let rollout, let plan): rolloutEnds(rollout, plan: plan, what)
    case .calm: calmDown()
    case .lookAtFiles(let daemon, let process), .tryLease(let daemon, let process),
      .checkLease(let daemon, let process), .readLedger(let daemon, let process),
      .input(let daemon, let process, _), .alarm(let daemon, let process, _),
      .unrecordedEnds(let daemon, let process, _, _):
      if reaches(daemon, process, what) { handle(what, daemon) }
    case .prepared(let daemon, let write), .write(let daemon, let write):
      if reaches(daemon, write.process, what) { handle(what, daemon) }
    }
  }

  /// Whether it comes to the process: it may be dead, or frozen, which holds it back.
  mutating func reaches(_ daemon: Int, _ process: Int, _ what: Happening) -> Bool {
    guard daemons[daemon].process == process else { return false }
    switch daemons[daemon].condition {
    case .dead: return false
    case .running: return true
    case .frozen:
      daemons[daemon].held.append(what)
      return false
    }
  }

  private mutating func handle(_ what: Happening, _ daemon: Int) {
    switch what {
    case .lookAtFiles: lookAtFiles(daemon)
    case .tryLease: tryLease(daemon)
    case .checkLease:
      if let epoch = daemons[daemon].epoch, epoch != ledger.epoch { lose(daemon) }
    case .readLedger: readLedger(daemon)
    case .input(_, _, let input): apply(input, daemon)
    case .alarm(_, _, let number):
      if daemons[daemon].alarm == number { apply(.tick, daemon) }
    case .prepared(_, let write): prepared(write, daemon)
    case .write(_, let write): perform(write, daemon)
    case .unrecordedEnds(_, _, let name, let number):
      guard daemons[daemon].unrecorded[name] == number else { return }
      daemons[daemon].unrecorded[name] = nil
      apply(.ended(schedule: name, nil, chance(traits.failureShare) ? .failed : .succeeded), daemon)
    case .boot, .disturbance, .rolloutEnds, .calm: break
    }
  }

  private mutating func boot(_ daemon: Int) {
    guard daemons[daemon].condition == .dead else { return }
    let zones = TimeZoneDatabase(rules: { $0 == "UTC" ? .utc : nil }, names: { [] })
    daemons[daemon] = SimulatedDaemon(
      scheduler: Scheduler { text in
        ScheduleSpec.isReadable(text) ? Schedule(text: text, zones: zones) : nil
      }, process: daemons[daemon].process + 1, condition: .running)
    let process = daemons[daemon].process
    schedule(.lookAtFiles(daemon, process: process), after: pause(0...500))
    schedule(.tryLease(daemon, process: process), after: pause(0...500))
  }

  /// The process ends with everything that is not recorded.
  mutating func crash(_ daemon: Int) {
    guard daemons[daemon].condition != .dead else { return }
    daemons[daemon].condition = .dead
    daemons[daemon].held = []
    let length = chance(20) ? pause(0...Int(traits.unit) * 20_000) : pause(100...5000)
    schedule(.boot(daemon), after: length)
    leaseIsFree()
    // Who watches its rollouts sees that nobody drives them any more.
    for (run, rollout) in rollouts.sorted(by: { $0.key < $1.key })
    where rollout.end == nil && rollout.driver == (daemon, daemons[daemon].process) {
      driveOn(run)
    }
  }
}

/// The lease.
extension ScheduleWorld {
  private var isLeaseFree: Bool {
    guard let holder, holder.process == daemons[holder.daemon].process else { return true }
    switch daemons[holder.daemon].condition {
    case .dead: return true
    case .running: return false
    case .frozen(let since): return now - since >= .seconds(20)
    }
  }

  private mutating func tryLease(_ daemon: Int) {
    guard daemons[daemon].epoch == nil, isLeaseFree else { return }
    if let holder, daemons[holder.daemon].condition != .dead { watch.count("taken over") }
    holder = (daemon, daemons[daemon].process)
    let epoch = ledger.takeLease()
    daemons[daemon].epoch = epoch
    daemons[daemon].term = SimulatedDaemon.ActingTerm()
    daemons[daemon].term.look(at: wall, daemons[daemon].definitions.keys)
    apply(.acting(epoch: epoch, ledger.states.values.sorted { $0.name < $1.name }), daemon)
    readLedger(daemon)
  }

  /// Those that stand by try soon.
  mutating func leaseIsFree() {
    for other in daemons.indices where daemons[other].condition != .dead {
      schedule(.tryLease(other, process: daemons[other].process), after: pause(0...1000))
    }
  }

  /// The process finds another one in its place.
  mutating func lose(_ daemon: Int) {
    daemons[daemon].epoch = nil
    daemons[daemon].unrecorded = [:]
    apply(.standingBy, daemon)
    leaseIsFree()
  }

  private mutating func readLedger(_ daemon: Int) {
    guard daemons[daemon].epoch != nil else { return }
    apply(
      .ledger(ledger.states.values.sorted { $0.name < $1.name }, triggers: ledger.triggers),
      daemon)
  }

  mutating func readLedgerSoon() {
    for daemon in daemons.indices where daemons[daemon].epoch != nil {
      schedule(.readLedger(daemon, process: daemons[daemon].process), after: pause(0...1000))
    }
  }
}

/// The scheduler.
extension ScheduleWorld {
  mutating func apply(_ input: SchedulerInput, _ daemon: Int) {
    look(daemon)
    let actions = daemons[daemon].scheduler.apply(input, at: wall)
    for action in actions { perform(action, daemon) }
    setAlarm(daemon)
  }

  private mutating func lookAtFiles(_ daemon: Int) {
    let before = daemons[daemon].definitions
    let readable = files.filter { $0.condition == .there }
    daemons[daemon].definitions = Dictionary(
      uniqueKeysWithValues: readable.map { ($0.name, $0.definition) })
    daemons[daemon].unreadable = Set(
      files.filter { $0.condition == .unreadable }.map(\.name))
    if daemons[daemon].epoch != nil {
      // What is due by a definition that is replaced is noticed now.
      let changed = files.filter { file in
        file.condition != .unreadable
          && before[file.name] != daemons[daemon].definitions[file.name]
      }
      daemons[daemon].term.look(at: wall, changed.map(\.name))
    }
    apply(.files(files.compactMap(\.seen)), daemon)
  }

  /// It looks at the schedules whose files say the same as the ledger, and once at the others: what is due
  /// up to then is noticed then, or anew when the clock was set back.
  private mutating func look(_ daemon: Int) {
    let looking = daemons[daemon]
    guard looking.epoch != nil else { return }
    let isSetBack = looking.term.isSetBack(to: wall)
    let decides = ledger.states.values.filter { state in
      if looking.definitions[state.name] == state.definition { return true }
      return state.isActive && !looking.unreadable.contains(state.name)
        && (isSetBack || looking.term.looks[state.name] == nil)
    }
    daemons[daemon].term.look(at: wall, decides.map(\.name))
  }

  private mutating func setAlarm(_ daemon: Int) {
    guard let next = daemons[daemon].scheduler.nextDeadline else { return }
    if next <= wall { watch.object("a deadline is in the past") }
    daemons[daemon].alarm += 1
    schedule(
      .alarm(daemon, process: daemons[daemon].process, daemons[daemon].alarm),
      after: next - wall + (chance(30) ? pause(0...20) : .zero))
  }

  private mutating func perform(_ action: SchedulerAction, _ daemon: Int) {
    switch action {
    case .commit(let change): begin(.change(change), daemon)
    case .start(let start): begin(.start(start), daemon)
    case .cancel(let name, let rollout):
      if daemons[daemon].epoch != ledger.epoch {
        watch.object("\(name): a rollout is cancelled without the lease")
      }
      watch.cancelled(rollout, ledger.states[name])
      cancel(rollout, of: name, daemon)
    case .resume(_, let rollout): resume(rollout, daemon)
    case .decided(let name, let ticks): watch.decided(name, ticks)
    case .pauseChanged: break
    case .unreadable(_, let definition):
      watch.count("unreadable")
      if ScheduleSpec.isReadable(definition) { watch.object("\(definition) is readable") }
    }
  }

  private mutating func begin(_ what: SimulatedDaemon.Write.What, _ daemon: Int) {
    guard let epoch = daemons[daemon].epoch else {
      return watch.object("something is decided by a process that stands by")
    }
    let write = SimulatedDaemon.Write(
      what: what, decidedAt: wall, epoch: epoch, process: daemons[daemon].process)
    if daemons[daemon].pending.updateValue(write, forKey: write.schedule) != nil {
      watch.object("two changes of one schedule are on their way")
    }
    switch what {
    case .change: schedule(.write(daemon, write), after: pause(1...(chance(5) ? 500 : 20)))
    case .start:
      let length = isCalm ? 20 : chance(10) ? 35_000 : 2000
      schedule(.prepared(daemon, write), after: pause(1...length))
    }
  }
}

extension SimulatedDaemon.Write {
  var schedule: String {
    switch what {
    case .change(let change): change.state.name
    case .start(let start): start.schedule
    }
  }
}
