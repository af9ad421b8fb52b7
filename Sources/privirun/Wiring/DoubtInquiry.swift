import Events
import Hosting
import Journaling
import Machine

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
  let trace: (@Sendable (String) -> Void)?

  /// The answers by step.
  func perform(_ claim: RunClaim) async throws -> [StepPath: Answer] {
    let machine = try recorded.machine(guidedBy: Guidance(isInquiry: true))
    let run = UnrecordedRun(environment: environment, trace: trace)
    let events = try await recorded.target.withTransport { transport, _ in
      try await run.perform(RunOrder(resuming: machine, under: claim), over: transport).events
    }
    return Self.answers(in: events)
  }

  /// What the reads have shown.
  private static func answers(in events: [RunEvent]) -> [StepPath: Answer] {
    var answers: [StepPath: Answer] = [:]
    for event in events {
      switch event.kind {
      case .doubtSettled(let path, let verdict): answers[path] = .settled(verdict)
      case .stepFinished(let path, let result) where result.outcome == .inDoubt:
        answers[path] = .unknown(result.failure?.message ?? "nothing reads it")
      case _: break
      }
    }
    return answers
  }
}
