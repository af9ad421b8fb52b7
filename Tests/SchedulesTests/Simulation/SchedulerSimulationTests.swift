import FoundationEssentials
import Testing

/// Seeded schedules, clocks, crashes and take-overs: every due instant has exactly one verdict.
///
/// `PRIVIRUN_SCHEDULER_SEEDS` is the number of seeds, 2,000 where it is not set; `PRIVIRUN_SCHEDULER_SEED`
/// names those that are simulated instead, separated by commas.
@Suite("Simulated schedules") struct SchedulerSimulationTests {
  private static let parts = 20
  private static let environment = ProcessInfo.processInfo.environment
  private static let named = environment["PRIVIRUN_SCHEDULER_SEED"].map { list in
    list.split(separator: ",").compactMap { UInt64($0) }
  }
  private static let seeds: [UInt64] =
    named ?? Array(0..<(environment["PRIVIRUN_SCHEDULER_SEEDS"].flatMap { UInt64($0) } ?? 2000))

  /// What happens in every hundred worlds, besides what is rarer.
  private static let happenings: Set<String> = [
    "ran", "caught-up", "triggered", "skipped-overlap", "skipped-window", "paused", "missed",
    "failed-to-start", "queued", "cancelled", "resumed", "done again", "changed", "gone", "moved",
    "taken over",
  ]

  @Test(arguments: 0..<parts)
  func `every due instant has one verdict, whatever crashes and however clocks jump`(_ part: Int) {
    var counts: [String: Int] = [:]
    for index in stride(from: part, to: Self.seeds.count, by: Self.parts) {
      let seed = Self.seeds[index]
      var world = ScheduleWorld(seed: seed)
      let objections = world.run()
      #expect(objections == [], "seed \(seed)")
      counts.merge(world.watch.counts) { $0 + $1 }
    }
    if Self.named == nil { #expect(Self.happenings.subtracting(counts.keys) == []) }
  }
}
