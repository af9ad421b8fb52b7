import Testing

/// Seeded rollouts, with crashes after any commit: limits are never exceeded, and every tenant ends once.
@Suite("Simulated rollouts") struct RolloutSimulationTests {
  @Test(arguments: 0..<10)
  func `no rollout exceeds a limit, and every tenant ends once, whatever crashes`(
    _ part: Int
  ) async {
    for seed in UInt64(part * 200)..<UInt64(part * 200 + 200) {
      var world = RolloutWorld(seed: seed)
      let objections = await world.run()
      #expect(objections == [], "seed \(seed)")
    }
  }
}
