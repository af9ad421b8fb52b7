import Events
import Expressions
import FaultyFiles
import Foundation
import Hosting
import Journaling
import Machine
import Operations
import Planning
import Running
import Synchronization
import Testing

/// A host whose journal is on a disk that fails at every write and sync in turn.
@Suite("A host on a disk that fails", .timeLimit(.minutes(20)))
struct HostDiskTests {
  private static let faults: [FaultyFiles.Fault] = [
    FaultyFiles.Fault(.write, .error), FaultyFiles.Fault(.write, .short),
    FaultyFiles.Fault(.write, .full, isLasting: true), FaultyFiles.Fault(.sync, .error),
    FaultyFiles.Fault(.sync, .error, isLasting: true), FaultyFiles.Fault(.mapLock, .error),
  ]

  private static let steps = [
    "  - { id: a, call: unsafe }", "  - { id: b, call: unsafe }", "  - { id: c, call: unsafe }",
  ]

  private let plan: Plan
  private let start: RunStart

  init() throws {
    plan = try PlannedText.plan(
      "session: {username: u, password: p-of-u-1}\nsteps:\n"
        + Self.steps.joined(separator: "\n"))
    let run = try #require(RunID("0123456789ab"))
    start = RunStart(
      run: run, playbook: "main", file: "f", planDigest: "", inputs: [:], seed: 1, version: "t")
  }

  /// The power fails when the host has ended: nothing that was sent is forgotten then.
  @Test(arguments: faults)
  func `no request leaves before its intent is durable, and the host ends`(
    fault: FaultyFiles.Fault
  ) async throws {
    var number = 1
    while try await wasReached(fault, at: number) { number += 1 }
    #expect(number > Self.steps.count)
  }

  /// Lets the `number`th call fail; false when there are not so many.
  private func wasReached(_ fault: FaultyFiles.Fault, at number: Int) async throws -> Bool {
    let place = try DiskFolder()
    let transport = ScriptedTransport()
    let what: Comment = "\(fault) at \(number)"
    let hasFailed = try await {
      let journal = try place.open()
      place.files.fail(fault, at: number)
      let (ending, reported) = try await drive(
        RunOrder(starting: RunMachine(plan: plan, start: start)), journal, transport)
      place.files.die()
      check(ending, reported, what)
      return place.files.hasFailed
    }()
    place.files.mend()
    #expect(place.files.losePower() != nil)
    place.files.revive()
    try await continueRun(in: place, transport, what)
    return hasFailed
  }

  /// Drives a run until the host ends, and returns what was reported meanwhile.
  private func drive(
    _ order: RunOrder, _ journal: SQLiteJournal, _ transport: ScriptedTransport
  ) async throws -> (RunEnding?, [RunEvent]) {
    let reported = Mutex<[RunEvent]>([])
    let now = Moment(nanoseconds: 0)
    let host = Host(
      environment: HostEnvironment(
        journal: journal,
        tools: RunTools(
          transport: transport,
          localActions: LocalActions(
            files: .live(), randomBytes: { Array(repeating: 9, count: $0) }),
          offload: { $0() }, now: { now }),
        observe: { _, events in reported.withLock { $0 += events } }, now: { now },
        sleep: { _ in
          // The clock stands still.
          let never = AsyncStream<Void> { _ in }
          for await _ in never {}
          try Task.checkCancellation()
        }))
    host.start(order)
    host.close()
    let ending = try await host.drive()[start.run]
    return (ending, reported.withLock { $0 })
  }

  /// The host came to an end, and reported what was recorded.
  private func check(_ ending: RunEnding?, _ reported: [RunEvent], _ what: Comment) {
    switch ending {
    case .finished(let result): #expect(result.outcome == .succeeded, what)
    case .unrecorded(_, let count): #expect(count == reported.count, what)
    case .waiting, .faulty, .notStarted, .lost, .blocked, nil: Issue.record("\(what): \(ending)")
    }
  }

  /// Another process finds all that was sent, and no step is done twice.
  private func continueRun(
    in place: DiskFolder, _ transport: ScriptedTransport, _ what: Comment
  ) async throws {
    let sent = transport.effects
    let journal = try place.open()
    guard try journal.reader.summary(of: start.run) != nil else {
      #expect(sent == 0, what)
      return
    }
    let record = try await journal.record(of: start.run)
    #expect(record.flaws == [], what)
    #expect(record.events.count { $0.word.hasPrefix("intended") } >= sent, what)
    if case .runFinished? = record.events.last?.kind { return }
    let claim = try await journal.claim(start.run)
    let resumption = RunResumption(owner: "o", epoch: claim.epoch, seed: 2, version: "t")
    let machine = try #require(
      RunMachine(resuming: plan, after: record.events, as: resumption))
    let (ending, _) = try await drive(
      RunOrder(resuming: machine, under: claim), journal, transport)
    guard case .finished(let result) = ending else {
      Issue.record("\(what): \(String(describing: ending))")
      return
    }
    switch result.outcome {
    case .succeeded: #expect(transport.effects == Self.steps.count, what)
    case .inDoubt: #expect(transport.effects <= Self.steps.count, what)
    case let outcome: Issue.record("\(what): \(outcome)")
    }
  }
}

/// A folder in memory, if there is such a place, with a journal on a disk that can fail.
private final class DiskFolder {
  let files: FaultyFiles
  private let path: String

  init() throws {
    let memory = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
    path = "\(memory)/privirun-host-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    files = FaultyFiles(in: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func open() throws(JournalError) -> SQLiteJournal {
    try SQLiteJournal.open(
      at: "\(path)/journal.sqlite",
      as: OwnerIdentity(process: 1, host: "here", since: Moment(nanoseconds: 0)))
  }
}

extension ScriptedTransport {
  /// How many requests were sent that have an effect each.
  fileprivate var effects: Int { log.count { $0 == .sent("POST /unsafe") } }
}
