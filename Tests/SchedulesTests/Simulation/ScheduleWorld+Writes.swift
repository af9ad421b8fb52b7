import Events
import Operations
import Schedules

/// Writes to the ledger.
extension ScheduleWorld {
  /// A rollout is ready to be started, or cannot be.
  mutating func prepared(_ write: SimulatedDaemon.Write, _ daemon: Int) {
    guard case .start = write.what else { return }
    if chance(isCalm ? 0 : traits.refusalShare) {
      daemons[daemon].pending[write.schedule] = nil
      return apply(.notStarted(schedule: write.schedule, reason: "no"), daemon)
    }
    schedule(.write(daemon, write), after: pause(1...20))
  }

  /// The journal makes the change or refuses it; the process may end just before or after.
  mutating func perform(_ write: SimulatedDaemon.Write, _ daemon: Int) {
    let crashes = !isCalm && chance(traits.crashShare)
    if crashes, chance(50) { return crash(daemon) }
    let (change, rollout) = change(of: write)
    let before = ledger.states[write.schedule]
    let outcome = ledger.commit(change)
    if outcome != .committed { watch.count("\(outcome)") }
    if outcome == .committed {
      watch.committed(change, after: before, write, daemons[daemon].term)
      if before?.definition != change.state.definition
        || before?.isActive != change.state.isActive
      {
        daemons[daemon].term.restart(write.schedule)
      }
      if case .start = write.what { begin(rollout, of: write.schedule, daemon) }
    }
    if crashes { return crash(daemon) }
    daemons[daemon].pending[write.schedule] = nil
    switch outcome {
    case .committed:
      apply(.committed(schedule: write.schedule, rollout: rollout), daemon)
    case .moved:
      apply(.refused(schedule: write.schedule, ledger.states[write.schedule]), daemon)
      readLedgerSoon()
    case .leaseLost:
      if daemons[daemon].epoch == write.epoch { lose(daemon) }
      apply(.refused(schedule: write.schedule, ledger.states[write.schedule]), daemon)
    }
  }

  private mutating func change(
    of write: SimulatedDaemon.Write
  ) -> (LedgerChange, rollout: RunID?) {
    switch write.what {
    case .change(let change): return (change, nil)
    case .start(let start):
      let leavesRecord = files.first { $0.name == start.schedule }?.leavesRecord ?? true
      // A rollout without ticks is done again, and never had a record.
      let rollout =
        leavesRecord && !start.template.ticks.isEmpty ? RunID(using: &random) : nil
      return (start.change(starting: rollout), rollout)
    }
  }
}

/// Rollouts.
extension ScheduleWorld {
  private mutating func begin(_ rollout: RunID?, of name: String, _ daemon: Int) {
    let process = daemons[daemon].process
    guard let rollout else {
      let number = (daemons[daemon].unrecorded[name] ?? 0) + 1
      daemons[daemon].unrecorded[name] = number
      return schedule(
        .unrecordedEnds(daemon, process: process, name, number), after: length())
    }
    if rollouts.values.contains(where: { $0.schedule == name && $0.end == nil }) {
      watch.object("two rollouts of \(name) are in progress")
    }
    let outcome: Outcome =
      chance(traits.failureShare)
      ? [.failed, .inDoubt, .cancelled].randomElement(using: &random) ?? .failed
      : .succeeded
    rollouts[rollout] = SimulatedScheduleRollout(
      schedule: name, outcome: outcome, driver: (daemon, process))
    planEnd(of: rollout, after: length())
  }

  private mutating func length() -> Duration {
    if isCalm { return pause(1...20) }
    let unit = Int(traits.unit)
    return chance(15) ? pause(1...unit * 6000) : pause(1...unit * 1200)
  }

  mutating func planEnd(of rollout: RunID, after pause: Duration) {
    guard var planned = rollouts[rollout] else { return }
    planned.plan += 1
    rollouts[rollout] = planned
    schedule(.rolloutEnds(rollout, plan: planned.plan), after: pause)
  }

  mutating func rolloutEnds(_ rollout: RunID, plan: Int, _ what: Happening) {
    guard let ended = rollouts[rollout], ended.plan == plan, ended.end == nil,
      reaches(ended.driver.daemon, ended.driver.process, what)
    else { return }
    let outcome = ended.isCancelled ? .cancelled : ended.outcome
    rollouts[rollout]?.end = outcome
    let input = SchedulerInput.ended(schedule: ended.schedule, rollout, outcome)
    schedule(.input(ended.driver.daemon, process: ended.driver.process, input), after: .zero)
    for watcher in ended.watchers {
      schedule(.input(watcher.daemon, process: watcher.process, input), after: pause(0...1000))
    }
  }

  mutating func cancel(_ rollout: RunID?, of name: String, _ daemon: Int) {
    guard let rollout else {
      let process = daemons[daemon].process
      guard let number = daemons[daemon].unrecorded[name] else { return }
      return schedule(
        .unrecordedEnds(daemon, process: process, name, number), after: pause(1...500))
    }
    guard rollouts[rollout]?.end == nil else { return }
    if rollouts[rollout]?.isCancelled ?? true { return }
    rollouts[rollout]?.isCancelled = true
    planEnd(of: rollout, after: pause(1...1000))
  }

  /// The daemon drives the rollout on, or watches it while a living process drives it.
  mutating func resume(_ rollout: RunID, _ daemon: Int) {
    watch.count("resumed")
    let process = daemons[daemon].process
    guard let resumed = rollouts[rollout] else {
      return watch.object("an unknown rollout is resumed")
    }
    if let end = resumed.end {
      let input = SchedulerInput.ended(schedule: resumed.schedule, rollout, end)
      return schedule(.input(daemon, process: process, input), after: pause(0...100))
    }
    if resumed.driver == (daemon, process) { return }
    rollouts[rollout]?.watchers.append((daemon, process))
    driveOn(rollout)
  }

  /// A process that watches the rollout drives it on, when its driver is dead.
  mutating func driveOn(_ rollout: RunID) {
    guard let left = rollouts[rollout], !isAlive(left.driver),
      let next = left.watchers.last(where: { isAlive($0) })
    else { return }
    rollouts[rollout]?.driver = next
    rollouts[rollout]?.watchers.removeAll { $0 == next }
    planEnd(of: rollout, after: length())
  }

  private func isAlive(_ place: (daemon: Int, process: Int)) -> Bool {
    daemons[place.daemon].process == place.process && daemons[place.daemon].condition != .dead
  }
}
