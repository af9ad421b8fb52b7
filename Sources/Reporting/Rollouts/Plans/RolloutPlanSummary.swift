import Events

/// What a log says about a rollout's plan: counts, and the tenants that a person should look at.
package struct RolloutPlanSummary: Sendable, Hashable {
  /// A tenant that a person should look at.
  package struct Finding: Sendable, Hashable {
    /// What is wrong.
    package enum Kind: Sendable, Hashable {
      /// It is not as its last successful run left it: how many things, by what happened to them.
      case drifted([String: Int])
      /// It has no complete plan, its run would fail, or nothing of it was compared; one sentence.
      case failed(String)
    }

    /// The name of the tenant.
    package var tenant: String
    /// What is wrong with it.
    package var kind: Kind
  }

  /// How many tenants, steps and things there are, by names such as `tenants`, `create` and `drifted`.
  package let counts: [String: Int]
  /// The first tenants to look at, in the order of the rollout.
  package let findings: [Finding]
  /// How many tenants to look at are left out of `findings`.
  package let omitted: Int

  /// The summary of `report` with at most `limit` findings.
  package init(_ report: RolloutPlanReport, limit: Int = 20) {
    counts = report.logCounts
    var findings: [Finding] = []
    var omitted = 0
    for row in report.tenants.rows {
      guard let kind = report.finding(row) else { continue }
      if findings.count < limit {
        findings.append(Finding(tenant: row.tenant, kind: kind))
      } else {
        omitted += 1
      }
    }
    self.findings = findings
    self.omitted = omitted
  }
}

extension RolloutPlanReport {
  fileprivate var logCounts: [String: Int] {
    let failed = tenants.count { outline in
      outline.ending != .complete || outline.hasConflicts || outline.comparedNothing
    }
    var counts = ["tenants": heading.tenantCount, "failed": missing + failed]
    switch heading.mode {
    case .apply, .plan:
      for sign in [PlanSign.create, .change, .remove, .unchanged, .unknown] {
        counts[sign.rawValue] = tenants.counts[sign]
      }
    case .drift:
      counts["drifted"] = driftedTenants
      counts["unchanged"] = tenants.driftCounts[.unchanged]
      counts["not-compared"] = tenants.driftCounts[.unknown]
      for kind in DriftedItem.Kind.allCases {
        counts[kind.rawValue] = tenants.driftCounts[kind.sign]
      }
    }
    return counts
  }

  fileprivate func finding(_ row: TenantOutlines.Row) -> RolloutPlanSummary.Finding.Kind? {
    let outline = tenants[row]
    if let problem = row.problem { return .failed(problem.reason) }
    if outline.subject == .drift, outline.counts.hasDrift {
      let kinds = DriftedItem.Kind.allCases.filter { outline.counts[$0.sign] > 0 }
      let counts = kinds.map { ($0.rawValue, outline.counts[$0.sign]) }
      return .drifted(Dictionary(uniqueKeysWithValues: counts))
    }
    return outline.remark.map { .failed($0) }
  }
}

extension TenantProblem {
  fileprivate var reason: String {
    switch self {
    case .failed(let failure, _): failure.message
    case .incomplete(let cause): "the plan is incomplete: \(cause)"
    case .refused(let refusal): refusal.reason
    }
  }
}
