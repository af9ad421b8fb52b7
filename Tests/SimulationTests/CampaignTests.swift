import Events
import Expressions
import Machine
import Operations
import OrderedCollections
import Planning
import Sandbox
import Simulation
import Testing

@Suite("Campaigns")
struct CampaignTests {
  /// Groups, rounds at once, two sessions, a decision, and operations of every class of repetition.
  private static let steps = """
      - id: both
        parallel:
          tenant:
            - id: devices
              for-each: [a, b, c]
              concurrency: 2
              as: name
              retry: { attempts: 3, backoff: 1s, on: [network, timeout, server-error, throttled] }
              steps:
                - id: device
                  play: lib/ensure-device.yaml
                  with: { name: "${{ name }}", role: storage }
                  always: [{ wait: 1s }]
          operator:
            - id: refused
              call: device.approve-device
              with: { deviceIdentifier: nobody }
              session: &operator { username: operator, password: "${{ inputs.other }}", revoke: true }
              rescue:
                - assert: ["error.class in ['rejected', 'invalid']"]
                - call: verified-authenticator.set-quorum-size
                  with: { size: 3 }
                  session: *operator
            - id: release
              approve:
                message: Go on?
                fields: { word: { type: string }, code: { type: secret } }
              timeout: 30m
      - id: voters
        play: lib/ensure-device.yaml
        with: { name: phone, role: authenticator }
      - id: configuration
        call: verified-authenticator.register-voting-configuration
        with: { name: one, timeLimit: 40, strategy: consensus, deviceIdentifiers: [] }
      - id: poll
        call: voting.create-voting
        with: { votingConfigurationId: one, title: Release, question: Now? }
    """

  private static func subject(after step: String? = "step-6") throws -> CampaignSubject {
    try CampaignSubject(scenario(steps), after: step)
  }

  private static func scenario(_ steps: String) throws -> Scenario {
    Scenario(
      plan: try SimulatedPlaybook(steps).plan, files: SimulatedFiles(),
      start: SimulatedPlaybook.start)
  }

  @Test func `no fault and no crash breaks a property`() async throws {
    let subject = try Self.subject()
    #expect(subject.reference.result.outcome == .succeeded)
    #expect(subject.reference.inventory != nil)
    let campaign = Campaign(
      over: subject, runs: 120, seed: 1, faults: FaultSpec(.heavy), crashMode: .random, workers: 2)
    let result = await campaign.perform()
    #expect(result.finding?.violation == nil)
    #expect(result.runs == 120)
    #expect(result.tally.crashes > 60)
    #expect((result.tally.outcomes[.succeeded] ?? 0) > 60)
    #expect(result.tally.outcomes[.inDoubt] == nil)
    #expect(result.tally.virtualTime > .seconds(3600))
  }

  @Test func `a copy that crashes goes the way of a run that crashes there`() throws {
    let scenario = try Self.scenario(Self.steps)
    var whole = Simulation(scenario, seed: 5)
    var points: [CrashPoint] = []
    while let point = try whole.advance() {
      points.append(point)
      guard point.number.isMultiple(of: 41) else { continue }
      var copy = whole.forked()
      copy.crash(at: point, downtime: .seconds(1))
      let forked = try copy.run()
      var again = Simulation(scenario, seed: 5)
      let report = try again.run(crashing: [Crash(point: point.number, downtime: .seconds(1))])
      #expect(forked.events == report.events)
      #expect(forked.inventory == report.inventory)
      #expect(forked.files == report.files)
      #expect(report.crashes.map(\.point) == [point])
    }
    #expect(points.map(\.number) == Array(1...points.count))
    let places = Set(points.map { $0.place.phrase })
    #expect(places.contains { $0.hasPrefix("1 of ") })
    #expect(places.isSuperset(of: ["a commit is recorded, and nothing was done"]))
  }

  @Test func `an operator says what is true of an operation that no read shows`() throws {
    // The vote is asked for once, whether its request had left when the process ended or not.
    let subject = try Self.subject(after: "configuration")
    var outcomes: [Bool: Int] = [:]
    let count = subject.reference.pointCount
    for point in 1...count {
      var next = SimulationCase(seed: 9)
      next.crashes = [Crash(point: point, downtime: .milliseconds(700))]
      let result = subject.run(next)
      #expect(result.violation == nil, "\(result.violation?.detail ?? "")")
      #expect(result.report.result.outcome == .succeeded)
      #expect(result.report.ledger.operations["voting.create-voting"]?.effects == 1)
      for event in result.report.events {
        guard case .doubtSettled(_, let verdict) = event.kind else { continue }
        #expect(verdict.means == .assumption)
        outcomes[verdict.isDone, default: 0] += 1
      }
    }
    #expect((outcomes[true] ?? 0) > 0)
    #expect((outcomes[false] ?? 0) > 0)
  }

  @Test func `a scenario that fails undisturbed is no subject`() throws {
    let scenario = try Self.scenario(
      "  - { id: missing, call: device.approve-device, with: { deviceIdentifier: nobody } }")
    #expect(throws: CampaignSubject.Problem.self) { try CampaignSubject(scenario) }
    do throws(CampaignSubject.Problem) {
      _ = try CampaignSubject(scenario)
    } catch {
      guard case .violation(let violation, let report) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(violation.property == .unexplainedFailure)
      #expect(report.result.outcome == .failed)
    }
  }

  @Test func `a run cannot begin after a step that never ends`() throws {
    let scenario = try Self.scenario("  - { id: pause, wait: 1s }")
    do throws(CampaignSubject.Problem) {
      _ = try CampaignSubject(scenario, after: "pause-2")
      Issue.record("it could")
    } catch {
      guard case .noSuchStep("pause-2") = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
