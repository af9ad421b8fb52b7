import Events
import Journaling
import Operations

/// What a simulated journal keeps of schedules, and of notifications.
struct SimulatedLedgers: Sendable {
  /// The ledger of one schedule.
  struct Ledger: Sendable {
    var state: ScheduleState
    var ticks: [Tick] = []
    var verdicts = DecidedInstants()
    /// Who changed it last.
    var author: LedgerChange.Author
    /// Grows with each change of any schedule.
    var change: Int64
  }

  /// The lease; nobody's where `owner` is nil.
  struct Lease: Sendable {
    var owner: Int64?
    var epoch = 0
    var beat = 0
  }

  var ledgers: [String: Ledger] = [:]
  /// The names of those that cannot be used.
  var flawed: Set<String> = []
  var lastChange: Int64 = 0
  var triggers: [ScheduleTrigger] = []
  var lastTrigger: Int64 = 0
  var lease = Lease()
  var notices: [RunID: StoredNotice] = [:]

  /// Why `change` cannot be made by the process `owner`; nil when it can, or was made already.
  func refusal(
    of change: LedgerChange, by owner: JournalOwner, _ owners: [JournalOwner]
  ) -> JournalError? {
    let name = change.state.name
    let known = ledgers[name]
    if known?.isAlready(after: change) ?? false { return nil }
    if case .daemon(let epoch) = change.author,
      lease.owner != owner.number || lease.epoch != epoch
    {
      let other = owners.first { $0.number == lease.owner }
      return .leaseLost(rollout: change.rollout, to: other)
    }
    let version = known?.state.version ?? 0
    guard version == change.expected, change.state.version == version + 1 else {
      return .ledgerMoved(schedule: name, rollout: change.rollout)
    }
    if let flaw = flaw(of: name) { return flaw.error }
    let waiting = triggers.filter { $0.schedule == name }.map(\.number)
    guard Set(waiting).isSuperset(of: change.handled) else {
      return .ledgerMoved(schedule: name, rollout: change.rollout)
    }
    var verdicts = known?.verdicts ?? DecidedInstants()
    for tick in change.ticks where tick.verdict.person == nil {
      guard verdicts.add(tick) else {
        return .decidedTwice(schedule: name, due: tick.due, rollout: change.rollout)
      }
    }
    return nil
  }

  /// Makes `change`, which is not refused, unless it was made already.
  mutating func perform(_ change: LedgerChange) {
    let name = change.state.name
    guard !(ledgers[name]?.isAlready(after: change) ?? false) else { return }
    lastChange += 1
    ledgers[
      name, default: Ledger(state: change.state, author: change.author, change: lastChange)
    ].perform(change, number: lastChange)
    triggers.removeAll { $0.schedule == name && change.handled.contains($0.number) }
  }

  /// The schedules that changed after `cursor`, and all triggers.
  func page(after cursor: JournalCursor) -> SchedulePage {
    let changed = ledgers.values.filter { $0.change > cursor.position }.map(\.state)
    return SchedulePage(
      changed.filter { !flawed.contains($0.name) }.sorted { $0.name < $1.name },
      flawed: flawed.sorted().compactMap(flaw), triggers: triggers,
      next: JournalCursor(max(cursor.position, lastChange)))
  }

  private func flaw(of name: String) -> FlawedSchedule? {
    flawed.contains(name)
      ? FlawedSchedule(name, .flawedLedger(schedule: name, .alteredState)) : nil
  }

  mutating func trigger(
    _ schedule: String, at moment: Moment, by person: String
  ) throws(JournalError) {
    guard ledgers[schedule] != nil else {
      throw .unknownSchedule(name: schedule, known: ledgers.keys.sorted())
    }
    lastTrigger += 1
    triggers.append(
      ScheduleTrigger(number: lastTrigger, schedule: schedule, at: moment, by: person))
  }

  /// Adds a notification, unless it is there already.
  mutating func add(_ notice: StoredNotice) {
    if notices[notice.id] == nil { notices[notice.id] = notice }
  }

  /// The notifications that are due, each put off until `next` and counted as attempted.
  mutating func takeNotices(due moment: Moment, limit: Int, until next: Moment) -> [StoredNotice] {
    let due = notices.values.filter { $0.due <= moment }
      .sorted { ($0.due, $0.id) < ($1.due, $1.id) }.prefix(max(0, limit))
    return due.map { notice in
      var taken = notice
      taken.due = next
      taken.attempts += 1
      notices[notice.id] = taken
      return taken
    }
  }
}

extension SimulatedLedgers.Ledger {
  /// Whether that very change was made last: its first answer was lost.
  fileprivate func isAlready(after change: LedgerChange) -> Bool {
    state == change.state && author == change.author && ticks.count >= change.ticks.count
      && ticks.suffix(change.ticks.count).elementsEqual(change.ticks)
  }

  fileprivate mutating func perform(_ change: LedgerChange, number: Int64) {
    (state, author, self.change) = (change.state, change.author, number)
    ticks += change.ticks
    for tick in change.ticks where tick.verdict.person == nil { _ = verdicts.add(tick) }
  }
}

/// The due instants that have a verdict.
struct DecidedInstants: Sendable {
  /// In order, apart from each other.
  private var spans: [(due: Moment, through: Moment)] = []

  /// Adds what `tick` stands for; false, and nothing added, where some of it has a verdict.
  mutating func add(_ tick: Tick) -> Bool {
    // Most come in order.
    let before = spans.lastIndex { $0.due <= tick.through }
    if let before, spans[before].through >= tick.due { return false }
    spans.insert((tick.due, tick.through), at: before.map { $0 + 1 } ?? 0)
    return true
  }
}
