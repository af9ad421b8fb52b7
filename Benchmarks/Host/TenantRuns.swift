import Events
import Expressions
import FoundationEssentials
import Glibc
import Hosting
import Networking
import Simulation

/// Drives many runs in one host against a service.
///
/// The addresses of the service are those of the environment, as `privirun` reads them. Each run has
/// a username of its own.
enum TenantRuns {
  static func measure(_ bench: Workbench, count: Int) async throws {
    raiseDescriptorLimit()
    let addresses = try ServiceAddresses(
      api: variable("PRIVICORE_API_URL"), webSocket: variable("PRIVICORE_WS_URL"),
      upstream: variable("PRIVICORE_UPSTREAM_URL"),
      downstream: variable("PRIVICORE_DOWNSTREAM_URL"))
    let counter = CommitCounter()
    let journal = TappedJournal(try Workbench.journal("tenants.sqlite")) { commit in
      counter.count(commit)
      return nil
    }
    let began = ContinuousClock.now
    let succeeded = try await LiveTransport.withTransport(
      addresses: addresses, options: TransportOptions()
    ) { transport in
      let host = Host(environment: Workbench.environment(journal, transport))
      for number in 0..<count {
        let machine = try bench.machine([
          "username": .string("tenant-\(number)@example.com"),
          "password": .secret(text: "correct horse battery staple"),
        ])
        host.start(RunOrder(starting: machine))
      }
      host.close()
      return try await host.drive().values.count { ending in
        if case .finished(let result) = ending { result.outcome == .succeeded } else { false }
      }
    }
    report(count, succeeded, counter, seconds: began.duration(to: .now) / .seconds(1))
  }

  /// Each run has a socket of its own.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  private static func variable(_ name: String) -> String {
    ProcessInfo.processInfo.environment[name] ?? ""
  }

  private static func report(
    _ count: Int, _ succeeded: Int, _ counter: CommitCounter, seconds: Double
  ) {
    let (commits, events, steps) = counter.counts
    let usage = ProcessUsage.now
    print("runs \(count), succeeded \(succeeded), \(steps) steps in \(rounded(seconds)) s")
    print("commits/s \(rounded(Double(commits) / seconds)), events \(events)")
    print("events per commit \(rounded(Double(events) / Double(commits)))")
    print("CPU s per 1,000 steps \(rounded(usage.processor * 1000 / Double(steps)))")
    print("peak memory \(usage.peakMemory) MB")
  }
}
