import Events
import Expressions
import Machine
import Planning
import Reporting
import Running
import Synchronization

/// The plans without reads that tenants of a rollout share, each of which two tenants proved.
///
/// A tenant gets the plan of others only where it must be its own, too (`SharedPlan`). All other tenants are
/// planned, so that the report is the same as if every tenant had been.
final class PlanShares: Sendable {
  /// A plan that was made of one tenant.
  struct Made: Sendable {
    let plan: Plan
    let events: [RunEvent]
    let report: PlanReport
  }

  /// What is known of tenants for which the inputs that decide are equal.
  private struct Group: Sendable {
    let deciding: [Value?]
    let first: Made
    /// How many plans were compared with the first one in vain.
    var misses = 0
    var share: Share?
  }

  private struct Share: Sendable {
    let plan: SharedPlan
    let report: SharedReport
    /// The calls of local actions whose results must be alike, and those of the first plan.
    let calls: [InputFlows.LocalCall]
    let results: [LocalResult]
  }

  /// Of so many groups plans are shared.
  private static let mostGroups = 64
  /// With so many comparisons in vain, a group is given up.
  private static let mostMisses = 4

  private let flows: InputFlows
  /// The inputs that must be equal.
  private let deciding: [String]
  private let actions: LocalActions
  private let groups = Mutex<[Group]>([])

  /// Shares plans of `playbook`; `actions` look at files as the plans do.
  ///
  /// Nil where every plan is one of its own, because it follows from its run.
  init?(of playbook: PlannedPlaybook, actions: LocalActions) {
    flows = InputFlows(in: playbook)
    guard !flows.usesRun else { return nil }
    deciding = flows.deciding.sorted()
    self.actions = actions
  }

  /// The plan that a run of `plan` has in common with others; nil where it has to be made.
  ///
  /// Blocks while files are looked at.
  func report(of plan: Plan) -> SharedReport? {
    guard let group = group(of: plan), let share = group.share, share.plan.holds(for: plan.inputs)
    else { return nil }
    guard !share.calls.isEmpty else { return share.report }
    guard let results = results(of: share.calls, plan),
      isAlike(share.results, results, of: share.calls, in: share.plan)
    else { return nil }
    return share.report
  }

  /// Adds a plan that was made, which may prove what is shared; blocks, too.
  func add(_ made: Made) {
    guard let group = group(of: made.plan) else { return begin(with: made) }
    guard group.misses < Self.mostMisses else { return }
    let share = prove(made, group)
    let deciding = group.deciding
    groups.withLock { groups in
      guard let index = groups.firstIndex(where: { $0.deciding == deciding }) else { return }
      if let share { groups[index].share = share } else { groups[index].misses += 1 }
    }
  }

  private func begin(with made: Made) {
    let deciding = deciding.map { made.plan.inputs[$0] }
    groups.withLock { groups in
      guard groups.count < Self.mostGroups, !groups.contains(where: { $0.deciding == deciding })
      else { return }
      groups.append(Group(deciding: deciding, first: made))
    }
  }

  private func group(of plan: Plan) -> Group? {
    let deciding = deciding.map { plan.inputs[$0] }
    return groups.withLock { $0.first { $0.deciding == deciding } }
  }

  private func prove(_ made: Made, _ group: Group) -> Share? {
    guard let first = sample(group.first), let second = sample(made),
      let plan = SharedPlan(flows, first, second, after: group.share?.plan),
      let report = SharedReport(group.first.report), let calls = plan.localCalls
    else { return nil }
    guard !calls.isEmpty else {
      return Share(plan: plan, report: report, calls: [], results: [])
    }
    guard let own = results(of: calls, group.first.plan),
      let theirs = results(of: calls, made.plan), isAlike(own, theirs, of: calls, in: plan)
    else { return nil }
    for (call, result) in zip(calls, own) {
      guard let planned = plan.result(at: call.path), planned.value == .map(result.fields),
        planned.change == result.change
      else { return nil }
    }
    return Share(plan: plan, report: report, calls: calls, results: own)
  }

  private func sample(_ made: Made) -> PlanSample? {
    PlanSample(of: made.plan, flows, after: made.events, made.report)
  }
}

/// What files of this machine say.
extension PlanShares {
  /// What the calls would do, one after another, in a run of `plan`; nil where one fails.
  private func results(of calls: [InputFlows.LocalCall], _ plan: Plan) -> [LocalResult]? {
    var files = PlannedFiles()
    var results: [LocalResult] = []
    for call in calls {
      guard let arguments = call.arguments(of: plan.inputs, zones: plan.zones),
        let result = try? actions.perform(
          call.action, arguments, as: DryRun(of: call.path, after: files))
      else { return nil }
      files.add(result.plannedFiles)
      results.append(result)
    }
    return results
  }

  private func isAlike(
    _ results: [LocalResult], _ others: [LocalResult], of calls: [InputFlows.LocalCall],
    in plan: SharedPlan
  ) -> Bool {
    zip(calls, zip(results, others)).allSatisfy { call, pair in
      let (result, other) = pair
      guard result.change == other.change, result.notice == other.notice else { return false }
      return Set(result.fields.names + other.fields.names).allSatisfy { name in
        let (value, theirs) = (result.fields[name], other.fields[name])
        if value == theirs { return true }
        let isSecret = [value, theirs].contains { $0?.holdsSecret ?? false }
        return !isSecret && plan.disregards(name, of: call)
      }
    }
  }
}
