package import Events
package import Operations
package import Planning

/// The steps of a plan in the order of the playbook, with what making the plan showed of each: those
/// from which votes and waits follow.
///
///     let outlook = PlanOutlook(of: plan, after: events)
///     outlook.steps.filter { $0.fate != .never }.map(\.path)
package struct PlanOutlook: Sendable, Hashable {
  /// A piece of the plan.
  package indirect enum Part: Sendable, Hashable {
    case step(ForeseenStep)
    /// One after another.
    case sequence([Part])
    /// At the same time.
    case parallel([Part])
    /// The rounds of the loop at `path`, `concurrency` at once; one stands for all where their number is
    /// not known.
    case rounds(of: StepPath, [Part], concurrency: Int)
  }

  /// The whole.
  package let root: Part
  /// All steps, in their order.
  package let steps: [ForeseenStep]
  /// When the plan was made; nil without events.
  package let startedAt: Moment?
  /// The operations of the API, and what they are for.
  package let api: APIDescription

  /// What `events`, which record how `plan` was made, show of its steps.
  package init(of plan: Plan, after events: some Sequence<RunEvent>) {
    let interest = OutlookInterest(in: plan)
    // Where no step has a part, nothing but the beginning counts.
    let record =
      interest.isEmpty ? OutlookRecord(of: events.prefix(1)) : OutlookRecord(of: events)
    self.init(OutlookWalk(plan: plan, record: record, interest: interest))
  }

  /// The same with every step, whether anything follows from it or not.
  init(ofAll plan: Plan, after events: some Sequence<RunEvent>) {
    let record = OutlookRecord(of: events)
    let interest = OutlookInterest(everythingIn: plan)
    self.init(OutlookWalk(plan: plan, record: record, interest: interest))
  }

  private init(_ walk: OutlookWalk) {
    root = .sequence(walk.parts)
    var steps: [ForeseenStep] = []
    root.collect(into: &steps)
    self.steps = steps
    startedAt = walk.record.startedAt
    api = walk.plan.api
  }
}

extension PlanOutlook.Part {
  fileprivate func collect(into steps: inout [ForeseenStep]) {
    switch self {
    case .step(let step): steps.append(step)
    case .sequence(let parts), .parallel(let parts), .rounds(_, let parts, _):
      for part in parts { part.collect(into: &steps) }
    }
  }

  /// Whether there is no step in it.
  var isEmpty: Bool {
    switch self {
    case .step: false
    case .sequence(let parts), .parallel(let parts), .rounds(_, let parts, _):
      parts.allSatisfy(\.isEmpty)
    }
  }
}

/// What the events of a plan say of its steps.
struct OutlookRecord {
  /// How each step ended.
  private(set) var results: [StepPath: StepResult] = [:]
  /// The steps that have begun, and whatever is around them.
  private(set) var begun: Set<StepPath> = []
  /// How many rounds a loop has.
  private(set) var roundCounts: [StepPath: Int] = [:]
  private(set) var startedAt: Moment?

  init(of events: some Sequence<RunEvent>) {
    for event in events {
      if startedAt == nil { startedAt = event.at }
      switch event.kind {
      case .stepStarted(let path, _): begin(path)
      case .stepReused(let path, _, let result):
        begin(path)
        if let result { results[path] = result }
      case .stepFinished(let path, let result): results[path] = result
      case _: break
      }
    }
  }

  private mutating func begin(_ path: StepPath) {
    var path = path
    while !path.components.isEmpty, begun.insert(path).inserted {
      let last = path.components.removeLast()
      guard case .iteration(let number) = last else { continue }
      roundCounts[path] = max(roundCounts[path] ?? 0, number + 1)
    }
  }
}
