import Machine
import Diagnostics
import Events
import Expressions
import Networking
import Operations
import Planning
import Playbooks
import Running

/// A playbook that runs over the program's own transport, against whatever listens there.
struct LivePlaybook {
  let plan: Plan
  var settings = RunSettings()

  /// The playbook that `text` is, checked against `api`.
  init(_ text: String, api: APIDescription, inputs: ValueMap = [:]) throws {
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader(files: .containing(text)).load("test.yaml", texts: &texts)
      plan = try Planner(api: api).check(loaded).plan(inputs: inputs)
    } catch {
      throw Refused(diagnostics: DiagnosticRenderer(texts: texts).render(error.diagnostics))
    }
    settings.firstPollInterval = .milliseconds(20)
    settings.pollInterval = .milliseconds(20)
    // On a busy machine only the suite's own limit decides.
    settings.joinTimeout = .seconds(120)
  }

  /// Why the playbook was not accepted.
  struct Refused: Error {
    let diagnostics: String
  }

  /// What a run came to, and everything that happened in it.
  struct Report {
    var result: RunResult
    var events: [RunEvent]
  }

  /// Runs to the end against the service at `addresses`.
  func run(at addresses: ServiceAddresses) async throws -> Report {
    var generator = SystemRandomNumberGenerator()
    let start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: 1, version: "test")
    let machine = RunMachine(plan: plan, start: start, settings: settings)
    let began = ContinuousClock.now
    let log = EventLog()
    return try await LiveTransport.withTransport(addresses: addresses, options: TransportOptions())
    { transport in
      let runner = Runner(
        environment: RunnerEnvironment(
          transport: transport,
          localActions: LocalActions(
            files: .live(), randomBytes: { Array(repeating: 7, count: $0) }),
          record: { await log.append($0) }, observe: { _ in },
          offload: BlockingThreads.perform,
          now: { Moment(nanoseconds: 1_800_000_000_000_000_000) + began.duration(to: .now) },
          sleep: { try await ContinuousClock().sleep(for: $0) }))
      let ended = try await runner.run(machine)
      guard case .finished(let result) = ended.state.phase else { throw CancellationError() }
      return Report(result: result, events: await log.events)
    }
  }
}

/// The events of one run, in order.
private actor EventLog {
  private(set) var events: [RunEvent] = []

  func append(_ more: [RunEvent]) { events += more }
}
