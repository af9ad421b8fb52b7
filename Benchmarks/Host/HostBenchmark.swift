import Cryptography
import Diagnostics
import Events
import Expressions
import FoundationEssentials
import Glibc
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Playbooks
import Running
import Simulation
import Synchronization

/// Drives many runs of one playbook in one host, and prints what that took.
///
/// `HostBenchmark PLAYBOOK RUNS` reads the addresses of the service from the environment, as
/// `privirun` does, and keeps its journal in the current folder. Each run has a username of its own.
@main
enum HostBenchmark {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let count = Int(arguments[2]) else {
      stop("usage: HostBenchmark PLAYBOOK RUNS")
    }
    raiseDescriptorLimit()
    let checked = try check(arguments[1])
    let addresses = try ServiceAddresses(
      api: variable("PRIVICORE_API_URL"), webSocket: variable("PRIVICORE_WS_URL"),
      upstream: variable("PRIVICORE_UPSTREAM_URL"),
      downstream: variable("PRIVICORE_DOWNSTREAM_URL"))
    let recorded = try SQLiteJournal.open(
      at: "host-benchmark.sqlite",
      as: OwnerIdentity(process: getpid(), host: "here", since: Moment(nanoseconds: 0)))
    let counter = CommitCounter()
    let journal = TappedJournal(recorded) { commit in
      counter.count(commit)
      return nil
    }
    let began = ContinuousClock.now
    let endings = try await LiveTransport.withTransport(
      addresses: addresses, options: TransportOptions()
    ) { transport in
      let host = Host(environment: environment(journal, transport))
      for number in 0..<count { host.start(try order(checked, number)) }
      host.close()
      return try await host.drive()
    }
    report(endings, counter, elapsed: began.duration(to: .now))
  }

  private static func stop(_ reason: String) -> Never {
    let line = Array("\(reason)\n".utf8)
    _ = write(2, line, line.count)
    exit(2)
  }

  /// Each run has a socket of its own.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  private static func check(_ path: String) throws -> CheckedPlaybook {
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader().load(path, texts: &texts)
      return try Planner(api: .embedded()).check(loaded)
    } catch {
      stop(DiagnosticRenderer(texts: texts).render(error.diagnostics))
    }
  }

  private static func variable(_ name: String) -> String {
    ProcessInfo.processInfo.environment[name] ?? ""
  }

  private static func environment(
    _ journal: any Journal, _ transport: any Transport
  ) -> HostEnvironment {
    let started = ContinuousClock.now
    let now: @Sendable () -> Moment = {
      Moment(nanoseconds: 1_800_000_000_000_000_000) + started.duration(to: .now)
    }
    return HostEnvironment(
      journal: journal,
      tools: RunTools(
        transport: transport,
        localActions: LocalActions(files: .live(), randomBytes: RandomBytes.system.draw),
        offload: BlockingThreads.perform, now: now),
      observe: { _, _ in }, now: now, sleep: { try await Task.sleep(for: $0) })
  }

  private static func order(_ checked: CheckedPlaybook, _ number: Int) throws -> RunOrder {
    let plan = try checked.plan(inputs: [
      "username": .string("tenant-\(number)@example.com"),
      "password": .secret(text: "correct horse battery staple"),
    ])
    var generator = SystemRandomNumberGenerator()
    let start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(), version: "benchmark")
    return RunOrder(starting: RunMachine(plan: plan, start: start))
  }

  private static func report(
    _ endings: [RunID: RunEnding], _ counter: CommitCounter, elapsed: Duration
  ) {
    let succeeded = endings.values.count { ending in
      if case .finished(let result) = ending { result.outcome == .succeeded } else { false }
    }
    let (commits, events, steps) = counter.counts
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let processor = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    let seconds = elapsed / .seconds(1)
    print("runs \(endings.count), succeeded \(succeeded), \(steps) steps in \(round(seconds)) s")
    print("commits/s \(round(Double(commits) / seconds)), events \(events)")
    print("events per commit \(round(Double(events) / Double(commits)))")
    print("CPU s per 1,000 steps \(round(processor * 1000 / Double(steps)))")
    print("peak memory \(usage.ru_maxrss / 1024) MB")
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
  }

  /// Two decimals.
  private static func round(_ number: Double) -> Double { (number * 100).rounded() / 100 }
}

/// Counts what is recorded.
private final class CommitCounter: Sendable {
  private let state = Mutex((commits: 0, events: 0, steps: 0))

  var counts: (commits: Int, events: Int, steps: Int) { state.withLock { $0 } }

  func count(_ commit: JournalCommit) {
    let events = commit.parts.flatMap(\.events)
    let steps = events.count { if case .stepFinished = $0.kind { true } else { false } }
    state.withLock { state in
      state.commits += 1
      state.events += events.count
      state.steps += steps
    }
  }
}
