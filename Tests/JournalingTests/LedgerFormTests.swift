import Cryptography
import EventSamples
import Events
import Operations
import Testing

@testable import Journaling

@Suite("The stored forms of ledgers") struct LedgerFormTests {
  private static func key(_ byte: UInt8 = 1) throws -> JournalKey {
    try #require(try JournalKey([UInt8](repeating: byte, count: 32)))
  }

  private static let states: [ScheduleState] = {
    let pauses: [SchedulePause.Cause?] = [
      nil, .person("ann", reason: "holiday"), .person("bob", reason: nil),
      .failure(SampleRollout.rollout), .failure(nil),
    ]
    let rollouts: [ScheduledRollout?] = [
      nil, ScheduledRollout(SampleRollout.rollout, due: LedgerRecords.minute(4)),
      ScheduledRollout(nil, due: Moment(nanoseconds: .min)),
    ]
    return pauses.enumerated().map { number, cause in
      var state = LedgerRecords.nightly
      state.version = 1 << (9 * number)
      state.pause = cause.map { SchedulePause(since: LedgerRecords.minute(-5), cause: $0) }
      state.current = rollouts[number % rollouts.count]
      state.queued = number == 2 ? LedgerRecords.minute(5) : nil
      state.decidedThrough = Moment(nanoseconds: number == 4 ? .max : 0)
      state.isActive = number != 3
      return state
    }
  }()

  @Test func `every tick and every state comes back as it was`() throws {
    for tick in LedgerRecords.ticks {
      #expect(try TickForm.decode(TickForm.encode(tick)) == tick)
    }
    for state in Self.states {
      #expect(try ScheduleForm.decode(ScheduleForm.encode(state)) == state)
    }
  }

  /// A row for each form: those of ticks with the tags of their chain, then those of states.
  @Test func `the stored forms and tags stay as they are`() throws {
    let authentication = LedgerAuthentication(try Self.key())
    var (lines, head) = ([String](), LedgerAuthentication.origin)
    for (index, tick) in LedgerRecords.ticks.enumerated() {
      let form = try TickForm.encode(tick)
      head = try authentication.tag(ofTick: index + 1, of: "nightly", after: head, form: form)
      lines.append("\(Hexadecimal.encode(form)) \(Hexadecimal.encode(head))")
    }
    for state in Self.states {
      var row = ScheduleRow(new: "nightly", try Self.key(), number: 7)
      (row.version, row.epoch, row.ticks) = (state.version, 3, LedgerRecords.ticks.count)
      (row.head, row.form) = (head, try ScheduleForm.encode(state))
      let tag = try authentication.tag(ofStateIn: row)
      lines.append("\(Hexadecimal.encode(row.form)) \(Hexadecimal.encode(tag))")
    }
    let kept = try Snapshot.kept(
      "stored-ledger-1.txt", insteadOf: lines.joined(separator: "\n") + "\n")
    #expect(lines.joined(separator: "\n") + "\n" == kept)
    let forms = kept.split(separator: "\n").compactMap { line in
      line.split(separator: " ").first.flatMap { Hexadecimal.decode(String($0)) }
    }
    let count = LedgerRecords.ticks.count
    #expect(try forms.prefix(count).map { try TickForm.decode($0) } == LedgerRecords.ticks)
    #expect(try forms.dropFirst(count).map { try ScheduleForm.decode($0) } == Self.states)
  }

  @Test func `a field that is not known is passed over, and another version refused`() throws {
    let form = try TickForm.encode(LedgerRecords.tick(1))
    guard case .map(var pairs) = try CBOR(decoding: Array(form.dropFirst())) else {
      Issue.record("no map")
      return
    }
    pairs.append(CBOR.Pair(key: .unsigned(99), value: .text("later")))
    #expect(
      try TickForm.decode([1] + CBOR.map(pairs).encoded()) == LedgerRecords.tick(1))
    #expect(throws: StoredFormError.unsupportedVersion(2)) {
      try TickForm.decode([2] + form.dropFirst())
    }
    #expect(throws: StoredFormError.unsupportedVersion(2)) {
      try ScheduleForm.decode([2] + (try ScheduleForm.encode(Self.states[0])).dropFirst())
    }
    #expect(throws: StoredFormError.malformed("no version")) { try TickForm.decode([]) }
  }

  @Test(
    arguments: [
      (2, CBOR.integer(0)), (3, .integer(0)), (3, .integer(-1)), (4, .list([])),
      (4, .list([.unsigned(99)])), (4, .list([.unsigned(1)])),
      (4, .list([.unsigned(1), .text("x")])),
      (4, .text("ran")), (5, .null), (1, .text("now")),
    ] as [(UInt64, CBOR)])
  func `what is no tick is refused`(field: UInt64, item: CBOR) throws {
    let tick = LedgerRecords.ticks[0]
    let form = try TickForm.encode(tick)
    guard case .map(let pairs) = try CBOR(decoding: Array(form.dropFirst())) else { return }
    let altered =
      pairs.filter { $0.key != .unsigned(field) } + [
        CBOR.Pair(key: .unsigned(field), value: item)
      ]
    #expect(throws: StoredFormError.self) {
      try TickForm.decode([1] + CBOR.map(altered).encoded())
    }
  }

  @Test func `cut and altered bytes are refused or read, never a crash`() throws {
    let forms =
      try LedgerRecords.ticks.map { try TickForm.encode($0) }
      + Self.states.map { try ScheduleForm.encode($0) }
    for form in forms {
      for length in 0..<form.count {
        #expect(throws: StoredFormError.self) { try TickForm.decode(Array(form.prefix(length))) }
        #expect(throws: StoredFormError.self) {
          try ScheduleForm.decode(Array(form.prefix(length)))
        }
      }
      for index in form.indices {
        for bit in [UInt8(1), 0x20, 0x80] {
          var altered = form
          altered[index] ^= bit
          _ = try? TickForm.decode(altered)
          _ = try? ScheduleForm.decode(altered)
        }
      }
    }
  }

  @Test func `what is sealed for one schedule or notification opens for no other`() throws {
    let sealing = Sealing(key: try Self.key(), random: .system)
    let trigger = try StoredTrigger.seal(
      at: LedgerRecords.minute(3), by: "ann", of: "nightly", sealing)
    #expect(
      try StoredTrigger.open(trigger, number: 7, of: "nightly", Self.key())
        == ScheduleTrigger(number: 7, schedule: "nightly", at: LedgerRecords.minute(3), by: "ann"))
    #expect(throws: StoredFormError.brokenSeal) {
      try StoredTrigger.open(trigger, number: 7, of: "weekly", Self.key())
    }
    #expect(throws: StoredFormError.sealedWithAnotherKey) {
      try StoredTrigger.open(trigger, number: 7, of: "nightly", Self.key(2))
    }
    let notice = StoredNotice(
      id: SampleRun.drawn(1), form: Array("planted".utf8), due: LedgerRecords.minute(0))
    let sealed = try SealedNotice.seal(notice, sealing)
    #expect(sealed.firstRange(of: notice.form) == nil)
    #expect(try SealedNotice.open(sealed, of: notice.id, Self.key()) == notice.form)
    #expect(throws: StoredFormError.brokenSeal) {
      try SealedNotice.open(sealed, of: SampleRun.drawn(2), Self.key())
    }
  }
}
