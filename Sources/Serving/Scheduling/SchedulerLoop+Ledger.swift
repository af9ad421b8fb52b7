import Events
import Journaling
import Operations
import Schedules

/// The lease and the ledger.
extension SchedulerLoop {
  mutating func handle(
    _ event: LeaseEvent, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    switch event {
    case .taken where standing == .resigned: break
    case .taken(let epoch):
      standing = .taking(epoch: epoch)
      reading = LedgerPosition()
      observe(.acts(surroundings.identity))
      readLedger(in: &group)
    case .renewed: observe(.journalWorked)
    case .lost(let epoch): standBy(after: epoch, in: &group)
    case .held(let sight):
      observe(.acts(sight.owner?.identity))
      observe(.journalWorked)
      // Ready is who has read the files, too.
      guard standing == .unknown, files.served != nil else { return }
      standing = .standingBy
      enter(.standingBy)
    case .failed(let error): fail(error)
    }
  }

  /// Another process acts in place of the one that had `epoch`.
  mutating func standBy(
    after epoch: Int, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    guard standing == .acting(epoch: epoch) || standing == .taking(epoch: epoch) else { return }
    standing = .standingBy
    // Whoever acts now does them again.
    rollouts.dropUnrecorded()
    apply(.standingBy, in: &group)
    // Whether a ledger can be used is the business of whoever acts.
    files.forgetFlawed()
    applyFiles(in: &group)
    enter(.standingBy)
  }

  private func enter(_ state: DaemonState) {
    if phase == .serving { observe(.entered(state)) }
  }

  /// Reads everything once the lease is taken and the files are known, and then what is new.
  mutating func readLedger(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    guard !reading.isReading, files.served != nil else { return }
    let (purpose, epoch): (LedgerPosition.Purpose, Int)
    switch standing {
    case .unknown, .standingBy, .resigned: return
    case .taking(let taken): (purpose, epoch) = (.everything, taken)
    case .acting(let acting): (purpose, epoch) = (.news, acting)
    }
    reading.isReading = true
    let (ledger, cursor, inbox) = (surroundings.ledger, reading.cursor, inbox)
    group.addTask {
      do throws(JournalError) {
        let page = try await ledger.schedules(after: cursor)
        inbox.put(.read(purpose, .success(page), epoch: epoch))
      } catch {
        inbox.put(.read(purpose, .failure(error), epoch: epoch))
      }
    }
  }

  mutating func handle(
    _ result: Result<SchedulePage, JournalError>, _ purpose: LedgerPosition.Purpose, _ epoch: Int,
    in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let expected: Standing =
      purpose == .everything ? .taking(epoch: epoch) : .acting(epoch: epoch)
    guard standing == expected else { return }
    switch result {
    case .failure(let error): fail(error)
    case .success(let page):
      reading.cursor = page.next
      // What cannot be used is set aside before anything is decided, and what can be again comes back after.
      let former = files.flawed.filter { old in !page.flawed.contains { $0.name == old.name } }
      setAside(former + page.flawed, in: &group)
      switch purpose {
      case .everything: act(on: page, epoch, in: &group)
      case .news: receive(page, in: &group)
      }
      setAside(page.flawed, in: &group)
    }
  }

  /// Nothing is decided about `flawed` any more, nor about what was set aside before.
  mutating func set(
    aside flawed: FlawedSchedule, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    setAside(files.flawed.filter { $0.name != flawed.name } + [flawed], in: &group)
  }

  /// Nothing is decided about `flawed`, and about no others but these.
  private mutating func setAside(
    _ flawed: [FlawedSchedule], in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    guard files.flawed != flawed else { return }
    files.flawed = flawed
    applyFiles(in: &group)
  }

  private mutating func act(
    on page: SchedulePage, _ epoch: Int, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    standing = .acting(epoch: epoch)
    enter(.acting)
    files.remember(page.states)
    applyFiles(in: &group)
    apply(.acting(epoch: epoch, page.states), in: &group)
    for state in page.states { observe(.recorded(state, files.schedule(of: state.name))) }
    reading.triggers = page.triggers
    if !page.triggers.isEmpty { apply(.ledger([], triggers: page.triggers), in: &group) }
  }

  private mutating func receive(
    _ page: SchedulePage, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    // Triggers that wait are repeated: the scheduler drops them when a change that answers one is refused.
    guard !page.states.isEmpty || !page.triggers.isEmpty || !reading.triggers.isEmpty else {
      return
    }
    reading.triggers = page.triggers
    apply(.ledger(page.states, triggers: page.triggers), in: &group)
    for state in page.states { observe(.recorded(state, files.schedule(of: state.name))) }
  }

  mutating func applyFiles(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    guard let current = files.current else { return }
    apply(.files(current), in: &group)
    if let unusable = files.changeOfUnusable() { observe(.unusable(unusable)) }
  }

  mutating func committed(
    _ change: LedgerChange, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let state = change.state
    // Who stands by shows the state of no schedule.
    if standing.isActing { observe(.recorded(state, files.schedule(of: state.name))) }
    files.remember([state])
    apply(.committed(schedule: state.name, rollout: change.rollout), in: &group)
  }

  private mutating func fail(_ error: JournalError) {
    observe(.journalFailed(error))
    if error.outlastsProcess { phase = .failed(.journal(error)) }
  }
}
