import Diagnostics
import Events
import Expressions
import Hosting
import Machine
import Networking
import Operations
import Planning
import Playbooks
import Reporting
import Running
import Simulation
import Synchronization

/// How a run against a hostile server ended, as its user sees it.
struct Reported: Hashable {
  var outcome: Outcome
  var kind: FailureClass?
  var message: String?
  var isUnreachable = false
}

/// A run over real sockets with limits so short that nobody has to wait.
struct HostileRun {
  var settings: RunSettings
  var options = TransportOptions()
  /// Once this is true, three hours have gone by: more than any step's timeout.
  var hasGoneBy: @Sendable () -> Bool = { false }
  private let plan: Plan
  private let run: RunID

  /// A run of these steps; its session belongs to `u`.
  init(_ steps: String) throws {
    var generator = SystemRandomNumberGenerator()
    run = RunID(using: &generator)
    settings = RunSettings()
    settings.steps.attemptTimeout = .seconds(3600)
    settings.calls.sendLimit = .seconds(24 * 3600)
    // Nothing is asked again on its own in a test.
    settings.polls.quietInterval = .seconds(7200)
    // The clock skips hours in which everything went on.
    settings.stopping.oversleptLateness = .seconds(24 * 3600)
    settings.polls.rareInterval = .seconds(7200)
    settings.polls.longestWaitInterval = .seconds(7200)
    settings.polls.firstInterval = .milliseconds(1)
    settings.polls.longestInterval = .milliseconds(2)
    settings.polls.unknownCommandGrace = .milliseconds(5)
    settings.steps.backoff = .milliseconds(1)
    // What is in doubt stays so, that its explanation is seen.
    settings.lookups.limit = .zero
    settings.sessions.leaveTimeout = .milliseconds(50)
    options.webSocket.closeTimeout = .milliseconds(50)
    var texts = SourceTexts()
    let text = """
      playbook: 1
      name: hostile
      session: {username: u, password: planted-password}
      steps:
      \(steps)

      """
    let loaded = try PlaybookLoader(files: .containing(text)).load("hostile.yaml", texts: &texts)
    plan = try Planner(api: try .embedded()).check(loaded).plan(inputs: [:])
  }

  /// Runs to the end against a service of these addresses.
  ///
  /// Every event that is recorded is also handed to `observe`.
  func result(
    api: String, webSocket: String = "ws://127.0.0.1:1",
    observe: @escaping @Sendable ([RunEvent]) -> Void = { _ in }
  ) async throws -> RunResult {
    let addresses = try ServiceAddresses(
      api: api, webSocket: webSocket, upstream: api, downstream: api)
    let start = RunStart(
      run: run, playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: 1, version: "test")
    let machine = RunMachine(plan: plan, start: start, settings: settings)
    let clock = SkippingClock(hasGoneBy: hasGoneBy)
    return try await LiveTransport.withTransport(addresses: addresses, options: options) {
      transport in
      let host = Host(
        environment: HostEnvironment(
          journal: SimulatedJournal.ofOneProcess(),
          tools: RunTools(
            transport: transport,
            localActions: LocalActions(
              files: .live(), randomBytes: { Array(repeating: 0, count: $0) }),
            offload: { $0() }, now: { clock.now() }),
          observe: { _, events in observe(events) },
          now: { clock.now() }, sleep: { try await clock.sleep(for: $0) }))
      host.start(RunOrder(starting: machine))
      host.close()
      guard case .finished(let result)? = try await host.drive()[run] else {
        throw CancellationError()
      }
      return result
    }
  }

  /// The same, as its user sees it.
  func reported(api: String, webSocket: String = "ws://127.0.0.1:1") async throws -> Reported {
    let result = try await result(api: api, webSocket: webSocket)
    return Reported(
      outcome: result.outcome, kind: result.failure?.kind, message: result.failure?.message,
      isUnreachable: result.failure?.isUnreachable ?? false)
  }

  /// How it ended, in the words of the line-by-line output: the outcome, and what explains it.
  ///
  /// Addresses of this run stand as `API` and `SOCKET`, since their ports are others each time.
  func explanation(api: String, webSocket: String = "ws://127.0.0.1:1") async throws -> String {
    let text = Mutex("")
    let recorder = Mutex(
      PlainRecorder(style: TerminalStyle()) { line in text.withLock { $0 += line } })
    let result = try await result(api: api, webSocket: webSocket) { events in
      recorder.withLock { recorder in
        for event in events { recorder.record(event) }
      }
    }
    let lines = text.withLock { $0 }.split(separator: "\n").map(String.init)
    let lost = lines.filter { $0.contains("  session u: lost") }.map { String($0.dropFirst(11)) }
    let headline = lines.firstIndex { $0.hasPrefix("a ") } ?? lines.endIndex
    let reported = lines[headline...].filter { line in
      ["a ", "  request ", "  response ", "  next ", "            "].contains { line.hasPrefix($0) }
    }
    let explanation = reported.prefix(1) + reported.dropFirst().filter { $0 != reported.first }
    return ([result.outcome.rawValue] + lost + explanation).joined(separator: "\n")
      .replacing(api, with: "API").replacing(webSocket, with: "SOCKET")
      .replacing(run.text, with: "RUN")
  }
}
