import Events
import OrderedCollections

/// The complete plan of several tenants, and what it adds to that of their rollout.
package final class SharedReport: Sendable {
  let report: PlanReport
  let outline: TenantOutline
  let votes: RolloutVotes.Share
  /// How often each occurs.
  let finals: OrderedDictionary<FinalStep, Int>
  let lifetimes: OrderedDictionary<LifetimeWarning, Int>

  /// Shares `report`; nil where there is no complete plan.
  package init?(_ report: PlanReport) {
    guard !report.failed else { return nil }
    self.report = report
    outline = TenantOutline(report)
    votes = RolloutVotes.Share(report.votes)
    finals = report.finals.reduce(into: [:]) { finals, item in
      guard let sign = item.sign, let subject = item.subject else { return }
      finals[FinalStep(sign: sign, subject: subject), default: 0] += 1
    }
    lifetimes = report.lifetimes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
