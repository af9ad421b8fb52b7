import Events
import Expressions
import Foundation
import Hosting
import Journaling
import Machine
import Operations
import Planning
import Randomness
import Running
import Simulation
import Synchronization
import Testing

@Suite("The host", .timeLimit(.minutes(20)))
struct HostTests {
  private func machine(_ steps: String) throws -> RunMachine {
    let plan = try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)")
    let run = try #require(RunID("0123456789ab"))
    return RunMachine(
      plan: plan,
      start: RunStart(
        run: run, playbook: "main", file: "f", planDigest: "", inputs: [:], seed: 1, version: "t"))
  }

  private func environment(
    _ transport: ScriptedTransport, clock: ManualClock = ManualClock(.stopped),
    failing failure: @escaping @Sendable ([RunEvent]) -> JournalError? = { _ in nil }
  ) -> HostEnvironment {
    HostEnvironment(
      journal: TappedJournal(
        SimulatedJournal(
          JournalStore(),
          as: OwnerIdentity(process: 1, host: "here", since: Moment(nanoseconds: 0)))
      ) { commit in
        let events = commit.parts.flatMap(\.events)
        if let error = failure(events) { return .unknown(error) }
        transport.note(.recorded(events.map(\.word)))
        return nil
      },
      tools: RunTools(
        transport: transport,
        localActions: LocalActions(
          files: .live(), randomBytes: { Array(repeating: 9, count: $0) }),
        offload: { $0() }, now: { clock.now }),
      observe: { _, _ in }, now: { clock.now }, sleep: { try await clock.sleep($0) })
  }

  @Test func `a host that hands endings over keeps none, and takes runs while it drives`()
    async throws
  {
    var random = SplitMix(seed: 1)
    let plan = try PlannedText.plan("steps:\n  - { id: a, assert: \"${{ true }}\" }\n")
    let orders = (0..<20).map { _ in
      RunOrder(
        starting: RunMachine(
          plan: plan,
          start: RunStart(
            run: RunID(using: &random), playbook: "main", file: "f", planDigest: "", inputs: [:],
            seed: 1, version: "t")))
    }
    let (endings, inbox) = AsyncStream.makeStream(of: RunID.self)
    var environment = environment(ScriptedTransport())
    environment.ended = { run, _ in inbox.yield(run) }
    let host = Host(environment: environment)
    let kept = try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask { try await host.drive().count }
      var ended = endings.makeAsyncIterator()
      for order in orders {
        host.start(order)
        #expect(await ended.next() == order.run)
      }
      host.close()
      return try await group.next()
    }
    #expect(kept == 0)
  }

  /// Drives one run to its end.
  private func ending(
    of machine: RunMachine, in environment: HostEnvironment,
    cancellations: AsyncStream<Void> = AsyncStream { $0.finish() }
  ) async throws -> RunEnding? {
    let host = Host(environment: environment)
    host.start(RunOrder(starting: machine))
    host.close()
    return try await withThrowingTaskGroup(of: RunEnding?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        for await _ in cancellations { host.cancelAll() }
        return nil
      }
      group.addTask { try await host.drive()[machine.start.run] }
      while let ending = try await group.next() {
        if let ending { return ending }
      }
      return nil
    }
  }

  /// The end of a run in which so many requests made something.
  private static func finished(_ outcome: Outcome, created: Int) -> RunEnding {
    var result = RunResult(outcome: outcome)
    result.changes.add(.create, count: created)
    return .finished(result)
  }

  @Test func `an intent is stored before its request leaves, and an outcome with the next intent`()
    async throws
  {
    let transport = ScriptedTransport()
    let ending = try await ending(
      of: machine("  - {id: a, call: unsafe}\n  - {id: b, call: unsafe}"),
      in: environment(transport))
    #expect(
      transport.log == [
        .recorded(["run-started", "started a", "waiting"]), .sent("POST /login"),
        .recorded(["session", "intended a"]), .sent("POST /unsafe"),
        .recorded(["answered a", "finished a succeeded", "started b", "intended b"]),
        .sent("POST /unsafe"),
        .recorded(["answered b", "finished b succeeded", "run-finished succeeded"]),
      ])
    #expect(ending == Self.finished(.succeeded, created: 2))
  }

  @Test func `requests carry what follows from the run and the event with their intent`()
    async throws
  {
    let transport = ScriptedTransport()
    let noting = ScriptedTransport { request throws(TransportFailure) in
      transport.note(.sent("\(request.path) \(request.header("x-intent") ?? "")"))
      return try await transport.exchange(request)
    }
    var environment = environment(noting)
    environment.requestHeaders = { start, intent in
      [HTTPField("X-Intent", "\(start.run) \(intent.map(String.init) ?? "none")")]
    }
    _ = try await ending(
      of: machine("  - {id: a, call: unsafe}\n  - {id: b, call: unsafe}"), in: environment)
    let run = "0123456789ab"
    let sent = [("/login", "none"), ("/unsafe", "4"), ("/unsafe", "8")]
    #expect(
      transport.log
        == sent.flatMap { path, intent -> [ScriptedTransport.Note] in
          [.sent("\(path) \(run) \(intent)"), .sent("POST \(path)")]
        })
  }

  @Test func `nothing is sent once an event could not be stored`() async throws {
    let transport = ScriptedTransport()
    let full = JournalError.noSpace(path: "j", reason: "the disk is full")
    let environment = environment(transport) { events in
      events.contains { $0.word == "intended a" } ? full : nil
    }
    let ending = try await ending(
      of: machine("  - {id: a, call: unsafe}"), in: environment)
    #expect(ending == .unrecorded(full, eventCount: 3))
    #expect(transport.log.last == .sent("POST /login"))
  }

  @Test func `a cancellation ends the run cleanly`() async throws {
    let (cancellations, continuation) = AsyncStream.makeStream(of: Void.self)
    let transport = ScriptedTransport { request throws(TransportFailure) in
      if request.path == "/unsafe" { continuation.yield() }
      return APIResponse(status: 200, body: Array(#"{"token":"t"}"#.utf8))
    }
    let ending = try await ending(
      of: machine(
        "  - {id: a, call: unsafe}\n  - {id: w, timeout: 2h, wait: {until: \"${{ false }}\", call: read, every: 1h}}"
      ),
      in: environment(transport), cancellations: cancellations)
    #expect(ending == Self.finished(.cancelled, created: 1))
  }

  @Test func `a cancellation ends a local action that would take for ever`() async throws {
    let (cancellations, continuation) = AsyncStream.makeStream(of: Void.self)
    var files = LocalFiles.live()
    files.open = { _ in EndlessFile { continuation.yield() } }
    let recorded = Mutex<[String]>([])
    var environment = environment(ScriptedTransport()) { events in
      for case .stepFinished(let path, let result) in events.map(\.kind) {
        recorded.withLock { $0.append("\(path) \(result.outcome.rawValue)") }
      }
      return nil
    }
    environment.tools.localActions = LocalActions(files: files) { Array(repeating: 9, count: $0) }
    environment.tools.offload = { work in Thread.detachNewThread { work() } }
    let ending = try await ending(
      of: machine(
        "  - {id: a, call: file.digest, with: {file: endless}}\n  - {id: b, call: unsafe}"),
      in: environment, cancellations: cancellations)
    #expect(recorded.withLock { $0 } == ["a cancelled"])
    #expect(ending == .finished(RunResult(outcome: .cancelled)))
  }

  @Test func `cancelling the task ends the run at once, without an end in the journal`()
    async throws
  {
    let transport = ScriptedTransport { _ throws(TransportFailure) in
      // Answers only when it is stopped.
      let never = AsyncStream<Void> { _ in }
      for await _ in never {}
      throw TransportFailure(.broken, "stopped", mayHaveBeenSent: true)
    }
    let environment = environment(transport)
    let machine = try machine("  - {id: a, call: unsafe}")
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        do {
          let host = Host(environment: environment)
          host.start(RunOrder(starting: machine))
          _ = try await host.drive()
          return false
        } catch {
          return error is CancellationError
        }
      }
      group.cancelAll()
      for await wasCancelled in group { #expect(wasCancelled) }
    }
    let ends = transport.log.contains { note in
      guard case .recorded(let words) = note else { return false }
      return words.contains { $0.hasPrefix("run-finished") }
    }
    #expect(!ends)
  }

  @Test func `time passes by the clock it was given`() async throws {
    let transport = ScriptedTransport()
    let ending = try await ending(
      of: machine("  - {id: w, wait: 5h}\n  - {id: x, timeout: 3h, wait: 2h}"),
      in: environment(transport, clock: ManualClock(.leaping)))
    #expect(ending == .finished(RunResult(outcome: .succeeded)))
  }

  @Test func `many runs share commits, and each comes to its own end`() async throws {
    let transport = ScriptedTransport()
    let store = JournalStore()
    var environment = environment(transport)
    environment.journal = SimulatedJournal(
      store, as: OwnerIdentity(process: 1, host: "here", since: Moment(nanoseconds: 0)))
    let host = Host(environment: environment)
    let plan = try PlannedText.plan(
      "session: {username: u, password: p-of-u-1}\nsteps:\n  - {id: a, call: unsafe}\n")
    var random = SplitMix(seed: 1)
    let runs = (0..<50).map { _ in RunID(using: &random) }
    for run in runs {
      let start = RunStart(
        run: run, playbook: "main", file: "f", planDigest: "", inputs: [:], seed: 1, version: "t")
      host.start(RunOrder(starting: RunMachine(plan: plan, start: start)))
    }
    host.close()
    let endings = try await host.drive()
    #expect(Set(endings.keys) == Set(runs))
    #expect(endings.values.allSatisfy { $0 == Self.finished(.succeeded, created: 1) })
    // Each run alone needs four.
    #expect(store.commitCount < 50)
  }

  @Test func `what comes for a record before the host is closed is recorded, also during a turn`()
    async throws
  {
    let transport = ScriptedTransport()
    let record = try #require(RunID("0123456789az"))
    var environment = environment(transport)
    // Called in the middle of the turn in which the last run ends.
    let closing = Mutex<(@Sendable () -> Void)?>(nil)
    environment.ended = { _, _ in closing.withLock { $0 }?() }
    let host = Host(environment: environment)
    let finished = RunEvent(
      sequence: 0, at: Moment(nanoseconds: 0),
      kind: .rollout(
        .finished(RolloutResult(outcome: .succeeded, counts: TenantCounts()))))
    closing.withLock {
      $0 = {
        host.record(RecordEntry(record, [finished]))
        host.close(record: record)
        host.close()
      }
    }
    host.open(record: record, under: RunClaim(epoch: 0, head: .empty))
    host.start(RunOrder(starting: try machine("  - {id: a, call: read}")))
    _ = try await host.drive()
    #expect(transport.log.last == .recorded(["rollout"]))
  }
}

/// A clock that stands still, so that no sleep ends, or goes on at once by what is slept.
private final class ManualClock: Sendable {
  enum Pace: Sendable {
    case stopped
    case leaping
  }

  private let pace: Pace
  private let moment = Mutex(Moment(nanoseconds: 0))

  init(_ pace: Pace) {
    self.pace = pace
  }

  var now: Moment { moment.withLock { $0 } }

  func sleep(_ duration: Duration) async throws {
    switch pace {
    case .stopped:
      let never = AsyncStream<Void> { _ in }
      for await _ in never {}
    case .leaping: moment.withLock { $0 = $0 + duration }
    }
    try Task.checkCancellation()
  }
}

/// A file without an end, all of whose pieces are announced.
private struct EndlessFile: ReadableFile {
  let size = 1 << 40
  let onRead: @Sendable () -> Void

  func read(_ count: Int) throws(LocalFailure) -> [UInt8] {
    onRead()
    return [1, 2, 3]
  }
}
