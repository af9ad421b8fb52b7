import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

@Suite struct PlanTextTests {
  private static func text(
    _ plan: DrawnPlan, _ extent: PlanReport.Extent = .summarized,
    symbols: TerminalStyle.Symbols = .unicode
  ) -> String {
    plan.report.text(TerminalStyle(symbols: symbols), extent)
  }

  private static let onboarding = DrawnPlan(
    """
    + profile call profile.register-new-profile #Register_the_profile
    : keys play keys.yaml #Have_the_keys
    =   load local keys.load
    =   public call public-key.register-public-key
    : list call device.list
    : stores for-each store #Have_the_storage_devices
    :   [0] vault-a
    =     device call device.request-unique-identifier
    .     tidy call device.remove-device
    :   [1] vault-b
    +     device call device.request-unique-identifier
    ~     approval call device.approve-device
    ? vote approve
    """,
    [
      "stores[1]/approval": { result in
        result.change = StateChange(
          .change,
          differences: [Lookup.Difference(field: "status", asked: "approved", found: "pending")],
          reason: "the device is not there yet")
      },
      "vote": { $0.change = StateChange(.unknown, reason: "asks a person") },
    ])

  @Test func `a plan has a line for each step that changes something`() {
    #expect(
      Self.text(Self.onboarding) == """
        drawn  plan

        + Register the profile  profile.register-new-profile
        = Have the keys (2 unchanged)
          Have the storage devices
          = [0] vault-a (1 unchanged, 1 skipped)
            [1] vault-b
            + device  device.request-unique-identifier
            ~ approval  device.approve-device  the device is not there yet
                status: pending → approved
        ? vote  asks a person

        2 to create, 1 to change, 0 to remove, 1 unknown, 3 unchanged, 1 skipped
        --all lists what is unchanged or skipped

        """)
  }

  @Test func `every step is shown where everything is asked for`() {
    #expect(
      Self.text(Self.onboarding, .everything, symbols: .ascii) == """
        drawn  plan

        + Register the profile  profile.register-new-profile
          Have the keys  keys.yaml
          = load  keys.load
          = public  public-key.register-public-key
          Have the storage devices
            [0] vault-a
            = device  device.request-unique-identifier
            . tidy  device.remove-device
            [1] vault-b
            + device  device.request-unique-identifier
            ~ approval  device.approve-device  the device is not there yet
                status: pending -> approved
        ? vote  asks a person

        2 to create, 1 to change, 0 to remove, 1 unknown, 3 unchanged, 1 skipped

        """)
  }

  @Test(
    arguments: [
      ("", "nothing to do: no step changes anything"),
      (": a call device.list\n: b assert", "nothing to do: no step changes anything"),
      ("= a call x\n. b call y\n= c call z", "nothing to do: 2 unchanged, 1 skipped"),
      (". a call x", "nothing to do: 1 skipped"),
    ])
  func `a plan without work says so in one sentence`(drawing: String, sentence: String) {
    let plan = DrawnPlan(drawing)
    #expect(Self.text(plan) == "drawn  plan\n\n\(sentence)\n")
    #expect(!plan.report.hasWork)
    #expect(!plan.report.failed)
  }

  @Test(arguments: [
    ("+", true, "1 to create, 0 to change, 0 to remove"),
    ("~", true, "0 to create, 1 to change, 0 to remove"),
    ("-", true, "0 to create, 0 to change, 1 to remove"),
    ("?", true, "0 to create, 0 to change, 0 to remove, 1 unknown"),
    ("!", false, "nothing to do: 1 differs and stays"),
    ("c", false, "0 to create, 0 to change, 0 to remove, 1 conflict"),
    ("=", false, "nothing to do: 1 unchanged"), (".", false, "nothing to do: 1 skipped"),
  ])
  func `what is to be done is work, and what stays is none`(
    sign: String, hasWork: Bool, conclusion: String
  ) {
    let report = DrawnPlan("\(sign) a call x").report
    #expect(report.hasWork == hasWork)
    let lines = report.text(TerminalStyle(), .everything).split(separator: "\n")
    #expect(lines.last == conclusion[...])
    #expect(lines[1].hasPrefix("\(sign == "c" ? "!" : sign) a  x"))
  }

  private static let differences: [Lookup.Difference] = [
    Lookup.Difference(field: "timeLimit", asked: 60, found: 40),
    Lookup.Difference(field: "name", asked: "vault b", found: nil),
    Lookup.Difference(
      field: "secret", asked: .secret(text: PlantedSecrets.password), found: "old"),
    Lookup.Difference(
      field: "id", asked: .unknown(Unknown("stores/device.deviceIdentifier")), found: "d1"),
    Lookup.Difference(
      field: "token", asked: .secret(Secret(.unknown(Unknown("a.token")))), found: "t"),
    Lookup.Difference(field: "events", asked: ["a", "b"], found: ["a"]),
    Lookup.Difference(
      field: "long", asked: .string(String(repeating: "a", count: 90) + "c"),
      found: .string(String(repeating: "a", count: 90) + "b")),
  ]

  @Test(
    arguments: [
      (
        StateChange.Kind.change,
        [
          "~ a  x", "    timeLimit: 40 → 60", "    name: (none) → vault b",
          "    secret: another value",
          "    id: d1 → (known after apply)", "    token: (known after apply)",
          #"    events: ["a"] → ["a","b"]"#,
          "    long: …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab → "
            + "…aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac",
        ]
      ),
      (
        .drift,
        [
          "! a  x", "    timeLimit: 40 (asked: 60)", "    name: (none) (asked: vault b)",
          "    secret: another value", "    id: d1 (asked: (known after apply))",
          "    token: (known after apply)", #"    events: ["a"] (asked: ["a","b"])"#,
        ]
      ),
    ])
  func `fields that differ are named, and secrets are not shown`(
    kind: StateChange.Kind, expected: [String]
  ) {
    let plan = DrawnPlan(
      "~ a call x",
      ["a": { $0.change = StateChange(kind, differences: Self.differences) }])
    let lines = Self.text(plan).split(separator: "\n").dropFirst().prefix(expected.count)
    #expect(lines.map { String($0) } == expected)
  }

  @Test func `more than three steps in a row that need no attention have one line`() {
    let plan = DrawnPlan(
      """
      : g block
      =   a call x
      .   b call x
      =   c call x
      =   d call x
      +   e call x
      =   f call x
      =   g call x
      =   h call x
      """)
    #expect(
      Self.text(plan) == """
        drawn  plan

          g
          = a … d (3 unchanged, 1 skipped)
          + e  x
          = f  x
          = g  x
          = h  x

        1 to create, 0 to change, 0 to remove, 6 unchanged, 1 skipped
        --all lists what is unchanged or skipped

        """)
  }

  @Test func `rounds are in the order of their numbers`() {
    let plan = DrawnPlan(
      """
      : stores for-each store
      :   [1] b
      +     device call x
      :   [0] a
      +     device call x
      """)
    let titles = plan.report.items.flatMap(\.children).map(\.title)
    #expect(titles == ["[0] a", "[1] b"])
  }
}
