package import Events
import Expressions
import Operations

/// A rollout that holds every event there is of rollouts, with each member that an event can have.
package enum SampleRollout {
  /// The id of the rollout.
  package static let rollout = RunID("3x7v0n5k2p8q") ?? SampleRun.drawn(40)

  /// The events, numbered from 0, each with its time.
  package static let events: [RunEvent] = kinds.enumerated().map { sequence, kind in
    RunEvent(
      sequence: sequence, at: SampleRun.beginning + .seconds(sequence), kind: .rollout(kind))
  }

  /// The start of a rollout of `count` tenants.
  package static func start(_ rollout: RunID = rollout, tenants count: Int) -> RolloutStart {
    RolloutStart(
      rollout: rollout, name: "onboard", file: "rollouts/onboard.yaml",
      playbook: "onboard-tenant", tenantsFile: "rollouts/tenants.csv", tenantCount: count,
      mode: .apply, limits: [:], stages: [count], environment: nil, service: nil, labels: [],
      version: "0.3.0", seed: 1, definition: String(repeating: "d", count: 64),
      tenants: String(repeating: "e", count: 64),
      pinned: PinnedPlan(
        files: String(repeating: "a", count: 64), description: String(repeating: "b", count: 64),
        outline: "00", path: "onboard-tenant.yaml", folder: "/work"))
  }

  /// The first event of the run of a tenant.
  package static func tenantStart(
    _ run: RunID, of rollout: RunID = rollout, _ index: Int, name: String? = nil,
    locks: [String] = [], labels: [RunLabel] = []
  ) -> RunStart {
    var start = RunStart(
      run: run, playbook: "onboard-tenant", file: "onboard-tenant.yaml", planDigest: "00",
      inputs: [:], seed: 1, version: "0.3.0", labels: labels)
    start.tenant = TenantReference(
      rollout: rollout, rolloutName: "onboard", name: name ?? "tenant-\(index)", index: index,
      locks: locks)
    return start
  }

  /// Events of a tenant's run that others do not have.
  package static let tenant: [RunEvent] = [
    RunEvent(
      sequence: 0, at: SampleRun.beginning,
      kind: .runStarted(
        tenantStart(
          SampleRun.run, 7, name: "acme",
          locks: ["https://api.example.com:9009 acme", "https://api.example.com:9009 shared"],
          labels: [RunLabel(name: "team", value: "blue")]))),
    RunEvent(
      sequence: 1, at: SampleRun.beginning,
      kind: .stepWaiting(StepPath(components: [.step("vote")]), .voteSlot)),
  ]

  private static var kinds: [RolloutEvent] {
    [
      .started(whole),
      .stageStarted(stage: 1, tenants: 1),
      .tenantRefused(
        TenantRefusal(
          tenant: "globex", index: 3, reason: "the file `globex.secret` does not exist",
          hint: "write the password into it")),
      .tenantRefused(TenantRefusal(tenant: "acme\u{1B}", index: 4, reason: "no password")),
      .stageProved(stage: 1),
      .baking(stage: 1, until: SampleRun.beginning + .seconds(600)),
      .gateEvaluated(stage: 1, isOpen: true),
      .approvalRequested(stage: 1),
      .approvalDecided(
        stage: 1, ApprovalDecision(.approved, by: "operator", at: SampleRun.beginning)),
      .stageStarted(stage: 2, tenants: 20),
      .paused,
      .unpaused,
      .stopping(.failures(count: 3, limit: 3)),
      .finished(
        RolloutResult(outcome: .failed, counts: counts, stop: .failures(count: 3, limit: 3))),
      .resumed(
        RolloutResumption(
          owner: "process 4711 on build-3", epoch: 1, version: "0.3.0", tenants: .unsuccessful)),
      .gateEvaluated(stage: 2, isOpen: false),
      .stopping(.gateShut(stage: 2)),
      .approvalDecided(stage: 2, ApprovalDecision(.rejected(reason: "not this week"))),
      .stopping(.stageFailed(stage: 2)),
      .stopping(.cancelled),
      .stopping(.deadline),
      .finished(RolloutResult(outcome: .succeeded, counts: TenantCounts())),
    ]
  }

  private static var whole: RolloutStart {
    var start = start(tenants: 20)
    start.mode = .drift
    start.limits = ["concurrency": 10, "max-failures": "15%"]
    start.stages = [1, 20]
    start.environment = "staging"
    start.service = ServiceOrigins(
      api: "https://api.example.com:9009", webSocket: "wss://ws.example.com",
      upstream: "https://up.example.com", downstream: "https://down.example.com")
    start.labels = [RunLabel(name: "wave", value: "one")]
    start.seed = .max
    return start
  }

  private static var counts: TenantCounts {
    var counts = TenantCounts()
    for (number, state) in TenantState.allCases.enumerated() { counts[state] = number + 1 }
    return counts
  }
}
