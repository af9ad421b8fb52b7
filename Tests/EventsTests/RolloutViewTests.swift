import EventSamples
import Events
import Operations
import Testing

@Suite struct RolloutViewTests {
  private static let start = SampleRollout.start(tenants: 20)

  private static func at(_ second: Int) -> Moment { SampleRun.beginning + .seconds(second) }

  /// The view after these events, which come a second apart.
  private static func view(_ kinds: [RolloutEvent]) -> RolloutView {
    RolloutView(
      kinds.enumerated().map { second, kind in
        RunEvent(sequence: second, at: at(second), kind: .rollout(kind))
      })
  }

  private static func refusal(_ index: Int, _ reason: String = "no password") -> TenantRefusal {
    TenantRefusal(tenant: "t\(index)", index: index, reason: reason)
  }

  private static func resumption(_ tenants: RolloutResumption.Tenants) -> RolloutEvent {
    .resumed(RolloutResumption(owner: "a", epoch: 1, version: "1", tenants: tenants))
  }

  @Test func `a rollout that started has no stage yet`() {
    let view = Self.view([.started(Self.start)])
    #expect(view.start == Self.start)
    #expect(view.startedAt == Self.at(0) && view.latestAt == Self.at(0))
    #expect(view.stage == 0 && view.openedTenants == 0 && view.result == nil)
  }

  @Test func `stages are counted, and each says when it started and was proved`() {
    let view = Self.view([
      .started(Self.start), .stageStarted(stage: 1, tenants: 5), .stageProved(stage: 1),
      .stageStarted(stage: 2, tenants: 20),
    ])
    #expect(view.stage == 2 && view.openedTenants == 20)
    #expect(view.stages.map(\.number) == [1, 2])
    #expect(view.stages.map(\.startedAt) == [Self.at(1), Self.at(3)])
    #expect(view.stages.map(\.provedAt) == [Self.at(2), nil])
  }

  @Test(
    arguments: [
      ([.baking(stage: 1, until: at(60))], .baking(until: at(60))),
      ([.baking(stage: 1, until: at(60)), .gateEvaluated(stage: 1, isOpen: true)], nil),
      ([.baking(stage: 1, until: at(60)), .approvalRequested(stage: 1)], .approval(since: at(2))),
      ([.approvalRequested(stage: 1), .approvalDecided(stage: 1, .init(.approved))], nil),
      ([.approvalRequested(stage: 1), .stopping(.cancelled)], nil),
      ([.baking(stage: 1, until: at(60)), .stageStarted(stage: 2, tenants: 20)], nil),
    ] as [([RolloutEvent], RolloutView.Hold?)])
  func `what a rollout waits for between stages ends with what follows`(
    kinds: [RolloutEvent], expected: RolloutView.Hold?
  ) {
    #expect(Self.view([.started(Self.start)] + kinds).hold == expected)
  }

  @Test func `a rollout is paused until it is no longer`() {
    let paused: [RolloutEvent] = [.started(Self.start), .paused]
    #expect(Self.view(paused).pausedAt == Self.at(1))
    #expect(!Self.view(paused + [.unpaused]).isPaused)
    #expect(Self.view(paused + [Self.resumption(.unfinished)]).pausedAt == Self.at(1))
  }

  @Test func `the end has its moment, and a resumption takes the end and its reason back`() {
    let stop = RolloutStop.failures(count: 3, limit: 3)
    let result = RolloutResult(outcome: .failed, counts: TenantCounts(), stop: stop)
    let ended: [RolloutEvent] = [.started(Self.start), .stopping(stop), .finished(result)]
    let view = Self.view(ended)
    #expect(view.stop == stop && view.result == result && view.endedAt == Self.at(2))
    let resumed = Self.view(ended + [Self.resumption(.unfinished)])
    #expect(resumed.stop == nil && resumed.result == nil && resumed.endedAt == nil)
    #expect(resumed.resumptions.map(\.tenants) == [.unfinished])
  }

  @Test func `an interruption changes nothing, and the first reason to stop counts`() {
    let kinds: [RolloutEvent] = [
      .started(Self.start), .stageStarted(stage: 1, tenants: 5), .stopping(.deadline),
      Self.resumption(.unfinished), .stageStarted(stage: 1, tenants: 5), .stopping(.cancelled),
    ]
    let view = Self.view(kinds)
    #expect(view.stop == .deadline)
    #expect(view.stages.map(\.startedAt) == [Self.at(1)])
  }

  @Test func `refused tenants are known by their positions until they are tried again`() {
    let refused: [RolloutEvent] = [
      .started(Self.start), .tenantRefused(Self.refusal(3)), .tenantRefused(Self.refusal(7)),
      .tenantRefused(Self.refusal(3, "no file")),
    ]
    let expected = [3: Self.refusal(3, "no file"), 7: Self.refusal(7)]
    #expect(Self.view(refused).refusals == expected)
    #expect(Self.view(refused + [Self.resumption(.unfinished)]).refusals == expected)
    #expect(Self.view(refused + [Self.resumption(.unsuccessful)]).refusals == [:])
    #expect(
      TenantRow(Self.refusal(7))
        == TenantRow(name: "t7", index: 7, state: .failed, refusal: Self.refusal(7)))
  }

  @Test func `events of runs are passed over`() {
    var view = Self.view([.started(Self.start)])
    let before = view
    for event in SampleRun.all { view.apply(event) }
    #expect(view == before)
  }
}
