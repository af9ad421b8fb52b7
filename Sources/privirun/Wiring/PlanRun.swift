import Events
import Hosting
import Machine
import Operations
import Planning

/// Makes a plan: a run of the machine that foresees its steps, sends only reads and records nothing.
struct PlanRun {
  let plan: Plan
  let planning: Planning
  let labels: [RunLabel]
  /// The environment of `privirun.yaml` that names the service.
  var environmentName: String?
  /// The tenant whose run is planned; nil outside rollouts.
  var tenant: TenantReference?

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
    PlanRun(plan: other, planning: planning, labels: [], environmentName: environmentName)
  }

  /// Plans in `host`.
  func perform(in host: PlanHost, at service: ServiceOrigins?) async -> Outcome {
    var generator = SystemRandomNumberGenerator()
    var start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(),
      version: Version.text, service: service, labels: labels)
    start.environment = environmentName
    start.tenant = tenant
    let machine = RunMachine(plan: plan, start: start, guidedBy: Guidance(planning: planning))
    let (events, ending) = await host.perform(RunOrder(starting: machine))
    return Outcome(start: start, events: events, ending: ending)
  }

  /// The plan, and what a person should know besides the steps.
  func forecast(
    in host: PlanHost, at service: ServiceOrigins?
  ) async throws -> (Outcome, VoteReading.Forecast) {
    let outcome = await perform(in: host, at: service)
    let read: (Plan) async throws -> [RunEvent] = { plan in
      await self.of(plan).perform(in: host, at: service).events
    }
    let reading = VoteReading(plan: plan, read: planning.isOffline ? nil : read)
    return (outcome, try await reading.forecast(after: outcome.events))
  }
}
