import EventSamples
import Events
import Journaling
import Operations
import Simulation
import Testing

/// What every journal must do about what is decided on schedules.
@Suite("Every journal's ledgers") struct LedgerConformanceTests {
  private static let first = SampleLedger.first()

  /// The journal `index`, with the schedule and the lease of its process.
  private static func scheduled(
    _ journals: OpenedJournals, _ index: Int = 0
  ) async throws -> (journal: any ScheduleLedger, epoch: Int) {
    let journal = journals[index]
    let epoch = try await journal.epoch()
    SampleLedger.expectCommitted(await journal.commit(SampleLedger.commit(first, epoch: epoch)))
    return (journal, epoch)
  }

  @Test(arguments: JournalConformance.allCases)
  func `schedules are read in the order of their names, and then those that changed`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let epoch = try await journals[0].epoch()
    let names = ["weekly", "daily", "nightly"]
    #expect(
      try await journals[1].schedules(after: .start)
        == SchedulePage([], triggers: [], next: .start))
    for name in names {
      SampleLedger.expectCommitted(
        await journals[0].commit(SampleLedger.commit(SampleLedger.first(name), epoch: epoch)))
    }
    let page = try await journals[1].schedules(after: .start)
    #expect(page.states == names.sorted().map { SampleLedger.first($0) })
    #expect(
      try await journals[1].schedules(after: page.next)
        == SchedulePage([], triggers: [], next: page.next))
    let changed = SampleLedger.next(after: SampleLedger.first("daily"), decided: 7) { state in
      state.queued = SampleLedger.minute(6)
      state.current = ScheduledRollout(SampleLedger.rollout, due: SampleLedger.minute(5))
      state.isActive = false
    }
    SampleLedger.expectCommitted(
      await journals[0].commit(SampleLedger.commit(changed, epoch: epoch)))
    for journal in [journals[0], journals[1]] {
      let next = try await journal.schedules(after: page.next)
      #expect(next.states == [changed])
      #expect(try await journal.schedules(after: next.next).states == [])
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `every state comes back as it was`(journal: JournalConformance) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let since = SampleLedger.minute(-3)
    let edits: [@Sendable (inout ScheduleState) -> Void] = [
      { $0.pause = SchedulePause(since: since, cause: .person("ann", reason: "holiday")) },
      { $0.pause = SchedulePause(since: since, cause: .person("ann", reason: nil)) },
      { $0.pause = SchedulePause(since: since, cause: .failure(SampleLedger.rollout)) },
      { $0.pause = SchedulePause(since: since, cause: .failure(nil)) },
      { $0.pause = nil },
      { $0.current = ScheduledRollout(nil, due: since) },
      { ($0.queued, $0.isActive, $0.definition) = (since, false, "every: 6h") },
    ]
    var state = Self.first
    SampleLedger.expectCommitted(await journals[0].commit(SampleLedger.commit(state)))
    for edit in edits {
      state = SampleLedger.next(after: state, edit)
      SampleLedger.expectCommitted(await journals[0].commit(SampleLedger.commit(state)))
      #expect(try await journals[0].states == [state])
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `a change that does not follow on the state is refused, and nothing comes with it`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let (journal, epoch) = try await Self.scheduled(journals)
    let second = SampleLedger.next(after: Self.first, decided: 1)
    let third = SampleLedger.next(after: second, decided: 2)
    let moved = JournalError.ledgerMoved(
      schedule: SampleLedger.name, rollout: SampleLedger.rollout)
    // Of a version that is over, of one that is not reached, and of a schedule that is not known.
    let wrong = [
      SampleLedger.next(after: Self.first) { $0.version = 1 }, third,
      SampleLedger.next(after: SampleLedger.first("other")),
    ]
    for state in wrong {
      var commit = SampleLedger.start(
        state, epoch: epoch, SampleLedger.tick(1, .ran(SampleLedger.rollout)))
      commit.notices = [SampleLedger.notice(1, due: 0)]
      let error = JournalError.ledgerMoved(schedule: state.name, rollout: SampleLedger.rollout)
      #expect(await journal.commit(commit) == .conflict(error))
      #expect(error.run == moved.run)
    }
    await #expect(throws: JournalError.unknownRun(prefix: SampleLedger.rollout.text)) {
      try await journal.record(of: SampleLedger.rollout)
    }
    #expect(try await journal.states == [Self.first])
    #expect(
      try await journal.takeNotices(due: SampleLedger.minute(9), limit: 9, hold: .seconds(1)) == [])
    // One of two changes is refused: neither is made.
    var both = SampleLedger.commit(second, epoch: epoch)
    both.ledger += SampleLedger.commit(SampleLedger.next(after: SampleLedger.first("b"))).ledger
    #expect(
      await journal.commit(both) == .conflict(.ledgerMoved(schedule: "b", rollout: nil)))
    #expect(try await journal.states == [Self.first])
    SampleLedger.expectCommitted(
      await journal.commit(SampleLedger.commit(second, epoch: epoch)))
  }

  @Test(arguments: JournalConformance.allCases)
  func `a change is made with a run's events or not at all`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let (journal, epoch) = try await Self.scheduled(journals)
    let second = SampleLedger.next(after: Self.first, decided: 1) { state in
      state.current = ScheduledRollout(SampleLedger.rollout, due: SampleLedger.minute(1))
    }
    let start = SampleLedger.start(
      second, epoch: epoch, SampleLedger.tick(1, .ran(SampleLedger.rollout)))
    var misplaced = start
    misplaced.parts[0].events[0].sequence = 4
    #expect(
      await journal.commit(misplaced)
        == .conflict(.misplaced(run: SampleLedger.rollout, sequence: 4)))
    #expect(try await journal.states == [Self.first])
    SampleLedger.expectCommitted(await journal.commit(start))
    #expect(try await journal.states == [second])
    #expect(try await journal.record(of: SampleLedger.rollout).events.count == 1)
  }

  @Test(arguments: JournalConformance.allCases)
  func `a change that is sent again is made once`(journal: JournalConformance) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let (journal, epoch) = try await Self.scheduled(journals)
    let second = SampleLedger.next(after: Self.first, decided: 2)
    let changes = [
      SampleLedger.commit(second, epoch: epoch, [SampleLedger.tick(1), SampleLedger.tick(2)]),
      SampleLedger.start(
        SampleLedger.next(after: second, decided: 3), epoch: epoch,
        SampleLedger.tick(3, .ran(SampleLedger.rollout))),
    ]
    for commit in changes {
      for _ in 1...2 { SampleLedger.expectCommitted(await journal.commit(commit)) }
    }
    // Also when the lease is lost meanwhile.
    try await journal.releaseLease(epoch: epoch)
    let other = try await journals[1].epoch()
    SampleLedger.expectCommitted(await journal.commit(changes[1]))
    // The ledger would not take the same ticks twice, and here are no others.
    let last = SampleLedger.next(after: changes[1].ledger[0].state, decided: 4)
    SampleLedger.expectCommitted(
      await journals[1].commit(SampleLedger.commit(last, epoch: other, [SampleLedger.tick(4)])))
    #expect(
      await journals[1].commit(changes[0])
        == .conflict(
          .leaseLost(rollout: nil, to: try Self.owner(await journal.takeLease(lapsed: nil)))))
  }

  private static func owner(_ attempt: LeaseAttempt) throws -> JournalOwner {
    guard case .held(let sight) = attempt, let owner = sight.owner else {
      Issue.record("the lease is free")
      throw CancellationError()
    }
    return owner
  }

  @Test(arguments: JournalConformance.allCases)
  func `what two processes decide alike is not taken for one change`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let (journal, epoch) = try await Self.scheduled(journals)
    guard case .held(let sight) = try await journals[1].takeLease(lapsed: nil) else {
      Issue.record("the lease is free")
      return
    }
    // A rollout that leaves no record: both would do it.
    let state = SampleLedger.next(after: Self.first, decided: 1)
    let ticks = [SampleLedger.tick(1, .ran(nil))]
    SampleLedger.expectCommitted(
      await journal.commit(SampleLedger.commit(state, epoch: epoch, ticks)))
    #expect(try await journals[1].takeLease(lapsed: sight) == .taken(epoch: epoch + 1))
    #expect(
      await journals[1].commit(SampleLedger.commit(state, epoch: epoch + 1, ticks))
        == .conflict(.ledgerMoved(schedule: SampleLedger.name, rollout: nil)))
  }

  @Test(arguments: JournalConformance.allCases)
  func `a change that answers a trigger which is gone is refused whole`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let (journal, epoch) = try await Self.scheduled(journals)
    try await journal.trigger(SampleLedger.name, at: SampleLedger.minute(1), by: "ann")
    let number = try #require(try await journal.schedules(after: .start).triggers.first?.number)
    let answered = SampleLedger.next(after: Self.first)
    let ticks = [SampleLedger.tick(1, .triggered(nil, by: "ann"))]
    let answer = SampleLedger.commit(answered, epoch: epoch, ticks, handled: [number])
    SampleLedger.expectCommitted(await journal.commit(answer))
    SampleLedger.expectCommitted(await journal.commit(answer))
    let again = SampleLedger.commit(
      SampleLedger.next(after: answered), epoch: epoch, ticks, handled: [number])
    #expect(
      await journal.commit(again)
        == .conflict(.ledgerMoved(schedule: SampleLedger.name, rollout: nil)))
    #expect(try await journal.states == [answered])
  }

  @Test(arguments: JournalConformance.allCases)
  func `a due instant has one verdict`(journal: JournalConformance) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let (journal, epoch) = try await Self.scheduled(journals)
    let several = Tick(
      due: SampleLedger.minute(2), through: SampleLedger.minute(5), count: 4, .missed,
      decidedAt: SampleLedger.minute(6))
    // What people ask for is about no due instant, whether it starts or not.
    let triggered = SampleLedger.tick(3, .triggered(nil, by: "ann"))
    let failed = SampleLedger.tick(3, .failedToStart(reason: "it is gone", by: "ann"))
    let second = SampleLedger.next(after: Self.first, decided: 8)
    SampleLedger.expectCommitted(
      await journal.commit(
        SampleLedger.commit(
          second, epoch: epoch, [several, SampleLedger.tick(8), triggered, failed, triggered])))
    let third = SampleLedger.next(after: second)
    let wide = Tick(
      due: SampleLedger.minute(6), through: SampleLedger.minute(9), count: 3, .missed,
      decidedAt: SampleLedger.minute(9))
    let doubled: [(ticks: [Tick], due: Int)] = [
      ([SampleLedger.tick(8)], 8), ([SampleLedger.tick(2, .paused)], 2),
      ([SampleLedger.tick(4)], 4), ([SampleLedger.tick(5)], 5), ([wide], 6),
      ([SampleLedger.tick(7), SampleLedger.tick(7)], 7),
      ([SampleLedger.tick(3, .failedToStart(reason: "it is gone"))], 3),
    ]
    for (ticks, due) in doubled {
      #expect(
        await journal.commit(SampleLedger.commit(third, epoch: epoch, ticks))
          == .conflict(
            .decidedTwice(
              schedule: SampleLedger.name, due: SampleLedger.minute(due), rollout: nil)))
    }
    // One that waited is decided after later ones.
    let ticks = [SampleLedger.tick(7), SampleLedger.tick(6), SampleLedger.tick(1), failed]
    SampleLedger.expectCommitted(
      await journal.commit(SampleLedger.commit(third, epoch: epoch, ticks)))
    #expect(try await journal.states == [third])
  }
}

/// What every journal must do when people change schedules, and ask for rollouts.
@Suite("Every journal's ledgers, changed by people") struct AmendedLedgerConformanceTests {
  private static let first = SampleLedger.first()

  @Test(arguments: JournalConformance.allCases)
  func `a pause wins against a start that is being prepared`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let epoch = try await journals[0].epoch()
    SampleLedger.expectCommitted(
      await journals[0].commit(SampleLedger.commit(Self.first, epoch: epoch)))
    let started = SampleLedger.next(after: Self.first, decided: 1)
    let start = SampleLedger.start(
      started, epoch: epoch, SampleLedger.tick(1, .ran(SampleLedger.rollout)))
    let paused = SampleLedger.next(after: Self.first) { state in
      state.pause = SchedulePause(
        since: SampleLedger.minute(1), cause: .person("ann", reason: "holiday"))
    }
    SampleLedger.expectCommitted(await journals[1].commit(SampleLedger.commit(paused)))
    #expect(
      await journals[0].commit(start)
        == .conflict(
          .ledgerMoved(schedule: SampleLedger.name, rollout: SampleLedger.rollout)))
    await #expect(throws: JournalError.unknownRun(prefix: SampleLedger.rollout.text)) {
      try await journals[0].record(of: SampleLedger.rollout)
    }
    #expect(try await journals[0].states == [paused])
  }

  @Test(arguments: JournalConformance.allCases)
  func `only a schedule that is there can be asked for a rollout`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    await #expect(throws: JournalError.unknownSchedule(name: "nightly", known: [])) {
      try await journals[0].trigger("nightly", at: SampleLedger.minute(1), by: "ann")
    }
    SampleLedger.expectCommitted(await journals[0].commit(SampleLedger.commit(Self.first)))
    let error = JournalError.unknownSchedule(name: "nighty", known: ["nightly"])
    await #expect(throws: error) {
      try await journals[0].trigger("nighty", at: SampleLedger.minute(1), by: "ann")
    }
    #expect(error.description == "no schedule is called `nighty`")
    #expect(error.hint == "did you mean `nightly`?")
  }

  @Test(arguments: JournalConformance.allCases)
  func `a trigger waits until a change answers it`(journal: JournalConformance) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    for name in ["nightly", "weekly"] {
      SampleLedger.expectCommitted(
        await journals[0].commit(SampleLedger.commit(SampleLedger.first(name))))
    }
    let before = try await journals[0].schedules(after: .start)
    let asked = [("nightly", "ann"), ("weekly", "bob"), ("nightly", "ann")]
    for (minute, (name, person)) in asked.enumerated() {
      try await journals[1].trigger(name, at: SampleLedger.minute(minute), by: person)
    }
    let page = try await journals[0].schedules(after: before.next)
    #expect(page.states == [] && page.next == before.next)
    #expect(page.triggers.map(\.schedule) == asked.map(\.0))
    #expect(page.triggers.map(\.by) == asked.map(\.1))
    #expect(page.triggers.map(\.at) == (0...2).map(SampleLedger.minute))
    #expect(try await journals[1].schedules(after: before.next) == page)
    let numbers = page.triggers.map(\.number)
    #expect(numbers == numbers.sorted() && Set(numbers).count == 3)
    // A refused change answers nothing, and none answers what another schedule is asked for.
    let second = SampleLedger.next(after: Self.first)
    _ = await journals[0].commit(
      SampleLedger.commit(SampleLedger.next(after: second), handled: numbers))
    #expect(try await journals[0].schedules(after: .start).triggers == page.triggers)
    #expect(
      await journals[0].commit(SampleLedger.commit(second, handled: [numbers[0], numbers[1]]))
        == .conflict(.ledgerMoved(schedule: SampleLedger.name, rollout: nil)))
    #expect(try await journals[0].schedules(after: .start).triggers == page.triggers)
    SampleLedger.expectCommitted(
      await journals[0].commit(SampleLedger.commit(second, handled: [numbers[0]])))
    let rest = try await journals[0].schedules(after: before.next)
    #expect(rest.states == [second])
    #expect(rest.triggers == [page.triggers[1], page.triggers[2]])
  }
}
