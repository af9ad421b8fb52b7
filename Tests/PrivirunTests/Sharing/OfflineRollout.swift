import ArgumentParser
import Diagnostics
import Events
import Expressions
import Journaling
import Machine
import Networking
import Operations
import Planning
import Playbooks
import Reporting
import Rollouts
import Testing

@testable import privirun

/// A rollout that is planned without reads, in this process.
struct OfflineRollout {
  let prepared: PreparedRollout
  let options: JournalSettings
  let environment: [String: String]

  /// The rollout in `file`; throws where something is wrong with it or with its tenants.
  init(_ file: String, environment: [String: String]) throws {
    let ignore: ([Diagnostic], SourceTexts) -> Void = { _, _ in }
    let (definition, texts) = try RolloutDefinition.load(file, report: ignore)
    let source = try RolloutSourceOptions.parse([])
    self.environment = environment
    options = try source.journal.settings(
      try source.environment.choice(environment, rolloutFile: nil))
    prepared = try RolloutPreparation(
      options: source, environment: environment, selected: nil, report: ignore
    ).prepare(definition, texts)
  }

  /// Everything that can be printed of it, with the plans of all tenants whole.
  func printed(_ sharing: PlanSharing) async throws -> [String] {
    var making = RolloutPlanMaking(
      prepared: prepared, rollout: .random, options: options, reader: nil,
      labels: [RunLabel(name: "kind", value: "test")], environmentName: nil,
      environment: environment, planning: Planning(isOffline: true))
    (making.endsAtSignals, making.sharing, making.whole) = (false, sharing, .max)
    let report = try await making.report(calling: .nothing)
    let summary = RolloutPlanSummary(report, limit: 1000)
    return [
      report.text(TerminalStyle(), .everything), report.text(TerminalStyle(), .summarized),
      report.json, report.markdown, report.junit,
      "\(summary.counts.sorted { $0.key < $1.key }) \(summary.findings)",
    ]
  }

  /// How many tenants get the plan of others.
  func sharingCount() async throws -> Int {
    let plans = try TenantPlans(
      prepared: prepared, rollout: .random, options: options, reader: nil, service: nil,
      secrets: [], labels: [], environmentName: nil, planning: Planning(isOffline: true),
      environment: environment, savesPlans: false, sharing: .exact)
    return try await ServiceTarget.nothing.withTransport { transport, _ in
      try await PlanHost.with(transport, environment, endsAtSignals: false) { host in
        var count = 0
        try await plans.each(in: host) { planned in
          if case .several(let tenants, _) = planned { count += tenants.count }
        }
        return count
      }
    }
  }
}

extension TemporaryFolder {
  /// A rollout of `playbook` over the rows of a table, whose files are in this folder.
  func offlineRollout(
    _ playbook: String, tenants: String, _ more: String = "", environment: [String: String] = [:]
  ) throws -> OfflineRollout {
    try write(playbook, to: "playbook.yaml")
    try write(tenants, to: "tenants.csv")
    try write(
      "rollout: 1\nname: test\nplaybook: playbook.yaml\ntenants: tenants.csv\n\(more)",
      to: "rollout.yaml")
    return try OfflineRollout("\(path)/rollout.yaml", environment: environment)
  }
}
