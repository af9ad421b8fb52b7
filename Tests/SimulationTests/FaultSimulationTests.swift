import Events
import Machine
import Operations
import Sandbox
import Simulation
import Testing

@Suite("Faults under simulation")
struct FaultSimulationTests {
  private static let steps = """
      - id: devices
        for-each: [a, b, c, d]
        as: name
        steps:
          - play: lib/ensure-device.yaml
            with: { name: "${{ name }}", role: storage }
      - { id: listed, call: device.retrieve-profile-devices }
    """

  private static let subject = Result {
    try CampaignSubject(
      Scenario(
        plan: try SimulatedPlaybook(steps).plan, files: SimulatedFiles(),
        start: SimulatedPlaybook.start))
  }

  @Test(arguments: FaultKind.allCases) func `every fault is injected, and breaks no property`(
    _ kind: FaultKind
  ) throws {
    var faults = FaultSpec()
    faults[kind] = FaultSpec.Rule(
      share: try #require(FaultShare(kind == .restart ? "2%" : "12%")),
      duration: kind.usualDuration)
    let subject = try Self.subject.get()
    var count = 0
    var succeeded = 0
    for seed in 1...12 as ClosedRange<UInt64> {
      let result = subject.run(SimulationCase(seed: seed, faults: faults))
      #expect(result.violation == nil, "seed \(seed): \(result.violation?.detail ?? "")")
      #expect(Set(result.report.faults.keys).isSubset(of: [kind]))
      count += result.report.faults[kind] ?? 0
      succeeded += result.report.result.outcome == .succeeded ? 1 : 0
    }
    #expect(count > 6)
    #expect(succeeded > 6)
  }

  @Test func `a restart breaks every connection and refuses new ones for a while`() throws {
    var faults = FaultSpec()
    faults[.restart] = FaultSpec.Rule(share: .always, duration: .seconds(20))
    var next = SimulationCase(seed: 3, faults: faults)
    let subject = try Self.subject.get()
    // This occasion is among the steps of the devices, while the socket is open.
    next.allowedFaults = [24]
    let result = subject.run(next)
    #expect(result.violation == nil)
    #expect(result.report.faults == [.restart: 1])
    let reasons = result.report.events.compactMap { event -> String? in
      guard case .sessionChanged("tenant", .lost(let reason)) = event.kind else { return nil }
      return reason
    }
    #expect(reasons.count == 1)
    #expect(result.report.elapsed > .seconds(20))
    #expect(result.report.result.outcome == .succeeded)
  }

  @Test func `the same case gives the same run, crashes and faults included`() throws {
    var next = SimulationCase(seed: 11, faults: FaultSpec(.heavy))
    next.crashes = [Crash(point: 40, downtime: .seconds(5)), Crash(point: 90, downtime: .zero)]
    next.reopenings = 1
    let subject = try Self.subject.get()
    let (first, second) = (subject.run(next), subject.run(next, tracing: true))
    #expect(first.report.events == second.report.events)
    #expect(first.report.faults == second.report.faults)
    #expect(first.report.inventory == second.report.inventory)
    let traced = second.report.trace?.injections.map(\.injection.kind) ?? []
    #expect(
      Dictionary(traced.map { ($0, 1) }, uniquingKeysWith: +) == second.report.faults)
  }
}
