import Events
import Expressions
import Glibc
import Hosting
import Synchronization

/// Many runs that wait, in turn for a person, for a time and for a vote, in one host.
enum WaitingRuns {
  private static let kinds = ["approval", "pause", "vote"]
  /// How long the runs have to come to rest by their clock, which goes faster meanwhile: the pauses
  /// between two reads of one condition grow for a quarter of an hour.
  private static let settling: Duration = .seconds(1200)
  private static let speed = 20.0

  /// Prints memory, and processor time over `duration`, once all wait.
  static func measure(_ bench: Workbench, count: Int, for duration: Duration) async throws {
    let waiting = WaitingSet()
    let service = InstantService()
    let clock = BenchClock()
    let environment = Workbench.environment(
      try Workbench.journal("waiting.sqlite"), service, clock: clock,
      observe: { run, events in waiting.note(run, events) })
    let before = ProcessUsage.status("VmRSS")
    var limits = HostLimits()
    limits.runs = count
    let host = Host(environment: environment, limits: limits)
    for number in 0..<count {
      let machine = try bench.machine([
        "kind": .string(kinds[number % kinds.count]),
        "username": .string("tenant-\(number)@example.com"),
        "password": .secret(text: "correct horse battery staple"),
      ])
      host.start(RunOrder(starting: machine))
    }
    try await withThrowingTaskGroup { group in
      group.addTask { _ = try await host.drive() }
      clock.setSpeed(speed)
      try await clock.sleep(settling)
      clock.setSpeed(1)
      await report(count, waiting, service, before, for: duration)
      group.cancelAll()
    }
  }

  private static func report(
    _ count: Int, _ waiting: WaitingSet, _ service: InstantService, _ before: Int,
    for duration: Duration
  ) async {
    let (processor, requests) = (ProcessUsage.now.processor, service.requestCount)
    try? await Task.sleep(for: duration)
    let seconds = duration / .seconds(1)
    let load = (ProcessUsage.now.processor - processor) / seconds
    let reads = Double(service.requestCount - requests) / seconds
    let memory = ProcessUsage.status("VmRSS")
    print("runs \(count), waiting \(waiting.count)")
    print("memory \(memory / 1024) MB, kB per run \((memory - before) / count)")
    print("processor \(rounded(load * 100)) %, reads/s \(rounded(reads))")
    print("threads \(ProcessUsage.status("Threads"))")
  }
}

/// The runs that wait for something but their session or the answer to a request.
private final class WaitingSet: Sendable {
  private let runs = Mutex<Set<RunID>>([])

  var count: Int { runs.withLock(\.count) }

  func note(_ run: RunID, _ events: [RunEvent]) {
    let waits = events.contains { event in
      switch event.kind {
      case .approvalRequested, .stepWaiting(_, .pause), .stepWaiting(_, .condition): true
      case _: false
      }
    }
    if waits { runs.withLock { _ = $0.insert(run) } }
  }
}
