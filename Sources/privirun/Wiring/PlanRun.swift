import Cryptography
import Events
import Hosting
import Machine
import Networking
import Operations
import Planning
import Running
import Synchronization

/// Makes a plan: a run of the machine that foresees its steps, sends only reads and records nothing.
struct PlanRun {
  let plan: Plan
  let planning: Planning
  let labels: [RunLabel]
  let environment: [String: String]
  let trace: (@Sendable (String) -> Void)?

  /// What a plan comes to.
  struct Outcome: Sendable {
    let start: RunStart
    let events: [RunEvent]
    let ending: RunEnding
  }

  /// Plans over `transport`; a signal ends it early, as it ends a run.
  func perform(over transport: any Transport, at service: ServiceOrigins?) async throws -> Outcome {
    let collected = CollectedEvents()
    let clock = try WallClock()
    var generator = SystemRandomNumberGenerator()
    let start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(),
      version: Version.text, service: service, labels: labels)
    let machine = RunMachine(plan: plan, start: start, guidedBy: Guidance(planning: planning))
    let host = Host(environment: hostEnvironment(transport, collected, clock))
    host.start(RunOrder(starting: machine, texts: []))
    host.close()
    let ending = try await drive(host, start.run)
    return Outcome(start: start, events: collected.all, ending: ending)
  }

  private func hostEnvironment(
    _ transport: any Transport, _ collected: CollectedEvents, _ clock: WallClock
  ) -> HostEnvironment {
    HostEnvironment(
      journal: DiscardingJournal(),
      tools: RunTools(
        transport: transport,
        localActions: LocalActions(
          files: .live(home: environment["HOME"]), randomBytes: RandomBytes.system.draw),
        offload: BlockingThreads.perform, now: { clock.now() }),
      observe: { _, events in collected.add(events) },
      now: { clock.now() }, sleep: { try await Task.sleep(for: $0) }, trace: trace)
  }

  private func drive(_ host: Host, _ run: RunID) async throws -> RunEnding {
    let interrupts = Interrupts()
    defer { withExtendedLifetime(interrupts) {} }
    let signals = interrupts.signals
    return try await withThrowingTaskGroup(of: RunEnding?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        for await _ in signals { host.cancelAll() }
        return nil
      }
      group.addTask { try await host.drive()[run] }
      while let ending = try await group.next() {
        if let ending { return ending }
      }
      throw CancellationError()
    }
  }
}

/// The events of a plan so far.
private final class CollectedEvents: Sendable {
  private let events = Mutex<[RunEvent]>([])

  var all: [RunEvent] { events.withLock { $0 } }

  func add(_ more: [RunEvent]) { events.withLock { $0 += more } }
}
