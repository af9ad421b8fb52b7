import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks
import Testing

/// Ensured calls that are right, and what they plan.
@Suite struct EnsuredCallTests {
  private static func text(_ step: String, output: String = "1") -> String {
    """
    playbook: 1
    inputs: { p: { type: secret } }
    session: { username: a, password: "${{ inputs.p }}" }
    steps:
      - id: s
    \(step)
    outputs: { o: "${{ \(output) }}" }
    """
  }

  private static func plan(_ step: String) throws -> Plan {
    try MemoryFiles(["a.yaml": text(step)]).check("a.yaml")
      .plan(inputs: ["p": .secret(text: "p")])
  }

  private static let device = """
        call: device.request-unique-identifier
        with: { deviceName: store }
        ensure: present
    """

  @Test(
    arguments: [
      (device, Ensurance(.present)),
      (device + "\n    match: newest\n    on-drift: fail", Ensurance(.present, match: .newest)),
      (
        """
            call: policy.register-policy
            with: { name: p, policyTemplateId: t, applyingEventIds: [e] }
            ensure: present
            on-drift: recreate
        """, Ensurance(.present, onDrift: .recreate)
      ),
      (
        """
            call: oauth-application.register-oauth-application
            with: { name: a, redirectUri: b, scopes: [all] }
            ensure: present
            on-drift: warn
        """, Ensurance(.present, onDrift: .warn)
      ),
      (
        """
            call: device.remove-device
            with: { deviceIdentifier: d }
            ensure: absent
        """, Ensurance(.absent)
      ),
    ])
  func `a plan holds what a call makes sure of`(step: String, ensurance: Ensurance) throws {
    let plan = try Self.plan(step)
    #expect(plan.playbook.steps.map(\.modifiers.ensure) == [ensurance])
  }

  @Test func `the outline of a plan says how a call is ensured`() throws {
    let ensured = try Self.plan(Self.device).outline
    let plain = try Self.plan(Self.device.replacing("    ensure: present", with: "")).outline
    #expect(ensured.count == plain.count)
    #expect(
      zip(ensured, plain).filter { $0 != $1 }.map { String($0.dropFirst($1.count)) } == [
        "; ensure present fail only"
      ])
  }

  @Test func `the outline of a plan says how the effect of each call is found`() throws {
    let plain = try Self.plan(Self.device.replacing("    ensure: present", with: "")).outline
    #expect(
      plain.filter { $0.contains("call ") } == [
        " s: call device.request-unique-identifier commandStatus detectable, "
          + "POST /device/request-unique-identifier, effect create, "
          + "by device.retrieve-profile-devices, deviceName as name, among devices, "
          + "known by deviceIdentifier, not unique, gives deviceIdentifier from deviceIdentifier, "
          + "gives status from status, newest by createdAt, "
          + "removed by device.remove-device deviceIdentifier from deviceIdentifier "
          + "(deviceName: store)"
      ])
  }

  @Test(arguments: [
    (device, "steps.s.deviceIdentifier + steps.s.status", true),
    (device, "steps.s.commandId != null", true),
    (device.replacing("ensure: present", with: "name: plain"), "steps.s.status", false),
    (
      """
          call: verified-authenticator.set-quorum-size
          with: { size: 2 }
          ensure: present
      """, "steps.s.quorumSize + 1", true
    ),
    (
      """
          call: verified-authenticator.set-quorum-size
          with: { size: 2 }
          ensure: present
      """, "steps.s.quorumSize + 'a'", false
    ),
  ])
  func `the result of an ensured call has what its read gives`(
    step: String, output: String, isKnown: Bool
  ) throws {
    let files = MemoryFiles(["a.yaml": Self.text(step, output: output)])
    let text = try files.diagnostics(in: "a.yaml")
    #expect(text.isEmpty == isKnown, "\(text)")
  }
}
