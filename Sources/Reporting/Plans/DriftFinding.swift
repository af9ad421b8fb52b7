package import Events
import Expressions
import Operations
import OrderedCollections

/// How the things that a run left were found since: each of them is in one of the three lists.
package struct DriftFinding: Sendable, Hashable {
  /// What is not as it was left.
  package var drifted: [DriftedItem]
  /// What was not compared.
  package var uncompared: [UncomparedItem]
  /// The steps that left what is as it was left.
  package var same: [StepPath]

  /// A finding of these things.
  package init(
    drifted: [DriftedItem] = [], uncompared: [UncomparedItem] = [], same: [StepPath] = []
  ) {
    self.drifted = drifted
    self.uncompared = uncompared
    self.same = same
  }

  /// Compares what the events of a run left with what those of a plan found since.
  ///
  /// A thing is what an ensured call was about, and a read showed. What leaves nothing that a read
  /// shows, such as a vote, is none. What is secret in one of them is secret in the finding.
  package init(left: some Sequence<RunEvent>, found: some Sequence<RunEvent>) {
    let scrubber = SecretScrubber(left.secrets + found.secrets)
    let (left, found) = (Observations(left), Observations(found))
    let comparison = DriftComparison(left: left, found: found)
    let standings = left.things.values.map { ($0, comparison.standing(of: $0)) }
    let causes = DriftCauses(standings)
    self.init()
    for (observation, standing) in standings {
      switch standing {
      case .same: same.append(observation.path)
      case .drifted(let item): drifted.append(item.hiding(scrubber))
      case .uncompared(let reason):
        uncompared.append(
          UncomparedItem(
            path: observation.path, title: scrubber.scrub(observation.summary.title),
            operation: observation.operation,
            reason: scrubber.scrub(causes.reason(for: observation) ?? reason)))
      }
    }
  }
}

/// How the steps of a run left their things, or those of a plan found them.
private struct Observations {
  /// What makes two observations those of one thing.
  struct Key: Hashable {
    let operation: String
    let identity: ValueMap
  }

  struct Observation {
    let path: StepPath
    let summary: StepSummary
    let operation: String
    let thing: ObservedThing
    /// What the step gave.
    let value: Value

    var key: Key { Key(operation: operation, identity: thing.identity.plain) }
  }

  /// How a step ended.
  struct End {
    let operation: String?
    let result: StepResult
  }

  /// As the latest step that was about each of them says.
  private(set) var things: OrderedDictionary<Key, Observation> = [:]
  /// The step at each path, as it ended last.
  private(set) var ends: [StepPath: End] = [:]
  private(set) var planDigest: String?
  private var byPath: [StepPath: Key] = [:]

  init(_ events: some Sequence<RunEvent>) {
    var summaries: [StepPath: StepSummary] = [:]
    for event in events {
      switch event.kind {
      case .runStarted(let start): planDigest = start.planDigest
      case .stepStarted(let path, let summary): summaries[path] = summary
      case .stepReused(let path, let summary, let result):
        summaries[path] = summary
        if let result { note(result, at: path, summary) }
      case .stepFinished(let path, let result): note(result, at: path, summaries[path])
      case _: break
      }
    }
  }

  private mutating func note(_ result: StepResult, at path: StepPath, _ summary: StepSummary?) {
    ends[path] = End(operation: summary?.subject, result: result)
    byPath[path] = nil
    guard let thing = result.observed, let summary, let operation = summary.subject else { return }
    let observation = Observation(
      path: path, summary: summary, operation: operation, thing: thing, value: result.value)
    byPath[path] = observation.key
    things[observation.key] = observation
  }

  /// What the step at `path` was about.
  func thing(at path: StepPath) -> Observation? { byPath[path].flatMap { things[$0] } }
}

/// Compares one thing after the other.
private struct DriftComparison {
  enum Standing {
    case same
    case drifted(DriftedItem)
    case uncompared(reason: String)
  }

  let left: Observations
  let found: Observations

  func standing(of before: Observations.Observation) -> Standing {
    if let now = found.things[before.key] { return standing(of: before, now) }
    guard let end = found.ends[before.path] else {
      return .uncompared(reason: reasonForNothing(at: before.path))
    }
    guard end.operation == before.operation else {
      return .uncompared(reason: "the playbook does something else there now")
    }
    if let now = found.thing(at: before.path) { return standing(of: before, replacedBy: now) }
    if case .conflict? = end.result.change?.kind {
      return .drifted(item(.added, before, reason: end.result.change?.reason))
    }
    return .uncompared(reason: Self.reason(end.result) ?? "the plan did not read it")
  }

  /// The thing was read again.
  private func standing(
    of before: Observations.Observation, _ now: Observations.Observation
  ) -> Standing {
    switch (before.thing.fields, now.thing.fields) {
    case (nil, nil): return .same
    case (nil, _?): return .drifted(item(.added, before))
    case (_?, nil): return .drifted(item(.removed, before))
    case (let left?, let found?):
      let differences = left.differences(in: found)
      return differences.isEmpty ? .same : .drifted(item(.changed, before, differences))
    }
  }

  /// The step that left the thing is about another one now.
  private func standing(
    of before: Observations.Observation, replacedBy now: Observations.Observation
  ) -> Standing {
    // With another playbook, it is what that asks for; and another round may just have its place.
    guard let left = before.thing.fields, self.left.planDigest != nil,
      self.left.planDigest == found.planDigest, self.left.things[now.key] == nil
    else { return .uncompared(reason: "the plan has another thing in its place") }
    let differences = before.thing.identity.differences(in: now.thing.identity)
    guard let found = now.thing.fields else {
      return .drifted(item(.removed, before, differences))
    }
    return .drifted(item(.changed, before, differences + left.differences(in: found)))
  }

  private func item(
    _ kind: DriftedItem.Kind, _ before: Observations.Observation,
    _ differences: [Lookup.Difference] = [], reason: String? = nil
  ) -> DriftedItem {
    DriftedItem(
      path: before.path, title: before.summary.title, operation: before.operation, kind: kind,
      differences: differences, reason: reason)
  }

  /// Why nothing was read at a step that ended so, where that says it.
  private static func reason(_ result: StepResult) -> String? {
    if let failure = result.failure { return "it could not be read: \(failure.message)" }
    if case .skipped = result.outcome { return "its step is skipped now" }
    if case .unknown? = result.change?.kind { return result.change?.reason }
    return nil
  }

  /// Why the plan has no step there: because of one around it, or it did not come so far.
  private func reasonForNothing(at path: StepPath) -> String {
    for depth in (0..<path.depth).reversed() {
      let around = StepPath(components: Array(path.components.prefix(depth)))
      if let reason = found.ends[around].flatMap({ Self.reason($0.result) }) { return reason }
    }
    return "the plan does not come to it"
  }
}

/// Which things that drifted others are about.
private struct DriftCauses {
  private struct Cause {
    let path: StepPath
    let kind: DriftedItem.Kind
  }

  /// By what the step gave that left the thing.
  private var causes: [Value: Cause] = [:]

  init(_ standings: [(Observations.Observation, DriftComparison.Standing)]) {
    for (observation, standing) in standings {
      guard case .drifted(let item) = standing, let given = observation.value.revealed.fields
      else { continue }
      for value in given.entries.values where value.text?.isEmpty == false {
        causes[value] = causes[value] ?? Cause(path: item.path, kind: item.kind)
      }
    }
  }

  /// Why a thing was not compared that is recognised by what such a step gave; nil for others.
  func reason(for observation: Observations.Observation) -> String? {
    observation.key.identity.entries.values.lazy.compactMap { causes[$0] }.first.map { cause in
      let what =
        switch cause.kind {
        case .added: "of which another one was added"
        case .changed: "which changed"
        case .removed: "which is gone"
        }
      return "it depends on `\(cause.path)`, \(what)"
    }
  }
}

extension ValueMap {
  /// The same with nothing marked as secret.
  fileprivate var plain: ValueMap {
    ValueMap(entries.mapValues(\.revealed))
  }

  /// What differs in `found`, of the fields that both have.
  fileprivate func differences(in found: ValueMap) -> [Lookup.Difference] {
    names.compactMap { name in
      guard let was = self[name], let shown = found[name], was.revealed != shown.revealed else {
        return nil
      }
      return Lookup.Difference(field: name, asked: was, found: shown)
    }
  }
}

extension DriftedItem {
  /// The same with every secret in it masked or marked as such.
  fileprivate func hiding(_ scrubber: SecretScrubber) -> DriftedItem {
    var item = self
    item.title = scrubber.scrub(title)
    item.reason = reason.map(scrubber.scrub)
    item.differences = differences.map { difference in
      Lookup.Difference(
        field: difference.field, asked: scrubber.hide(in: difference.asked),
        found: scrubber.hide(in: difference.found))
    }
    return item
  }
}
