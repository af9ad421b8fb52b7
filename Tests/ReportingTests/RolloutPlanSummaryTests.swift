import Testing

@testable import Reporting

@Suite struct RolloutPlanSummaryTests {
  private typealias Finding = RolloutPlanSummary.Finding

  @Test func `a log has the counts of a plan, and why tenants have no complete one`() {
    let summary = RolloutPlanSummary(SampleRolloutPlan.report)
    #expect(
      summary.counts == [
        "tenants": 10, "create": 6, "change": 2, "remove": 2, "unchanged": 5, "unknown": 2,
        "failed": 5,
      ])
    #expect(
      summary.findings == [
        Finding(tenant: "failed", kind: .failed("the service refused the credentials")),
        Finding(tenant: "stopped", kind: .failed("the plan is incomplete: cancelled")),
        Finding(tenant: "torn", kind: .failed("a run fails")),
        Finding(tenant: "locked", kind: .failed("the file `secrets/locked` does not exist")),
      ])
    #expect(summary.omitted == 0)
  }

  @Test func `a log has the counts of drift, and which tenants drifted`() {
    let summary = RolloutPlanSummary(SampleRolloutPlan.drift)
    #expect(
      summary.counts == [
        "tenants": 4, "drifted": 1, "added": 0, "changed": 1, "removed": 1, "unchanged": 5,
        "not-compared": 3, "failed": 2,
      ])
    #expect(
      summary.findings == [
        Finding(tenant: "acme", kind: .drifted(["changed": 1, "removed": 1])),
        Finding(tenant: "blind", kind: .failed("nothing was compared")),
        Finding(tenant: "new", kind: .failed("no run of it ended well")),
      ])
  }

  @Test func `of many tenants, the first twenty to look at are named`() {
    let summary = RolloutPlanSummary(SampleRolloutPlan.many(300))
    #expect(summary.counts["failed"] == 30)
    #expect(summary.findings.count == 20)
    #expect(summary.findings.first?.tenant == "tenant-5")
    #expect(summary.omitted == 10)
  }
}
