import Events
import Expressions
import Foundation
import Journaling
import Machine
import Operations
import Randomness
import Simulation
import Testing

/// The journals that there are, and how to have several processes open one.
enum JournalConformance: String, CaseIterable, Sendable {
  case sqlite
  case simulated

  /// `count` processes that have the same journal open.
  func opened(by count: Int) throws -> OpenedJournals {
    let identities = (1...count).map {
      OwnerIdentity(process: Int32($0), host: "host", since: Moment(nanoseconds: 0))
    }
    switch self {
    case .simulated:
      let store = JournalStore()
      return OpenedJournals(identities.map { SimulatedJournal(store, as: $0) }, in: nil)
    case .sqlite:
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      let path = folder.appending(path: "journal.sqlite").path
      return OpenedJournals(
        try identities.map { try SQLiteJournal.open(at: path, as: $0) }, in: folder)
    }
  }
}

/// Open journals, whose folder is removed with them.
final class OpenedJournals {
  private var journals: [any ScheduleLedger]
  private let folder: URL?

  init(_ journals: [any ScheduleLedger], in folder: URL?) {
    self.journals = journals
    self.folder = folder
  }

  deinit {
    if let folder { try? FileManager.default.removeItem(at: folder) }
  }

  subscript(index: Int) -> any ScheduleLedger { journals[index] }

  /// The process ends without a word; its place has a journal of its own then.
  func kill(_ index: Int) async throws {
    (journals[index] as? SimulatedJournal)?.kill()
    weak let killed = journals[index] as AnyObject
    journals[index] = SimulatedJournal(
      JournalStore(), as: OwnerIdentity(process: 0, host: "", since: Moment(nanoseconds: 0)))
    // Its last commit may just be returning.
    while folder != nil, killed != nil { try await Task.sleep(for: .milliseconds(1)) }
  }
}

/// What every journal must do, whatever keeps it.
@Suite("Every journal") struct JournalConformanceTests {
  private static let run = drawn(1)
  private static let other = drawn(2)
  private static let beginning = Moment(nanoseconds: 1_700_000_000_000_000_000)

  private static func drawn(_ seed: UInt64) -> RunID {
    var random = SplitMix(seed: seed)
    return RunID(using: &random)
  }

  private static func event(_ sequence: Int, _ kind: RunEvent.Kind) -> RunEvent {
    RunEvent(sequence: sequence, at: beginning + .seconds(sequence), kind: kind)
  }

  private static func start(_ run: RunID) -> RunEvent {
    event(
      0,
      .runStarted(
        RunStart(
          run: run, playbook: "p", file: "p.yaml", planDigest: "d", inputs: [:], seed: 1,
          version: "1")))
  }

  private static func cancel(_ sequence: Int) -> RunEvent {
    event(sequence, .cancelRequested())
  }

  private static let resumption = RunEvent.Kind.runResumed(
    RunResumption(owner: "a", epoch: 1, seed: 1, version: "1"))
  private static let end = RunEvent.Kind.runFinished(RunResult(outcome: .cancelled))

  private static func part(
    of run: RunID = run, after head: JournalHead = .empty, epoch: Int = 0, _ events: RunEvent...
  ) -> JournalCommit.Part {
    JournalCommit.Part(run: run, expected: head, epoch: epoch, events: events)
  }

  /// The heads of a commit that must succeed.
  private static func heads(_ outcome: CommitOutcome) throws -> [JournalHead] {
    guard case .committed(let heads) = outcome else {
      Issue.record("the commit ended with \(outcome)")
      throw CancellationError()
    }
    return heads
  }

  /// `claim` must be refused because of the owner with that process id.
  private static func expectOwned(
    by process: Int32, _ claim: () async throws(JournalError) -> Void
  ) async {
    do throws(JournalError) {
      try await claim()
      Issue.record("the claim was granted")
    } catch {
      guard case .owned(run, let owner) = error else {
        Issue.record("the claim failed with \(error)")
        return
      }
      #expect(owner?.identity.process == process)
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `a commit of several runs is recorded whole`(journal: JournalConformance) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let journal = journals[0]
    let commit = JournalCommit([
      Self.part(Self.start(Self.run), Self.cancel(1)),
      Self.part(of: Self.other, Self.start(Self.other)),
    ])
    let heads = try Self.heads(await journal.commit(commit))
    #expect(heads.map(\.count) == [2, 1])
    #expect(
      try await journal.record(of: Self.run).events == [Self.start(Self.run), Self.cancel(1)])
    #expect(try await journal.record(of: Self.other).events == [Self.start(Self.other)])
  }

  @Test(arguments: JournalConformance.allCases)
  func `nothing of a commit is recorded when one of its runs is elsewhere`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let journal = journals[0]
    let head = try Self.heads(
      await journal.commit(JournalCommit([Self.part(Self.start(Self.run))])))[0]
    _ = try Self.heads(
      await journal.commit(JournalCommit([Self.part(after: head, Self.cancel(1))])))
    let late = JournalCommit([
      Self.part(of: Self.other, Self.start(Self.other)),
      Self.part(after: head, Self.event(1, Self.end)),
    ])
    #expect(
      await journal.commit(late) == .conflict(.conflict(run: Self.run, sequence: 1)))
    await #expect(throws: JournalError.unknownRun(prefix: Self.other.text)) {
      try await journal.record(of: Self.other)
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `a commit that is sent again is recorded once`(journal: JournalConformance) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let journal = journals[0]
    let first = JournalCommit([Self.part(Self.start(Self.run))])
    let head = try Self.heads(await journal.commit(first))
    #expect(try Self.heads(await journal.commit(first)) == head)
    let second = JournalCommit([Self.part(after: head[0], Self.cancel(1), Self.cancel(2))])
    let next = try Self.heads(await journal.commit(second))
    #expect(try Self.heads(await journal.commit(second)) == next)
    #expect(try await journal.record(of: Self.run).events.count == 3)
    let last = JournalCommit([Self.part(after: next[0], Self.event(3, Self.end))])
    let end = try Self.heads(await journal.commit(last))
    #expect(try Self.heads(await journal.commit(last)) == end)
  }

  @Test(arguments: JournalConformance.allCases)
  func `a run that is over takes no requests, and those it had are gone`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let journal = journals[0]
    let head = try Self.heads(
      await journal.commit(JournalCommit([Self.part(Self.start(Self.run))])))[0]
    try await journal.post(RunRequest(run: Self.run, .cancel))
    let end = JournalCommit([Self.part(after: head, Self.event(1, Self.end))])
    _ = try Self.heads(await journal.commit(end))
    await #expect(throws: JournalError.over(run: Self.run)) {
      try await journal.post(RunRequest(run: Self.run, .cancel))
    }
    _ = try await journal.claim(Self.run)
    #expect(try await journal.requests(after: .start).requests == [])
  }

  @Test(arguments: JournalConformance.allCases)
  func `an event out of its place is refused`(journal: JournalConformance) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let journal = journals[0]
    let unbegun = JournalCommit([Self.part(Self.cancel(0))])
    #expect(
      await journal.commit(unbegun) == .conflict(.misplaced(run: Self.run, sequence: 0)))
    let head = try Self.heads(
      await journal.commit(JournalCommit([Self.part(Self.start(Self.run))])))[0]
    let again = JournalCommit([
      Self.part(after: head, Self.event(1, Self.start(Self.run).kind))
    ])
    #expect(await journal.commit(again) == .conflict(.misplaced(run: Self.run, sequence: 1)))
  }

  @Test(arguments: JournalConformance.allCases)
  func `a run that another process drives cannot be claimed`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    _ = try Self.heads(
      await journals[0].commit(JournalCommit([Self.part(Self.start(Self.run))])))
    await Self.expectOwned(by: 1) { () throws(JournalError) in
      _ = try await journals[1].claim(Self.run)
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `a run that was released or is over may be claimed, each time under a higher epoch`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    _ = try Self.heads(
      await journals[0].commit(JournalCommit([Self.part(Self.start(Self.run))])))
    try await journals[0].release(Self.run, epoch: 0)
    let claim = try await journals[1].claim(Self.run)
    #expect(claim.epoch == 1)
    let fenced = await journals[0].commit(
      JournalCommit([Self.part(after: claim.head, Self.cancel(1))]))
    guard case .fenced(Self.run, let owner) = fenced else {
      Issue.record("the commit ended with \(fenced)")
      return
    }
    #expect(owner?.identity.process == 2)
    let stale = JournalCommit([Self.part(after: claim.head, epoch: 0, Self.cancel(1))])
    guard case .fenced = await journals[1].commit(stale) else {
      Issue.record("a commit of an earlier epoch was recorded")
      return
    }
    let end = JournalCommit([
      Self.part(after: claim.head, epoch: 1, Self.event(1, Self.end))
    ])
    let head = try Self.heads(await journals[1].commit(end))[0]
    let second = try await journals[0].claim(Self.run)
    #expect(second == RunClaim(epoch: 2, head: head))
  }

  @Test(arguments: JournalConformance.allCases)
  func `a run that ended and is resumed goes on as if it had not ended`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let cancel = RunRequest(run: Self.run, .cancel)
    _ = try Self.heads(
      await journals[0].commit(
        JournalCommit([Self.part(Self.start(Self.run), Self.event(1, Self.end))])))
    let claim = try await journals[1].claim(Self.run)
    #expect(claim.epoch == 1 && claim.head.count == 2)
    await Self.expectOwned(by: 2) { () throws(JournalError) in
      _ = try await journals[0].claim(Self.run)
    }
    // Whoever owns it may change its mind; until it goes on, it is over.
    await #expect(throws: JournalError.over(run: Self.run)) {
      try await journals[0].post(cancel)
    }
    let more = Self.part(after: claim.head, epoch: 1, Self.cancel(2))
    #expect(
      await journals[1].commit(JournalCommit([more]))
        == .conflict(.misplaced(run: Self.run, sequence: 2)))
    let resumption = JournalCommit([
      Self.part(after: claim.head, epoch: 1, Self.event(2, Self.resumption))
    ])
    let head = try Self.heads(await journals[1].commit(resumption))[0]
    #expect(try Self.heads(await journals[1].commit(resumption)) == [head])
    try await journals[0].post(cancel)
    let page = try await journals[1].requests(after: .start)
    #expect(page.requests.map(\.request) == [cancel])
    await Self.expectOwned(by: 2) { () throws(JournalError) in
      _ = try await journals[0].claim(Self.run)
    }
    let end = JournalCommit([
      Self.part(after: head, epoch: 1, Self.cancel(3), Self.event(4, Self.end))
    ])
    _ = try Self.heads(await journals[1].commit(end))
    await #expect(throws: JournalError.over(run: Self.run)) {
      try await journals[0].post(cancel)
    }
    let last = try await journals[0].claim(Self.run)
    #expect(last.epoch == 2 && last.head.count == 5)
    #expect(try await journals[0].requests(after: .start).requests == [])
    #expect(
      try await journals[0].record(of: Self.run).events == [
        Self.start(Self.run), Self.event(1, Self.end), Self.event(2, Self.resumption),
        Self.cancel(3), Self.event(4, Self.end),
      ])
  }

  @Test(arguments: JournalConformance.allCases)
  func `a run that ended and was only claimed is still over, for whoever claims it next`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let head = try Self.heads(
      await journals[0].commit(
        JournalCommit([Self.part(Self.start(Self.run), Self.event(1, Self.end))])))[0]
    #expect(try await journals[1].claim(Self.run) == RunClaim(epoch: 1, head: head))
    try await journals[1].release(Self.run, epoch: 1)
    #expect(try await journals[0].claim(Self.run) == RunClaim(epoch: 2, head: head))
    await #expect(throws: JournalError.over(run: Self.run)) {
      try await journals[0].post(RunRequest(run: Self.run, .cancel))
    }
    // The owner before cannot resume it any more.
    let late = Self.part(after: head, epoch: 1, Self.event(2, Self.resumption))
    guard case .fenced(Self.run, _) = await journals[1].commit(JournalCommit([late])) else {
      Issue.record("a run was resumed by who does not own it")
      return
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `a request is seen by the owner until it is handled`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let head = try Self.heads(
      await journals[0].commit(JournalCommit([Self.part(Self.start(Self.run))])))[0]
    let step = StepPath(components: [.step("gate")])
    let decision = ApprovalDecision(.approved, fields: ["pin": .secret(text: "4711")], by: "ann")
    let requests = [
      RunRequest(run: Self.run, .cancel), RunRequest(run: Self.run, .decide(step, decision)),
    ]
    for request in requests { try await journals[1].post(request) }
    await #expect(throws: JournalError.decided(run: Self.run, step: step)) {
      try await journals[1].post(
        RunRequest(run: Self.run, .decide(step, ApprovalDecision(.rejected(reason: nil)))))
    }
    #expect(try await journals[1].requests(after: .start).requests == [])
    let page = try await journals[0].requests(after: .start)
    #expect(page.requests.map(\.request) == requests)
    #expect(try await journals[0].requests(after: page.next).requests == [])
    let handled = JournalCommit(
      [Self.part(after: head, Self.cancel(1))], handled: [page.requests[0].number])
    _ = try Self.heads(await journals[0].commit(handled))
    #expect(try await journals[0].requests(after: .start).requests == [page.requests[1]])
    await #expect(throws: JournalError.unknownRun(prefix: Self.other.text)) {
      try await journals[1].post(RunRequest(run: Self.other, .cancel))
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `a text is kept once and found by its digest`(journal: JournalConformance) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let journal = journals[0]
    let text = try StoredText(Array("playbook: 1\n".utf8))
    let commit = JournalCommit([Self.part(Self.start(Self.run))], texts: [text, text])
    _ = try Self.heads(await journal.commit(commit))
    #expect(try await journal.text(text.digest) == text.bytes)
    #expect(try await journal.text(StoredText([]).digest) == nil)
  }
}
