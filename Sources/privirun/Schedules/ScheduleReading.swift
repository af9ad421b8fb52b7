import Events
import Journaling
import Operations
import Reporting
import Schedules
import Serving
import TimeZones

/// The schedules of a journal as commands show them.
struct ScheduleReading {
  private let reader: JournalReader
  private let options: JournalSettings
  private let zones: TimeZoneDatabase

  /// Reads the journal behind `reader`, with local times by `zones`.
  init(_ reader: JournalReader, _ options: JournalSettings, zones: TimeZoneDatabase) {
    self.reader = reader
    self.options = options
    self.zones = zones
  }

  /// All schedules, in the order of their names.
  func all() throws -> [ListedSchedule] {
    try options.translated { () throws(JournalError) in
      let latest = try reader.latestTicks()
      let triggers = try reader.triggers()
      return try reader.schedules().map { state in
        listed(state, latest: latest[state.name]?.tick, triggers)
      }
    }
  }

  /// All schedules, with what their rollouts in progress wait for.
  func allWithWaits() throws -> [ListedSchedule] {
    try all().map { item in
      var item = item
      item.wait = item.state.current?.rollout.flatMap(wait)
      return item
    }
  }

  /// Nil also where the rollout cannot be read, which is no reason not to list its schedule.
  private func wait(of rollout: RunID) -> ListedSchedule.Wait? {
    guard let record = try? reader.record(of: rollout) else { return nil }
    let view = RolloutView(record.events)
    if case .approval(let since)? = view.hold {
      return .approval(stage: view.stage, since: since)
    }
    guard let result = view.result, result.isWaiting else { return nil }
    let tenants = result.counts[.waiting]
    let mayGoOn = try? reader.mayGoOn(rollout, waitingRuns: tenants)
    return mayGoOn == false ? .decisions(tenants: tenants) : nil
  }

  /// The schedules whose ledgers cannot be used, in the order of their names.
  func unusable() throws -> [UnusableSchedule] {
    try flawed().map { UnusableSchedule($0.name, reason: $0.reason, hint: $0.hint) }
  }

  private func flawed() throws -> [FlawedSchedule] {
    try options.translated { () throws(JournalError) in try reader.flawedSchedules() }
  }

  /// The name of the schedule that `text` names, whether its ledger can be used or not.
  func name(_ text: String) throws -> String {
    try ScheduleName(text).resolved(among: names() + flawed().map(\.name))
  }

  /// The schedule that `text` names, by its name or the path of its rollout file.
  func schedule(_ text: String) throws -> ListedSchedule {
    let name = try ScheduleName(text).resolved(among: names())
    return try options.translated { () throws(JournalError) in
      let state = try reader.schedule(named: name)
      let latest = try reader.ticks(of: name, limit: 1).first?.tick
      return listed(state, latest: latest, try reader.triggers())
    }
  }

  /// The schedules of those names, each once, or all where none is given.
  func schedules(_ texts: [String]) throws -> [ListedSchedule] {
    guard !texts.isEmpty else { return try all() }
    var found: [ListedSchedule] = []
    for text in texts {
      let item = try schedule(text)
      if !found.contains(where: { $0.state.name == item.state.name }) { found.append(item) }
    }
    return found
  }

  /// The process that acts on the schedules; nil when there is none.
  func acting() throws -> RunProgress.Driver? {
    let holder = try options.translated { () throws(JournalError) in try reader.leaseHolder() }
    guard let holder, holder.isAlive, let identity = holder.sight.owner?.identity else {
      return nil
    }
    return RunProgress.Driver(process: identity.process, host: identity.host)
  }

  /// For how long the process that acts has not renewed its lease, where that is longer than a lease lasts: it
  /// hangs, or is stopped.
  func silence(at now: Moment) throws -> Duration? {
    let holder = try options.translated { () throws(JournalError) in try reader.leaseHolder() }
    guard let holder, holder.isAlive, let renewed = holder.renewedAt,
      now - renewed > LeaseKeeper.term
    else { return nil }
    return .seconds((now - renewed).components.seconds)
  }

  /// What was decided last, newest first, at most `limit`: of the schedule that `text` names, or of all.
  func ticks(of text: String?, limit: Int) throws -> [ListedTick] {
    let items = try schedules(text.map { [$0] } ?? [])
    return try options.translated { () throws(JournalError) in
      var histories: [ScheduleHistory] = []
      for item in items {
        let history = try ScheduleHistory(item, in: reader, limit: limit)
        if history.newest != nil { histories.append(history) }
      }
      var found: [ListedTick] = []
      while found.count < limit,
        let index = histories.indices.max(by: { histories[$0] < histories[$1] }),
        let tick = try histories[index].next()
      {
        found.append(tick)
        if histories[index].newest == nil { histories.remove(at: index) }
      }
      return found
    }
  }

  /// What a schedule started the rollout of `view` for; nil where none did.
  func tick(starting view: RolloutView) throws -> ListedTick? {
    guard let start = view.start else { return nil }
    return try options.translated { () throws(JournalError) in
      guard let tick = try reader.tick(starting: start.rollout, of: start.name) else { return nil }
      let state = try reader.schedule(named: start.name)
      let zone = Schedule(text: state.definition, zones: zones)?.zone
      return ListedTick(tick.tick, of: start.name, in: zone)
    }
  }

  private func names() throws -> [String] {
    try options.translated { () throws(JournalError) in try reader.schedules().map(\.name) }
  }

  private func listed(
    _ state: ScheduleState, latest: Tick?, _ triggers: [ScheduleTrigger]
  ) -> ListedSchedule {
    ListedSchedule(
      state, Schedule(text: state.definition, zones: zones), latest: latest,
      triggers: triggers.count { $0.schedule == state.name })
  }
}
