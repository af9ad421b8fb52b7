import Events
import Expressions
import Glibc
import Hosting
import Simulation

/// Durable steps per second of one run and of many, beside what the disk can do.
///
/// The service answers at once, and each step waits for its intent to be durable: what remains is the
/// journal. Nothing is asserted.
enum StepRates {
  /// What one host came to.
  private struct Rate {
    let steps: Double
    let commits: Double
    /// Processor time for each second.
    let load: Double
  }

  private static let repetitions = 5

  static func measure(_ bench: Workbench, steps: Int, runs: Int) async throws {
    var disk: [Double] = []
    var single: [Rate] = []
    var many: [Rate] = []
    for repetition in 0..<repetitions {
      let before = DiskRate.measure()
      disk.append(before)
      single.append(try await rate(bench, runs: 1, steps: steps, "one-\(repetition).sqlite"))
      many.append(
        try await rate(
          bench, runs: runs, steps: max(1, steps * 10 / runs), "many-\(repetition).sqlite"))
    }
    print("append of 4 KiB and sync: \(rounded(median(disk)))/s")
    report("1 run", single, beside: disk)
    report("\(runs) runs", many, beside: disk)
  }

  private static func rate(
    _ bench: Workbench, runs: Int, steps: Int, _ name: String
  ) async throws -> Rate {
    let counter = CommitCounter()
    let journal = TappedJournal(try Workbench.journal(name)) { commit in
      counter.count(commit)
      return nil
    }
    let host = Host(environment: Workbench.environment(journal, InstantService()))
    for _ in 0..<runs {
      let machine = try bench.machine([
        "outer": .list([.int(1)]), "inner": .list((0..<steps).map { .int(Int64($0)) }),
      ])
      host.start(RunOrder(starting: machine))
    }
    host.close()
    let processor = ProcessUsage.now.processor
    let began = ContinuousClock.now
    _ = try await host.drive()
    let seconds = began.duration(to: .now) / .seconds(1)
    return Rate(
      steps: Double(runs * steps) / seconds, commits: Double(counter.counts.commits) / seconds,
      load: (ProcessUsage.now.processor - processor) / seconds)
  }

  /// Each ratio is that of one repetition; the median of them is printed.
  private static func report(_ what: String, _ rates: [Rate], beside disk: [Double]) {
    let ratios = zip(rates, disk).map { $0.steps / $1 }
    let commitRatios = zip(rates, disk).map { $0.commits / $1 }
    print(
      "\(what): steps/s \(rounded(median(rates.map(\.steps)))), ratio \(rounded(median(ratios)));"
        + " commits/s \(rounded(median(rates.map(\.commits)))),"
        + " ratio \(rounded(median(commitRatios)));"
        + " processors busy \(rounded(median(rates.map(\.load))))")
  }
}
