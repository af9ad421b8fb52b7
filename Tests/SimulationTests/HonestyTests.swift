import Events
import Expressions
import Machine
import Operations
import Planning
import Sandbox
import Simulation
import Testing

/// The half-made states that one undisturbed run leaves when it is given up.
private struct AbandonedRuns {
  /// What a run would leave, and where its process ends; nil after its end.
  struct State {
    let run: Simulation
    let point: CrashPoint?
  }

  /// One state in so many is remembered while the run goes on.
  private static let stride = 7

  let states: [State]

  /// `count` states spread over the run of `plan`, and the one at its end; after the end of `step`, where
  /// one is given.
  init(_ plan: Plan, after step: StepPath? = nil, count: Int) throws {
    var vault = VaultConfiguration()
    // Commands take so long that many are cut between their acceptance and their effect.
    vault.delay = .seconds(2)
    var run = Simulation(
      WorkflowSimulationTests.scenario(plan, vault, NetworkConditions()), seed: 17)
    var found: [State] = []
    var isCounted = step == nil
    var seen = 0
    while let point = try run.advance() {
      if !isCounted {
        isCounted = run.events[seen...].contains { event in
          if case .stepFinished(step, _) = event.kind { true } else { false }
        }
        seen = run.events.count
      }
      guard isCounted, point.number.isMultiple(of: Self.stride) else { continue }
      found.append(State(run: run.forked(), point: point))
    }
    let chosen = (0..<min(count, found.count)).map { found[$0 * found.count / count] }
    states = chosen + [State(run: run, point: nil)]
  }
}

@Suite("Honest plans")
struct HonestyTests {
  private static let onboarded = StepPath(components: [.step("onboarded")])

  private static let onboardingText = """
    playbook: 1
    inputs: { username: { type: string }, password: { type: secret }, document: { type: file } }
    steps:
      - id: onboarded
        play: onboard-tenant.yaml
        with:
          username: ${{ inputs.username }}
          password: ${{ inputs.password }}
          document: ${{ inputs.document }}
          keyFolder: keys

    """

  private static func onboarding() throws -> Plan {
    try WorkflowSimulationTests.plan(onboardingText)
  }

  /// Steps side by side that make sure of the same devices: rounds of a loop, or branches.
  private static let doubled = [
    """
      - id: doubled
        for-each: [nose, nose, mouth, nose]
        as: name
        concurrency: 4
        steps:
    \(devices("${{ name }}", as: "a"))
    """,
    """
      - id: doubled
        parallel:
          left:
    \(devices("ear", as: "a"))
          right:
    \(devices("ear", as: "b"))
    """,
  ]

  private static func devices(_ name: String, as id: String) -> String {
    let device = "deviceIdentifier: '${{ steps.\(id)1.deviceIdentifier }}'"
    let calls = [
      ("device.request-unique-identifier", "deviceName: '\(name)'"),
      ("device.approve-device", device), ("storage.register-storage-device", device),
    ]
    return calls.enumerated().map { number, call in
      "        - { id: \(id)\(number + 1), call: \(call.0), with: { \(call.1) }, ensure: present, "
        + "session: { username: '${{ inputs.username }}', password: '${{ inputs.password }}' } }"
    }.joined(separator: "\n")
  }

  private static func describe(_ result: PlanTrialResult, _ state: AbandonedRuns.State) -> Comment {
    let place = state.point.map { "\($0)" } ?? "after the end"
    let violation = result.violation.map { "\($0.property.rawValue): \($0.detail)" }
    return "\(place): \(violation ?? "no violation")"
  }

  @Test func `a run after a plan does what it says, wherever an onboarding was given up`() throws {
    var kinds: [StateChange.Kind: Int] = [:]
    for state in try AbandonedRuns(Self.onboarding(), count: 30).states {
      let result = PlanTrial(after: state.run, at: state.point).perform()
      #expect(result.violation == nil, Self.describe(result, state))
      let comparison = try #require(result.comparison)
      #expect(comparison.ending == .planned, Self.describe(result, state))
      kinds.merge(comparison.counts, uniquingKeysWith: +)
      if state.point == nil {
        #expect(Set(comparison.counts.keys) == [.unchanged], "\(comparison.counts)")
      }
    }
    // It is no art to be honest about nothing.
    #expect(Set(kinds.keys).isSuperset(of: [.create, .change, .unchanged]))
    #expect((kinds[.unknown] ?? 0) * 10 < kinds.values.reduce(0, +), "\(kinds)")
  }

  @Test(arguments: Story.all)
  func `a run after a plan does what it says, wherever a workflow was given up`(
    _ story: Story
  ) throws {
    let plan = try WorkflowSimulationTests.plan(story)
    for state in try AbandonedRuns(plan, after: Self.onboarded, count: 4).states {
      let result = PlanTrial(after: state.run, at: state.point).perform()
      #expect(result.violation == nil, Self.describe(result, state))
    }
  }

  @Test(arguments: doubled)
  func `a run does what its plan says where steps side by side make sure of the same`(
    _ steps: String
  ) throws {
    let plan = try WorkflowSimulationTests.plan(Self.onboardingText + steps)
    var kinds: [StateChange.Kind: Int] = [:]
    for state in try AbandonedRuns(plan, after: Self.onboarded, count: 12).states {
      let result = PlanTrial(after: state.run, at: state.point).perform()
      #expect(result.violation == nil, Self.describe(result, state))
      kinds.merge(result.comparison?.counts ?? [:], uniquingKeysWith: +)
    }
    #expect(Set(kinds.keys).isSuperset(of: [.create, .change, .unchanged]), "\(kinds)")
  }

  @Test func `a plan without reads is honest, too`() throws {
    let offline = Guidance(planning: Planning(isOffline: true))
    for state in try AbandonedRuns(Self.onboarding(), count: 3).states {
      let result = PlanTrial(after: state.run, at: state.point, guidedBy: offline).perform()
      // Where nothing is to be done, reads would have shown that.
      let properties: [Property?] = [nil, .vaguePlan]
      #expect(properties.contains(result.violation?.property), Self.describe(result, state))
      #expect(result.plan.sessions == [])
    }
  }

  @Test func `a plan that acts is found`() throws {
    let state = try #require(try AbandonedRuns(Self.onboarding(), count: 1).states.first)
    // A run where a plan is expected.
    let result = PlanTrial(after: state.run, at: state.point, guidedBy: Guidance()).perform()
    #expect(result.violation?.property == .planEffect)
    #expect(result.run == nil)
  }
}
