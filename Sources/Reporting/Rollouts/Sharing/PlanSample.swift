package import Events
import Expressions
import Operations
import OrderedCollections
package import Planning

/// A plan without reads that was made, in what another plan of the same playbook is compared with.
package struct PlanSample: Sendable {
  /// A call of an operation that the plan came to, or may come to.
  struct Call: Sendable {
    /// The path of its step without the numbers of rounds.
    let path: StepPath
    let operation: Operation
    let arguments: ValueMap
  }

  /// What was planned.
  package let plan: Plan
  /// What is printed of it, without labels.
  let report: PlanReport
  let results: [StepPath: StepResult]
  /// The calls that are given texts made of inputs.
  let calls: [Call]
  /// Every text that a call or a session is given, and that of every input from which anything follows.
  let texts: Set<String>

  /// With more such calls, in the rounds of a loop, a comparison takes as long as a plan.
  private static let mostCalls = 100

  /// The sample of the plan that `events` record; nil where a step failed, since anything may follow from
  /// that, and where too much is to be compared.
  package init?(
    of plan: Plan, _ flows: InputFlows, after events: [RunEvent], _ report: PlanReport
  ) {
    guard !report.failed, let results = Self.results(in: events) else { return nil }
    self.plan = plan
    self.report = report.labelled([])
    self.results = results
    var collection = TextCollection()
    var calls: [Call] = []
    for step in PlanOutlook(ofAll: plan, after: events).steps {
      collection.add(.map(step.arguments))
      collection.add(step.session)
      let path = step.path.withoutRounds
      guard let operation = step.operation, flows.arguments[path] != nil else { continue }
      calls.append(Call(path: path, operation: operation, arguments: step.arguments))
    }
    guard calls.count <= Self.mostCalls else { return nil }
    for name in flows.deciding.union(flows.flowing) { collection.add(plan.inputs[name] ?? .null) }
    self.calls = calls
    texts = collection.texts
  }

  private static func results(in events: [RunEvent]) -> [StepPath: StepResult]? {
    var results: [StepPath: StepResult] = [:]
    for event in events {
      switch event.kind {
      case .stepFinished(let path, let result):
        switch result.outcome {
        case .succeeded, .unchanged, .skipped: results[path] = result
        case .failed, .tolerated, .cancelled, .inDoubt: return nil
        }
      case .attemptFailed, .stepReused, .internalError, .cancelRequested: return nil
      case _: break
      }
    }
    return results
  }
}

extension StepPath {
  /// The path of the step as the playbook has it, whatever round it is in.
  var withoutRounds: StepPath {
    StepPath(
      components: components.filter { if case .iteration = $0 { false } else { true } })
  }
}

/// Texts inside values, secret or not.
private struct TextCollection {
  private(set) var texts: Set<String> = [""]

  mutating func add(_ session: ForeseenSession) {
    switch session {
    case .none, .unknown: break
    case .profile(let username, let password):
      texts.insert(username)
      add(.secret(password))
    case .application(let token, _, let end):
      add(.secret(token))
      add(end)
    }
  }

  mutating func add(_ value: Value) {
    switch value {
    case .secret(let secret): add(secret.reveal())
    case .list(let elements): for element in elements { add(element) }
    case .map(let map):
      for (key, element) in map.entries {
        add(key)
        add(element)
      }
    case .null, .unknown: break
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type:
      if let text = value.plainText { texts.insert(text) }
    }
  }
}
