import Machine
import Events
import Expressions
import Foundation
import Operations
import Planning
import Running
import Synchronization
import Testing

@Suite("The runner", .timeLimit(.minutes(1)))
struct RunnerTests {
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
    record: @escaping @Sendable ([RunEvent]) async throws -> Void = { _ in }
  ) -> RunnerEnvironment {
    RunnerEnvironment(
      transport: transport,
      localActions: LocalActions(files: .live(), randomBytes: { Array(repeating: 9, count: $0) }),
      record: { events in
        try await record(events)
        transport.note(.recorded(events.map(\.word)))
      },
      observe: { _ in }, offload: { $0() },
      now: { clock.now }, sleep: { try await clock.sleep($0) })
  }

  @Test func `an intent is stored before its request leaves, and an outcome with the next intent`()
    async throws
  {
    let transport = ScriptedTransport()
    let ended = try await Runner(environment: environment(transport)).run(
      machine("  - {id: a, call: unsafe}\n  - {id: b, call: unsafe}"))
    #expect(
      transport.log == [
        .recorded(["run-started", "started a", "waiting"]), .sent("POST /login"),
        .recorded(["session", "intended a"]), .sent("POST /unsafe"),
        .recorded(["answered a", "finished a succeeded", "started b", "intended b"]),
        .sent("POST /unsafe"),
        .recorded(["answered b", "finished b succeeded", "run-finished succeeded"]),
      ])
    guard case .finished = ended.state.phase else {
      Issue.record("not finished")
      return
    }
  }

  @Test func `nothing is sent once an event could not be stored`() async throws {
    struct Full: Error {}
    let transport = ScriptedTransport()
    let environment = environment(transport) { events in
      if events.contains(where: { $0.word == "intended a" }) { throw Full() }
    }
    await #expect(throws: Full.self) {
      _ = try await Runner(environment: environment).run(machine("  - {id: a, call: unsafe}"))
    }
    #expect(transport.log.last == .sent("POST /login"))
  }

  @Test func `a cancellation ends the run cleanly`() async throws {
    let (cancellations, continuation) = AsyncStream.makeStream(of: Void.self)
    let transport = ScriptedTransport { request throws(TransportFailure) in
      if request.path == "/unsafe" { continuation.yield() }
      return APIResponse(status: 200, body: Array(#"{"token":"t"}"#.utf8))
    }
    let ended = try await Runner(environment: environment(transport)).run(
      machine(
        "  - {id: a, call: unsafe}\n  - {id: w, timeout: 2h, wait: {until: \"${{ false }}\", call: read, every: 1h}}"
      ),
      cancellations: cancellations)
    guard case .finished(let result) = ended.state.phase else {
      Issue.record("not finished")
      return
    }
    #expect(result.outcome == .cancelled)
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
    }
    environment.localActions = LocalActions(files: files) { Array(repeating: 9, count: $0) }
    environment.offload = { work in Thread.detachNewThread { work() } }
    let ended = try await Runner(environment: environment).run(
      machine("  - {id: a, call: file.digest, with: {file: endless}}\n  - {id: b, call: unsafe}"),
      cancellations: cancellations)
    #expect(recorded.withLock { $0 } == ["a cancelled"])
    guard case .finished(let result) = ended.state.phase else {
      Issue.record("not finished")
      return
    }
    #expect(result.outcome == .cancelled)
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
          _ = try await Runner(environment: environment).run(machine)
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
    let ended = try await Runner(
      environment: environment(transport, clock: ManualClock(.leaping))
    ).run(
      machine("  - {id: w, wait: 5h}\n  - {id: x, timeout: 3h, wait: 2h}"))
    guard case .finished(let result) = ended.state.phase else {
      Issue.record("not finished")
      return
    }
    #expect(result.outcome == .succeeded)
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
