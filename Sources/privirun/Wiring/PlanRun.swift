import Events
import Hosting
import Machine
import Operations
import Planning
import Running
import Synchronization

/// Makes a plan: a run of the machine that foresees its steps, sends only reads and records nothing.
struct PlanRun {
  let plan: Plan
  let planning: Planning
  let labels: [RunLabel]
  /// The environment of `privirun.yaml` that names the service.
  var environmentName: String?
  let environment: [String: String]
  let trace: (@Sendable (String) -> Void)?

  /// What a plan comes to.
  struct Outcome: Sendable {
    let start: RunStart
    let events: [RunEvent]
    let ending: RunEnding

    /// The events, the first of which says what the files among the inputs hold.
    func events(with contents: FileContents) -> [RunEvent] {
      guard let first = events.first, case .runStarted(var start) = first.kind else {
        return events
      }
      start.contents = contents.digests
      return [RunEvent(sequence: first.sequence, at: first.at, kind: .runStarted(start))]
        + events.dropFirst()
    }
  }

  /// The same of another plan, without labels.
  func of(_ other: Plan) -> PlanRun {
    PlanRun(
      plan: other, planning: planning, labels: [], environmentName: environmentName,
      environment: environment, trace: trace)
  }

  /// Plans over `transport`; a signal ends it early, as it ends a run.
  func perform(over transport: any Transport, at service: ServiceOrigins?) async throws -> Outcome {
    let collected = CollectedEvents()
    var generator = SystemRandomNumberGenerator()
    var start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(),
      version: Version.text, service: service, labels: labels)
    start.environment = environmentName
    let machine = RunMachine(plan: plan, start: start, guidedBy: Guidance(planning: planning))
    let ending = try await UnrecordedRun(
      environment: environment, clock: try WallClock(), trace: trace
    ).perform(RunOrder(starting: machine), over: transport) { collected.add($0) }
    return Outcome(start: start, events: collected.all, ending: ending)
  }
}

/// The events of a plan so far.
private final class CollectedEvents: Sendable {
  private let events = Mutex<[RunEvent]>([])

  var all: [RunEvent] { events.withLock { $0 } }

  func add(_ more: [RunEvent]) { events.withLock { $0 += more } }
}
