import Events
import Hosting
import Journaling
import Machine
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
    let run = UnrecordedRun(environment: environment, clock: clock, trace: trace)
    try await recorded.target.withTransport { transport, _ in
      _ = try await run.perform(RunOrder(resuming: machine, under: claim), over: transport) {
        answers.note($0)
      }
    }
    return answers.all
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
