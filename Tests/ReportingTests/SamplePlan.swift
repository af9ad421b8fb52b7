import EventSamples
import Events
import Expressions
import Operations
import Playbooks

@testable import Reporting

/// A plan with everything that a plan can show, texts that try to be markup, and planted secrets.
enum SamplePlan {
  static let drawn = DrawnPlan(
    """
    + profile call profile.register-new-profile #Register_the_profile
    : keys play keys.yaml #Have_the_keys
    =   load local keys.load
    =   public call public-key.register-public-key
    : check assert
    : stores for-each store #Have_the_storage_devices
    :   [0] vault-a
    =     device call device.request-unique-identifier
    .     tidy call device.remove-device
    :   [1] a|b`</details>@all
    +     device call device.request-unique-identifier
    ~     approval call device.approve-device
    ~ settings call verified-authenticator.set-time-limit #Set_the_<b>limit</b>
    ! configuration call verified-authenticator.register-voting-configuration
    - old call device.remove-device
    : probe block
    t   read call device.list
    :   rescue
    =     again call device.list
    ? vote approve
    ? upload call data-token.exchange-data-for-token
    """, changes
  ).started { start in
    start.labels = [RunLabel(name: "tenant", value: "acme")]
    start.inputs["password"] = .secret(text: PlantedSecrets.password)
    start.service = ServiceOrigins(
      api: "https://api.example.com:443", webSocket: "wss://api.example.com:8083",
      upstream: "https://api.example.com:8010", downstream: "https://api.example.com:8011")
  }

  private static let changes: [String: @Sendable (inout StepResult) -> Void] = [
    "profile": { result in
      result.value = [
        "token": .secret(text: PlantedSecrets.token), "id": .unknown(Unknown("profile.id")),
      ]
    },
    "check": { $0.notice = "`steps.keys.made` is not known: the condition was not checked" },
    "stores[1]/device": { $0.notice = "a new key will be written to `keys/\u{1B}[31m.key`" },
    "stores[1]/approval": { result in
      result.change?.differences = [
        Lookup.Difference(field: "status", asked: "approved", found: "pending")
      ]
      result.change?.reason = "the device is not there yet"
    },
    "settings": { result in
      result.change?.differences = [
        Lookup.Difference(field: "timeLimit", asked: 60, found: 40),
        Lookup.Difference(
          field: "secret", asked: .secret(text: PlantedSecrets.password),
          found: .string(PlantedSecrets.reason)),
        Lookup.Difference(
          field: "id", asked: .unknown(Unknown("profile.id")), found: "````\n| x |"),
      ]
    },
    "configuration": { result in
      result.change?.differences = [
        Lookup.Difference(field: "strategy", asked: "consensus", found: "majority")
      ]
      result.change?.reason = "`on-drift: warn`"
    },
    "vote": { $0.change?.reason = "asks a person" },
  ]

  static let path = StepPath(components: [.step("upload")])

  static let report = PlanReport(
    of: drawn.events,
    votes: [
      PlannedVote(
        event: "data_token.data_exchanged", policy: "gate-contracts", voterCount: 1,
        voters: ["phone"], worstWait: .seconds(60), steps: [path]),
      PlannedVote(
        event: "device.removed", certainty: .possible, remark: "a quorum of 3 needs 3",
        steps: [StepPath(components: [.step("old")])]),
    ],
    lifetimes: [
      LifetimeWarning(
        step: path, text: "the reservation lives 5 min, and `vote` may take longer")
    ],
    isFinal: { operation, change in operation == "device.remove-device" && change == .remove })

  /// A plan that failed at a read.
  static let failed = DrawnPlan(
    """
    + a call profile.register-new-profile
    : g block
    x   list call device.list
    """,
    [
      "g/list": { result in
        result.failure = Failure(
          .unauthorised, "the service refused the credentials", status: 401,
          operation: "device.list", answer: .secret(text: PlantedSecrets.token))
      },
      "g": { result in
        result = StepResult(
          outcome: .failed, failure: Failure(.unauthorised, "the service refused the credentials"))
      },
    ])

  /// Things that are not as a run left them.
  static let drift = DriftReport(
    of: report,
    since: DriftReport.Baseline(
      run: SampleRun.run, finishedAt: SampleRun.beginning + .seconds(3600)),
    DriftFinding(
      drifted: [
        DriftedItem(
          path: StepPath(components: [.step("gone")]), title: "gone", operation: "device.enrol",
          kind: .removed, reason: "`device.list` does not show it"),
        DriftedItem(
          path: StepPath(components: [.step("settings")]), title: "Set the <b>limit</b>",
          operation: "verified-authenticator.set-time-limit", kind: .changed,
          differences: [
            Lookup.Difference(field: "timeLimit", asked: 60, found: 40),
            Lookup.Difference(
              field: "secret", asked: .secret(text: PlantedSecrets.password), found: "x"),
          ]),
      ],
      uncompared: [
        UncomparedItem(
          path: StepPath(components: [.step("upload")]), title: "Store `it`",
          operation: "data-token.exchange-data-for-token",
          reason: "it depends on `gone`, which is gone")
      ],
      same: [
        StepPath(components: [.step("configuration")]), StepPath(components: [.step("profile")]),
      ]))

  /// Events of plans of all kinds, with all that they can end in; and of runs, which hold all events.
  static let streams: [[RunEvent]] =
    ["", "= a call x", "! a call x", "? a call x", "x a call x", "c a call x"].map {
      DrawnPlan($0).events
    } + [
      [], drawn.events, failed.events, drawn.events.dropLast(3),
      DrawnPlan("+ a call x", ending: RunResult(outcome: .cancelled)).events,
      DrawnPlan(
        "+ a call x", ending: RunResult(outcome: .failed, failure: Failure(.network, "no route"))
      ).events, SampleRun.events, SampleRun.everything,
    ]

  static let reports =
    [report, PlanReport(of: drawn.events, reads: .omitted)] + streams.map { PlanReport(of: $0) }
}
