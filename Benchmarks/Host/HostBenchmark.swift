import Glibc

/// Measures hosts and journals; the scripts in `Benchmarks` call it.
///
/// | arguments | what is measured |
/// |---|---|
/// | `tenants PLAYBOOK RUNS` | many runs against a service, whose addresses the environment has |
/// | `steps PLAYBOOK STEPS RUNS` | durable steps per second, beside what the disk can do |
/// | `record PLAYBOOK EVENTS` | nothing: it writes the journal that `replay` reads |
/// | `replay PLAYBOOK` | reading and folding the events of that journal |
/// | `waiting PLAYBOOK RUNS SECONDS` | memory and processor time of runs that wait |
///
/// Journals are kept in the current folder.
@main
enum HostBenchmark {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let numbers = arguments.dropFirst(2).map { Int($0) ?? 0 }
    guard arguments.count >= 2, numbers.allSatisfy({ $0 > 0 }) else { stop(usage) }
    let bench = try Workbench(playbook: arguments[1])
    switch (arguments[0], numbers.count) {
    case ("tenants", 1): try await TenantRuns.measure(bench, count: numbers[0])
    case ("steps", 2): try await StepRates.measure(bench, steps: numbers[0], runs: numbers[1])
    case ("record", 1): try await Replay.record(bench, count: numbers[0])
    case ("replay", 0): try Replay.measure(bench)
    case ("waiting", 2):
      try await WaitingRuns.measure(bench, count: numbers[0], for: .seconds(numbers[1]))
    case _: stop(usage)
    }
  }

  private static let usage =
    "usage: HostBenchmark tenants|steps|record|replay|waiting PLAYBOOK [NUMBER...]"
}

/// Ends the process with a reason.
func stop(_ reason: String) -> Never {
  let line = Array("\(reason)\n".utf8)
  _ = write(2, line, line.count)
  exit(2)
}

/// Two decimals.
func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }

/// The middle one of `numbers`, which are not empty.
func median(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }
