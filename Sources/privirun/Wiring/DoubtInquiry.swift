import Cryptography
import Events
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Running
import Synchronization

/// Asks the service about requests of a run of which nobody knows whether they had their effect, and
/// records nothing.
struct DoubtInquiry {
  /// What the service says about one request.
  enum Answer: Sendable, Hashable {
    case settled(DoubtVerdict)
    /// It cannot be said; one sentence without a full stop.
    case unknown(String)
  }

  let recorded: RecordedRun
  let environment: [String: String]
  let clock: WallClock
  let trace: (@Sendable (String) -> Void)?

  /// The answers by step.
  func perform(_ claim: RunClaim) async throws -> [StepPath: Answer] {
    let machine = try recorded.machine(guidedBy: Guidance(isInquiry: true))
    let answers = Answers()
    try await recorded.target.withTransport { transport, _ in
      let host = Host(environment: hostEnvironment(transport, answers))
      host.start(RunOrder(resuming: machine, under: claim))
      host.close()
      try await drive(host)
    }
    return answers.all
  }

  private func hostEnvironment(
    _ transport: any Transport, _ answers: Answers
  ) -> HostEnvironment {
    HostEnvironment(
      journal: DiscardingJournal(),
      tools: RunTools(
        transport: transport,
        localActions: LocalActions(
          files: .live(home: environment["HOME"]), randomBytes: RandomBytes.system.draw),
        offload: BlockingThreads.perform, now: { clock.now() }),
      observe: { _, events in answers.note(events) },
      now: { clock.now() }, sleep: { try await Task.sleep(for: $0) }, trace: trace)
  }

  /// Drives the host to its end; a signal ends it early.
  private func drive(_ host: Host) async throws {
    let interrupts = Interrupts()
    defer { withExtendedLifetime(interrupts) {} }
    let signals = interrupts.signals
    try await withThrowingTaskGroup(of: Bool.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        for await _ in signals { host.cancelAll() }
        return false
      }
      group.addTask {
        _ = try await host.drive()
        return true
      }
      while let isOver = try await group.next(), !isOver {}
    }
  }
}

/// What the reads have shown so far.
private final class Answers: Sendable {
  private let answers = Mutex<[StepPath: DoubtInquiry.Answer]>([:])

  var all: [StepPath: DoubtInquiry.Answer] { answers.withLock { $0 } }

  func note(_ events: [RunEvent]) {
    for event in events {
      switch event.kind {
      case .doubtSettled(let path, let verdict): note(.settled(verdict), of: path)
      case .stepFinished(let path, let result) where result.outcome == .inDoubt:
        note(.unknown(result.failure?.message ?? "nothing reads it"), of: path)
      case _: break
      }
    }
  }

  private func note(_ answer: DoubtInquiry.Answer, of path: StepPath) {
    answers.withLock { $0[path] = answer }
  }
}
