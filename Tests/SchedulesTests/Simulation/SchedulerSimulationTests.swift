import FoundationEssentials
import Testing

/// Seeded schedules, clocks, crashes and take-overs: every due instant has exactly one verdict.
///
/// `PRIVIRUN_SCHEDULER_SEEDS` is the number of seeds, 2,000 where it is not set.
@Suite("Simulated schedules") struct SchedulerSimulationTests {
  private static let parts = 20
  private static let seeds =
    ProcessInfo.processInfo.environment["PRIVIRUN_SCHEDULER_SEEDS"].flatMap { Int($0) } ?? 2000

  /// What happens in every hundred worlds, besides what is rarer.
  private static let happenings: Set<String> = [
    "ran", "caught-up", "triggered", "skipped-overlap", "skipped-window", "paused", "missed",
    "failed-to-start", "queued", "cancelled", "resumed", "done again", "changed", "gone", "moved",
    "taken over",
  ]

  @Test(arguments: 0..<parts)
  func `every due instant has one verdict, whatever crashes and however clocks jump`(_ part: Int) {
    var counts: [String: Int] = [:]
    for seed in stride(from: part, to: Self.seeds, by: Self.parts) {
      var world = ScheduleWorld(seed: UInt64(seed))
      let objections = world.run()
      #expect(objections == [], "seed \(seed)")
      counts.merge(world.watch.counts) { $0 + $1 }
    }
    #expect(Self.happenings.subtracting(counts.keys) == [])
  }
}
