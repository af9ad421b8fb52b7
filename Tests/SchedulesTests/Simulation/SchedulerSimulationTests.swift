import FoundationEssentials
import Testing

/// Seeded schedules, clocks, crashes and take-overs: every due instant has exactly one verdict.
///
/// `PRIVIRUN_SCHEDULER_SEEDS` is the number of seeds, 2,000 where it is not set.
@Suite("Simulated schedules") struct SchedulerSimulationTests {
  private static let parts = 20
  private static let seeds =
    ProcessInfo.processInfo.environment["PRIVIRUN_SCHEDULER_SEEDS"].flatMap { Int($0) } ?? 2000

  @Test(arguments: 0..<parts)
  func `every due instant has one verdict, whatever crashes and however clocks jump`(_ part: Int) {
    if let one = ProcessInfo.processInfo.environment["SEED"], let n = UInt64(one) { var w = ScheduleWorld(seed: n); if part == 0 { print(w.run()) }; return }
    for seed in stride(from: part, to: Self.seeds, by: Self.parts) {
      var world = ScheduleWorld(seed: UInt64(seed))
      let objections = world.run()
      #expect(objections == [], "seed \(seed)")
    }
  }
}
