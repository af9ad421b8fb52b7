import Diagnostics
import Events
import Expressions
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Playbooks
import Running
import Simulation

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
    settings.polls.firstInterval = .milliseconds(20)
    settings.polls.longestInterval = .milliseconds(20)
    // On a busy machine only the suite's own limit decides.
    settings.sessions.joinTimeout = .seconds(120)
    settings.calls.sendLimit = .seconds(600)
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
    let now: @Sendable () -> Moment = {
      Moment(nanoseconds: 1_800_000_000_000_000_000) + began.duration(to: .now)
    }
    let journal = SimulatedJournal.ofOneProcess()
    return try await LiveTransport.withTransport(addresses: addresses, options: TransportOptions())
    { transport in
      let host = Host(
        environment: HostEnvironment(
          journal: journal,
          tools: RunTools(
            transport: transport,
            localActions: LocalActions(
              files: .live(), randomBytes: { Array(repeating: 7, count: $0) }),
            offload: BlockingThreads.perform, now: now),
          observe: { _, _ in },
          now: now,
          sleep: { try await ContinuousClock().sleep(for: $0) }))
      host.start(RunOrder(starting: machine))
      host.close()
      guard case .finished(let result)? = try await host.drive()[start.run] else {
        throw CancellationError()
      }
      return Report(result: result, events: try await journal.record(of: start.run).events)
    }
  }
}

extension SimulatedJournal {
  /// A journal in memory that no other process has open.
  static func ofOneProcess() -> SimulatedJournal {
    SimulatedJournal(
      JournalStore(), as: OwnerIdentity(process: 1, host: "here", since: Moment(nanoseconds: 0)))
  }
}
