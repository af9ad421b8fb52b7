import Events
import Expressions
import Machine
import Operations
import Planning
import Sandbox
import Simulation
import Testing

@Suite("Dishonest plans")
struct DishonestyTests {
  /// A tenant with devices and a voting configuration that is set twice.
  private static let playbook = """
    playbook: 1
    name: contradictory
    inputs: { username: { type: string }, password: { type: secret } }
    session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
    steps:
      - call: profile.register-new-profile
        with: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
        session: none
        ensure: present
      - { id: keys, call: keys.generate, with: { privateKeyFile: tenant.key } }
      - call: public-key.register-public-key
        with: { publicKey: "${{ steps.keys.publicKey }}" }
        ensure: present
      - { call: device.request-unique-identifier, with: { deviceName: vault-a }, ensure: present }
      - call: verified-authenticator.register-voting-configuration
        with: { name: one, timeLimit: 40, strategy: consensus, deviceIdentifiers: [] }
        ensure: present
      - id: again
        call: verified-authenticator.update-voting-configuration
        with: { name: one, timeLimit: 50, strategy: consensus, deviceIdentifiers: [] }
      - { id: never, when: "false", wait: 1s }
      - { call: profile.retrieve-profile-id }
      - { call: device.request-unique-identifier, with: { deviceName: vault-b }, ensure: present }
    """

  /// The playbook is given up before the last device is there.
  private static func trial() throws -> PlanTrialResult {
    let plan = try WorkflowSimulationTests.plan(playbook)
    var run = Simulation(
      WorkflowSimulationTests.scenario(plan, VaultConfiguration(), NetworkConditions()), seed: 1)
    while let point = try run.advance() {
      guard case .stepFinished(let path, _)? = run.events.last?.kind, "\(path)" == "again" else {
        continue
      }
      return PlanTrial(after: run, at: point).perform()
    }
    return PlanTrial(after: run, at: nil).perform()
  }

  @Test(arguments: Lie.all) func `a lie is found`(_ lie: Lie) throws {
    let result = try Self.trial()
    #expect(result.violation == nil, "\(result.violation?.detail ?? "")")
    let run = try #require(result.run)
    #expect(run.result.outcome == .succeeded)
    let lies = try #require(lie.events(result.plan.events))
    let objection = try #require(PlanComparison(of: lies, with: run.events).objection)
    #expect(objection.detail.hasPrefix(lie.objection), "\(objection.detail)")
  }
}

/// A false statement about one step of a plan.
struct Lie: Sendable, CustomTestStringConvertible {
  let name: String
  /// What is said of the first step that it can be said of, nil for nothing; false where it cannot.
  let falsify: @Sendable (inout StepResult?) -> Bool
  /// How the objection begins, up to the step.
  let objection: String

  var testDescription: String { name }

  /// The events of a plan with the lie; nil where it can be said of no step.
  func events(_ plan: [RunEvent]) -> [RunEvent]? {
    for (index, event) in plan.enumerated() {
      guard case .stepFinished(let path, let result) = event.kind else { continue }
      var said: StepResult? = result
      guard falsify(&said) else { continue }
      var events = plan
      if let said {
        events[index].kind = .stepFinished(path, said)
      } else {
        events.remove(at: index)
      }
      return events
    }
    return nil
  }

  private static func saying(
    _ kind: StateChange.Kind, insteadOf other: StateChange.Kind
  ) -> @Sendable (inout StepResult?) -> Bool {
    { result in
      guard result?.change?.kind == other else { return false }
      result?.change?.kind = kind
      return true
    }
  }

  private static func saying(
    _ outcome: Outcome, insteadOf other: Outcome
  ) -> @Sendable (inout StepResult?) -> Bool {
    { result in
      guard result?.outcome == other, result?.change == nil else { return false }
      result?.outcome = outcome
      return true
    }
  }

  static let all: [Lie] = [
    Lie(
      name: "nothing is created", falsify: saying(.unchanged, insteadOf: .create),
      objection: "the plan said `unchanged`"),
    Lie(
      name: "something is created", falsify: saying(.create, insteadOf: .unchanged),
      objection: "the plan said `create`"),
    Lie(
      name: "what changes is removed", falsify: saying(.remove, insteadOf: .change),
      objection: "the plan said `remove`"),
    Lie(
      name: "a conflict", falsify: saying(.conflict, insteadOf: .create),
      objection: "the plan said `conflict`"),
    Lie(
      name: "a step is skipped", falsify: saying(.skipped, insteadOf: .succeeded),
      objection: "the plan said `skipped`"),
    Lie(
      name: "a skipped step is carried out", falsify: saying(.succeeded, insteadOf: .skipped),
      objection: "the plan said no change"),
    Lie(
      name: "a step fails", falsify: saying(.failed, insteadOf: .succeeded),
      objection: "the plan said `failed`"),
    Lie(
      name: "nothing is changed at the service",
      falsify: { result in
        guard result?.change?.kind == .create else { return false }
        result?.change = nil
        return true
      }, objection: "the plan said no change"),
    Lie(
      name: "another field differs",
      falsify: { result in
        guard result?.change?.differences.isEmpty == false else { return false }
        result?.change?.differences[0].field = "other"
        return true
      }, objection: "the plan said `change` (other"),
    Lie(
      name: "a field has another value",
      falsify: { result in
        guard result?.change?.differences.isEmpty == false else { return false }
        result?.change?.differences[0].found = "another value"
        return true
      }, objection: "the plan said `change` ("),
    Lie(
      name: "a step that changes something is left out",
      falsify: { result in
        guard result?.change?.kind == .create else { return false }
        result = nil
        return true
      }, objection: "the plan said nothing"),
  ]
}
