import Events
import Expressions
import Machine
import Operations
import Planning
import Playbooks
import Running
import Sandbox
import Simulation
import Testing

@Suite("Votes under simulation")
struct GateSimulationTests {
  /// A device whose removal needs a vote of two authenticators.
  private static func gated(timeout: String, attempts: Int = 1) throws -> SimulatedPlaybook {
    try SimulatedPlaybook(
      """
        - id: voters
          for-each: [phone, tablet]
          steps:
            - play: lib/ensure-device.yaml
              with: { name: "${{ item }}", role: authenticator }
        - call: verified-authenticator.set-maximum-voting-attempts
          with: { numberOfAttempts: \(attempts) }
        - id: device
          play: lib/ensure-device.yaml
          with: { name: old, role: storage }
        - play: lib/gate-event.yaml
          with: { name: careful, event: device.device_removed, timeLimit: 40, strategy: unanimous }
        - id: remove
          call: device.remove-device
          with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
          timeout: \(timeout)
          retry: { attempts: 3, backoff: 1s }
      """)
  }

  @Test(
    arguments: [
      ([Voter.yes], "5m", 1, Outcome.succeeded, nil as String?, 1, 0),
      ([.no], "5m", 1, .failed, "the command was rejected: voting.rejected", 0, 0),
      ([.yes, .no], "5m", 1, .failed, "the command was rejected: voting.rejected", 0, 0),
      ([.absent], "5m", 1, .failed, "the command was rejected: voting.timed_out", 0, 40),
      ([.absent], "5m", 3, .failed, "the command was rejected: voting.timed_out", 0, 120),
    ] as [([Voter], String, Int, Outcome, String?, Int, Int)])
  func `a gated operation ends as the vote does, and is sent once`(
    _ voters: [Voter], _ timeout: String, _ attempts: Int, _ outcome: Outcome, _ message: String?,
    _ effects: Int, _ seconds: Int
  ) throws {
    var vault = try VaultConfiguration().injecting("lose=20%,double=20%")
    vault.voters = voters
    let report = try Self.gated(timeout: timeout, attempts: attempts).run(seed: 5, vault)
    #expect(report.result.outcome == outcome)
    #expect(report.result.failure?.message == message)
    #expect(report.received("device.remove-device") == 1)
    #expect(report.effects("device.remove-device") == effects)
    #expect(report.ledger.violations == [])
    #expect(report.elapsed >= .seconds(seconds))
    #expect(report.elapsed < .seconds(seconds + 60))
  }

  /// Loses the first response to requests for `path`.
  private static func losing(_ path: String) -> Tampering {
    Tampering(
      input: { input, notes in
        guard case .answered(let id, _) = input, notes.remove("\(id)") != nil else { return input }
        return .exchangeFailed(id, TransportFailure(.broken, "cut", mayHaveBeenSent: true))
      },
      actions: { actions, notes in
        for case .exchange(let id, let request) in actions
        where request.path == path && notes.insert(path).inserted { notes.insert("\(id)") }
        return actions
      })
  }

  /// The voters take 30 s, and what a lookup does not find for 10 s otherwise counts as not done.
  @Test(arguments: [
    ("storage.remove-storage", "/storage/remove", "storage.storage_removed", 1, 1),
    // It has no second effect, since an identifier is removed once.
    ("device.remove-device", "/device/remove", "device.device_removed", 2, 0),
  ])
  func `a gated operation whose response was lost waits for its vote`(
    _ operation: String, _ path: String, _ event: String, _ requests: Int, _ resumptions: Int
  ) throws {
    let plan = try SimulatedPlaybook(
      """
        - id: phone
          play: lib/ensure-device.yaml
          with: { name: phone, role: authenticator }
        - id: device
          play: lib/ensure-device.yaml
          with: { name: old, role: storage }
        - play: lib/gate-event.yaml
          with: { name: careful, event: \(event), timeLimit: 40 }
        - id: remove
          call: \(operation)
          with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
          timeout: 5m
      """
    ).plan
    var scenario = Scenario(plan: plan, files: SimulatedFiles(), start: SimulatedPlaybook.start)
    scenario.vault.voters = [.yes]
    scenario.vault.voterDelay = .seconds(30)
    scenario.resolvesDoubt = true
    scenario.tampering = Self.losing(path)
    var simulation = Simulation(scenario, seed: 5)
    let report = try simulation.run()
    #expect(report.violation == nil)
    #expect(report.result.outcome == .succeeded)
    #expect(report.received(operation) == requests)
    #expect(report.effects(operation) == 1)
    let count = report.events.count { if case .runResumed = $0.kind { true } else { false } }
    #expect(count == resumptions)
  }

  @Test func `a step whose time is shorter than the vote's ends in doubt and says why`() throws {
    var vault = VaultConfiguration()
    vault.voters = [.absent]
    let report = try Self.gated(timeout: "30s").run(seed: 5, vault)
    #expect(report.result.outcome == .inDoubt)
    #expect(report.result.failure?.kind == .timeout)
    #expect(report.result.failure?.hint?.hasPrefix("a vote may still be open") == true)
    #expect(report.received("device.remove-device") == 1)
  }

  @Test(
    arguments: [
      ([Voter.yes, .yes], "resolved", [0, 2], 0), ([.no, .no], "rejected", [0, 0], 0),
      ([.yes, .absent], "expired", [0, 1], 40),
    ] as [([Voter], String, [Int64], Int)])
  func `a manual vote is followed to its end, ballots and time shown on the way`(
    _ voters: [Voter], _ status: String, _ yes: [Int64], _ seconds: Int
  ) throws {
    var vault = VaultConfiguration()
    vault.voters = voters
    vault.voterDelay = .seconds(3)
    let report = try SimulatedPlaybook(
      """
        - id: voters
          for-each: [phone, tablet]
          steps:
            - play: lib/ensure-device.yaml
              with: { name: "${{ item }}", role: authenticator }
        - call: verified-authenticator.set-quorum-size
          with: { size: 2 }
        - call: verified-authenticator.register-voting-configuration
          with: { name: both, timeLimit: 40, strategy: consensus, deviceIdentifiers: [] }
        - id: poll
          call: voting.create-voting
          with: { votingConfigurationId: both, title: Going live, question: Shall we? }
        - id: decision
          wait:
            until: answer.status != 'pending'
            call: voting.check-pool-status
            with: { poolId: "${{ steps.poll.poolId }}" }
            every: 1s
          timeout: 5m
      """
    ).run(seed: 9, vault)
    #expect(report.result.failure == nil)
    #expect(report.value(of: "decision")?[field: "status"] == .string(status))
    let reported = report.events.compactMap { event -> Value? in
      guard case .stepWaiting(_, .condition(_, let answer)) = event.kind else { return nil }
      return answer
    }
    // Reported once for each change that left the vote open.
    #expect(reported.count == (seconds == 0 ? 1 : 2))
    #expect(reported.first?[field: "ballots"] == ["sent": 2, "yes": 0, "no": 0, "pending": 2])
    #expect(reported.last?[field: "ballots"]?[field: "yes"] == .int(seconds == 0 ? yes[0] : yes[1]))
    for answer in reported {
      let end = try #require(answer[field: "expiresAt"])
      #expect(TokenLifetime.read(end, since: SimulatedPlaybook.start) != nil)
    }
    #expect(report.elapsed >= .seconds(seconds))
  }
}
