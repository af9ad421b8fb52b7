import Events
import Journaling
import Machine
import Operations
import Planning
import Reporting
import Running
import Tenants

/// The plans that the runs of a rollout's tenants keep to.
struct SavedTenantPlans: Sendable {
  let path: String
  private let file: RolloutPlanFile
  /// Plans a tenant once more, to see what moved since.
  var planAgain: @Sendable (Plan, RunStart) async throws -> [RunEvent] = { _, _ in [] }

  /// The plans in the file at `path`, sealed under the key of the journal; `key` is where that is known to be.
  init(at path: String, _ options: JournalSettings, key: String? = nil) throws {
    let path = try CommandPath.expand(path)
    self.path = path
    let journal = try CommandPath.expand(options.path)
    let key = key ?? options.key
    file = try options.translated { () throws(JournalError) in
      try RolloutPlanFile(at: path, sealedFor: journal, key: key)
    }
  }

  /// Throws with status 6 where one of `tenants` has no plan.
  func requirePlans(of tenants: TenantList) throws {
    let planned = file.tenants
    let missing = tenants.names.filter { !planned.contains($0) }
    guard let first = missing.first else { return }
    let others = missing.count > 1 ? ", and none of \(missing.count - 1) more" : ""
    throw CommandFailure(
      .different, "the plan \(path) has no tenant `\(first)`\(others): nothing was done",
      hint: "make a new plan, and look at it")
  }

  /// Runs `body` with `plans`, which plan tenants once more over `transport`.
  static func with<Result: Sendable>(
    _ plans: SavedTenantPlans?, over transport: any Transport, at service: ServiceOrigins?,
    _ environment: [String: String], trace: (@Sendable (String) -> Void)?,
    _ body: @Sendable @escaping (SavedTenantPlans?) async throws -> Result
  ) async throws -> Result {
    guard let plans else { return try await body(nil) }
    return try await PlanHost.with(
      transport, environment, endsAtSignals: false, trace: trace
    ) { host in
      var plans = plans
      plans.planAgain = { plan, start in
        var planRun = PlanRun(
          plan: plan, planning: Planning(), labels: start.labels,
          environmentName: start.environment)
        planRun.tenant = start.tenant
        return await planRun.perform(in: host, at: service).events
      }
      return try await body(plans)
    }
  }

  /// The plan that the run of `start` keeps to; throws with what moved, where `plan` or the state of the
  /// service is not what was planned.
  func saved(_ plan: Plan, _ start: RunStart, home: String?) async throws -> SavedPlan {
    let tenant = start.tenant?.name ?? ""
    let found: PlanFile?
    do throws(JournalError) {
      found = try file.plan(of: tenant)
    } catch {
      throw CommandFailure(.invalid, error.description, hint: error.hint)
    }
    guard let found else {
      throw CommandFailure(
        .different, "the plan \(path) has no tenant `\(tenant)`", hint: "make a new plan")
    }
    let saved = SavedPlan(path: path, file: found)
    try saved.requireSame(plan, try FileContents(of: plan, [String](), home: home))
    try saved.requireSame(try await planAgain(plan, start), at: start.service)
    return saved
  }

  /// Keeps the plans of a rollout's tenants.
  final class Writer: Sendable {
    let path: String
    private let file: RolloutPlanFile.Writer
    private let options: JournalSettings

    init(to path: String, _ options: JournalSettings) throws {
      self.path = try CommandPath.expand(path)
      self.options = options
      let (path, journal) = (self.path, try CommandPath.expand(options.path))
      file = try options.translated { () throws(JournalError) in
        try RolloutPlanFile.Writer(to: path, sealedFor: journal, key: options.key)
      }
    }

    func add(_ events: [RunEvent], of tenant: String) throws {
      guard !events.isEmpty else { return }
      try options.translated { () throws(JournalError) in try file.add(events, of: tenant) }
    }

    func commit() throws {
      try options.translated { () throws(JournalError) in try file.commit() }
    }
  }
}
