package import Events
import Expressions
import Operations
import OrderedCollections

extension DriftReport {
  /// What is not as a run left it: `left` are the events of the run, `found` those of a plan that read the
  /// same things since.
  ///
  /// A thing of which the run recorded nothing, or that the plan did not read, is passed over.
  package static func items(
    left: some Sequence<RunEvent>, found: some Sequence<RunEvent>
  ) -> [DriftedItem] {
    let left = Observations(left)
    let found = Observations(found)
    return found.all.compactMap { observation in
      guard let before = left.thing(like: observation) else {
        return observation.severalItem(knownTo: left)
      }
      return observation.item(since: before)
    }
  }
}

/// How the steps of a run left their things, or those of a plan found them.
private struct Observations {
  struct Observation {
    let path: StepPath
    let summary: StepSummary
    let thing: ObservedThing?
    let change: StateChange
  }

  private(set) var all: [Observation] = []
  private var byIdentity: [String: [ValueMap: ObservedThing]] = [:]
  private var operations: [StepPath: String] = [:]

  init(_ events: some Sequence<RunEvent>) {
    var summaries: [StepPath: StepSummary] = [:]
    for event in events {
      switch event.kind {
      case .stepStarted(let path, let summary), .stepReused(let path, let summary, _):
        summaries[path] = summary
      case .stepFinished(let path, let result):
        guard let summary = summaries[path], let change = result.change else { continue }
        note(Observation(path: path, summary: summary, thing: result.observed, change: change))
      case _: break
      }
    }
  }

  private mutating func note(_ observation: Observation) {
    guard let operation = observation.summary.subject else { return }
    all.append(observation)
    operations[observation.path] = operation
    guard let thing = observation.thing else { return }
    byIdentity[operation, default: [:]][thing.identity.plain] = thing
  }

  /// The thing that is the same by its operation and identity.
  func thing(like observation: Observation) -> ObservedThing? {
    guard let operation = observation.summary.subject, let thing = observation.thing else {
      return nil
    }
    return byIdentity[operation]?[thing.identity.plain]
  }

  /// Whether the step at `path` called this operation.
  func knows(_ operation: String, at path: StepPath) -> Bool { operations[path] == operation }
}

extension Observations.Observation {
  /// How the thing changed since it was left as `before`; nil where nothing did.
  fileprivate func item(since before: ObservedThing) -> DriftedItem? {
    guard let operation = summary.subject, let now = thing else { return nil }
    func item(
      _ kind: DriftedItem.Kind, _ differences: [Lookup.Difference] = []
    ) -> DriftedItem {
      DriftedItem(
        path: path, title: summary.title, operation: operation, kind: kind,
        differences: differences)
    }
    switch (before.fields, now.fields) {
    case (nil, nil): return nil
    case (nil, _?): return item(.added)
    case (_?, nil): return item(.removed)
    case (let left?, let found?):
      let differences = left.names.compactMap { name -> Lookup.Difference? in
        guard let was = left[name], let shown = found[name], was.revealed != shown.revealed else {
          return nil
        }
        return Lookup.Difference(field: name, asked: was, found: shown)
      }
      return differences.isEmpty ? nil : item(.changed, differences)
    }
  }

  /// A thing that is not the only one of its identity any more.
  fileprivate func severalItem(knownTo left: Observations) -> DriftedItem? {
    guard case .conflict = change.kind, thing == nil, let operation = summary.subject,
      left.knows(operation, at: path)
    else { return nil }
    return DriftedItem(
      path: path, title: summary.title, operation: operation, kind: .added, reason: change.reason)
  }
}

extension ValueMap {
  /// The same with nothing marked as secret.
  fileprivate var plain: ValueMap {
    ValueMap(entries.mapValues(\.revealed))
  }
}
