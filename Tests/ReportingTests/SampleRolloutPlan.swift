import EventSamples
import Events
import Playbooks

@testable import Reporting

/// Plans of rollouts with everything that they can show, texts that try to be markup, and planted secrets.
enum SampleRolloutPlan {
  static func heading(
    _ stages: [Int], mode: RolloutMode = .apply, concurrency: Int = 2, votesAtOnce: Int? = nil
  ) -> RolloutPlanReport.Heading {
    RolloutPlanReport.Heading(
      name: "onboard", file: "rollouts/onboard.yaml", playbook: "onboard-tenant",
      service: ServiceOrigins(
        api: "https://api.example.com:443", webSocket: "wss://api.example.com:8083",
        upstream: "https://api.example.com:8010", downstream: "https://api.example.com:8011"),
      environment: "staging", mode: mode, tenantCount: stages.last ?? 0, stages: stages,
      concurrency: concurrency, votesAtOnce: votesAtOnce)
  }

  /// The plan of a tenant with these steps and votes of a minute each.
  static func plan(_ drawing: String, votes: Int = 0) -> PlanReport {
    let path = StepPath(components: [.step("a")])
    let steps = Array(repeating: path, count: votes)
    let vote = PlannedVote(
      event: "data_token.data_exchanged", policy: "gate", voterCount: 3, worstWait: .seconds(60),
      steps: steps)
    return PlanReport(of: DrawnPlan(drawing).events, votes: votes == 0 ? [] : [vote]) { _, change in
      change == .remove
    }
  }

  static let tenants: [(String, RolloutPlanReport.TenantPlan)] = [
    ("acme", .plan(SamplePlan.report)), ("quiet", .plan(plan("= a call x\n. b call y"))),
    ("</summary>`|@all", .plan(plan("+ a call x\n- b call device.remove-device", votes: 2))),
    ("failed", .plan(PlanReport(of: SamplePlan.failed.events))),
    (
      "stopped",
      .plan(
        PlanReport(of: DrawnPlan("+ a call x", ending: RunResult(outcome: .cancelled)).events))
    ),
    ("torn", .plan(plan("c a call x"))),
    (
      "locked",
      .refused(
        TenantRefusal(
          tenant: "locked", index: 6, reason: "the file `secrets/locked` does not exist",
          hint: "create it"))
    ),
    ("ümlaut", .plan(plan("+ a call x", votes: 1))), ("empty", .plan(plan(""))),
  ]

  static let report: RolloutPlanReport = {
    var heading = Self.heading([1, 4, 10], votesAtOnce: 1)
    heading.maxFailures = 1
    heading.pace = 2.5
    heading.bake = .seconds(600)
    heading.gate = "approval"
    heading.deadline = .seconds(7200)
    heading.gone = ["old", "older\u{1B}[31m"]
    return report(heading, tenants)
  }()

  static let drift = report(
    heading([4], mode: .drift),
    [
      ("acme", .drift(SamplePlan.drift)), ("quiet", .drift(drift(same: 3))),
      ("blind", .drift(drift(uncompared: 2))),
      (
        "new",
        .refused(
          TenantRefusal(tenant: "new", index: 3, reason: "no run of it ended well", hint: nil))
      ),
    ])

  private static func drift(same: Int = 0, uncompared: Int = 0) -> DriftReport {
    let path = StepPath(components: [.step("a")])
    let item = UncomparedItem(path: path, title: "a", operation: "x", reason: "it is skipped now")
    return DriftReport(
      of: plan("= a call x"), since: SamplePlan.drift.baseline,
      DriftFinding(
        uncompared: Array(repeating: item, count: uncompared),
        same: Array(repeating: path, count: same)))
  }

  static func report(
    _ heading: RolloutPlanReport.Heading, _ tenants: [(String, RolloutPlanReport.TenantPlan)],
    whole: Int = 3
  ) -> RolloutPlanReport {
    var report = RolloutPlanReport(heading, whole: whole)
    for (name, plan) in tenants { report.add(plan, of: name) }
    return report
  }

  /// As many tenants as given: of ten, seven have something to do, two nothing, and one fails.
  static func many(_ count: Int) -> RolloutPlanReport {
    let plans: [RolloutPlanReport.TenantPlan] = [
      .plan(plan("+ a call x\n= b call y", votes: 1)), .plan(plan("= a call x\n= b call y")),
      .plan(plan("+ a call x\nx b call y")),
    ]
    let order = [0, 0, 1, 0, 0, 2, 0, 1, 0, 0]
    return report(
      heading([count / 10, count], concurrency: 10, votesAtOnce: 5),
      (0..<count).map { ("tenant-\($0)", plans[order[$0 % 10]]) }, whole: 1)
  }

  static let reports =
    [
      report, drift, many(100), RolloutPlanReport(heading([])), RolloutPlanReport(heading([3])),
      report(
        heading([1]), [("a", .plan(PlanReport(of: SamplePlan.drawn.events, reads: .omitted)))]),
    ]
    + SamplePlan.reports.map { report(heading([1]), [("a", .plan($0))]) }
    + SamplePlan.reports.map {
      report(
        heading([1], mode: .drift),
        [
          (
            "a",
            .drift(
              DriftReport(of: $0, since: SamplePlan.drift.baseline, SamplePlan.drift.finding))
          )
        ])
    }
}
