import Events
import Operations
import Sandbox
import Simulation
import Testing

/// Playbooks that take back what they changed, simulated.
@Suite("Simulated undos")
struct UndoSimulationTests {
  private static func device(_ name: String) -> String {
    """
    - id: \(name)
      call: device.request-unique-identifier
      with: { deviceName: \(name) }
      ensure: present
      undo: auto
    """
  }

  private static func indented(_ text: String, by count: Int) -> String {
    text.split(separator: "\n").map { String(repeating: " ", count: count) + $0 }
      .joined(separator: "\n")
  }

  private static func subject(_ steps: String, playing played: String? = nil) throws
    -> CampaignSubject
  {
    try CampaignSubject(
      Scenario(
        plan: try SimulatedPlaybook(steps, played: played).plan, files: SimulatedFiles(),
        start: SimulatedPlaybook.start))
  }

  private static func finding(_ subject: CampaignSubject) async -> Finding? {
    await Campaign(
      over: subject, runs: 30, seed: 1, faults: FaultSpec(.light), crashMode: .random, workers: 2
    ).perform().finding
  }

  @Test func `what was undone may be done again`() async throws {
    let played =
      "playbook: 1\nundo-on: [failure]\nsteps:\n\(Self.indented(Self.device("a"), by: 2))\n"
      + "  - { id: f, assert: \"false\" }\n"
    let subject = try Self.subject(
      """
        - id: g
          retry: { attempts: 2, backoff: 10ms, on: [expectation] }
          steps: [ { id: p, play: played.yaml } ]
          rescue: [ { id: saved, wait: 1s } ]
      """, playing: played)
    #expect(await Self.finding(subject)?.violation == nil)
  }

  @Test func `a playbook that fails and takes back everything is one to simulate`() async throws {
    let subject = try Self.subject(
      Self.indented(Self.device("a") + "\n- { id: f, assert: \"false\" }", by: 2)
        + "\nundo-on: [failure]")
    #expect(subject.reference.result.outcome == .failed)
    #expect(await Self.finding(subject)?.violation == nil)
  }
}
