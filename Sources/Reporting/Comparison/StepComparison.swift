import Events
import Expressions
import Operations
import Playbooks

/// Compares the steps of two runs, pair by pair.
struct StepComparison: Sendable {
  let alignment: StepAlignment
  let comparesResults: Bool
  var values: ValueComparison

  init(_ alignment: StepAlignment, comparesResults: Bool, _ values: ValueComparison) {
    self.alignment = alignment
    self.comparesResults = comparesResults
    self.values = values
  }

  private var from: RunTree { alignment.from }
  private var to: RunTree { alignment.to }

  /// All steps of both runs, and the rounds and branches in which the runs differ.
  mutating func steps() -> [ComparedStep] {
    alignment.pairs.compactMap { pair in
      switch pair {
      case .first(let index):
        let count = Self.count(index, in: from) { alignment.seconds[$0] == nil }
        return ComparedStep(presence: .removed(.init(index, in: from), steps: count))
      case .second(let index):
        let count = Self.count(index, in: to) { alignment.firsts[$0] == nil }
        return ComparedStep(presence: .added(.init(index, in: to), steps: count))
      case .both(let first, let second): return both(first, second)
      }
    }
  }

  private mutating func both(_ first: Int, _ second: Int) -> ComparedStep? {
    let (old, new) = (from.nodes[first], to.nodes[second])
    let differences =
      place(first, second) + description(old, new) + ending(first, second) + result(old, new)
    guard new.isStep || !differences.isEmpty else { return nil }
    var step = ComparedStep(
      presence: .both(.init(first, in: from), .init(second, in: to)), differences: differences)
    if let before = from.duration(of: old), let after = to.duration(of: new) {
      step.time = ComparedTime(from: before, to: after)
    }
    return step
  }

  /// How many steps there are from a node down for which `counts` holds.
  private static func count(
    _ index: Int, in tree: RunTree, _ counts: (Int) -> Bool
  ) -> Int {
    guard counts(index) else { return 0 }
    return tree.nodes[index].children.reduce(tree.nodes[index].isStep ? 1 : 0) {
      $0 + count($1, in: tree, counts)
    }
  }

  /// Where it is and what it is called.
  private mutating func place(_ first: Int, _ second: Int) -> [ComparedValue] {
    let (old, new) = (from.nodes[first], to.nodes[second])
    if alignment.isMoved(first, second) {
      return text(old.path.description, new.path.description, "path")
    }
    switch (old.path.components.last, new.path.components.last) {
    case (.step(let old), .step(let new)):
      let isUnnamed = StepLikeness.isAutomatic(old) && StepLikeness.isAutomatic(new)
      return isUnnamed ? [] : text(old, new, "id")
    case (.iteration, .iteration):
      guard let old = old.element, let new = new.element else { return [] }
      return text(old, new, "element")
    case _: return []
    }
  }

  private mutating func description(_ old: StepNode, _ new: StepNode) -> [ComparedValue] {
    guard let before = old.summary, let after = new.summary else { return [] }
    return text(before.kind.rawValue, after.kind.rawValue, "kind")
      + text(before.subject, after.subject, "subject") + text(old.name, new.name, "name")
  }

  /// How it ended, why, and after how many attempts.
  private mutating func ending(_ first: Int, _ second: Int) -> [ComparedValue] {
    let (old, new) = (from.nodes[first], to.nodes[second])
    guard old.isStep, new.isStep else { return [] }
    var differences = text(old.outcomeText, new.outcomeText, "outcome")
    if from.hasOwnFailure(first) || to.hasOwnFailure(second) {
      differences += values.failures(old.result?.failure, new.result?.failure)
    }
    let (before, after) = (Value.int(Int64(old.attempt)), Value.int(Int64(new.attempt)))
    return differences + values.differences(before, after, at: "attempts")
  }

  /// What later steps see of it; what loops and blocks give is made of the results of their steps.
  private mutating func result(_ old: StepNode, _ new: StepNode) -> [ComparedValue] {
    switch new.summary?.kind {
    case .forEach, .parallel, .block: return []
    case .call, .local, .play, .assert, .wait, .approve, nil: break
    }
    guard comparesResults, let before = old.result, let after = new.result else { return [] }
    return values.differences(before.value, after.value, at: "value")
  }

  private mutating func text(_ old: String?, _ new: String?, _ name: String) -> [ComparedValue] {
    values.differences(old.map { .string($0) }, new.map { .string($0) }, at: name)
  }
}

extension ValueComparison {
  /// What differs between the reasons of two failures.
  mutating func failures(_ old: Failure?, _ new: Failure?) -> [ComparedValue] {
    func status(_ failure: Failure?) -> Value? { failure?.status.map { .int(Int64($0)) } }
    return differences(
      old.map { .string($0.kind.rawValue) }, new.map { .string($0.kind.rawValue) },
      at: "failure.class")
      + differences(status(old), status(new), at: "failure.status")
      + differences(
        old.map { .string($0.message) }, new.map { .string($0.message) }, at: "failure.message")
  }
}

extension RunTree {
  /// Whether the failure of a step is not that of a step inside it.
  fileprivate func hasOwnFailure(_ index: Int) -> Bool {
    guard let failure = nodes[index].result?.failure else { return false }
    return !steps(below: index).contains { step in
      let inner = nodes[step].result?.failure
      return inner?.kind == failure.kind && inner?.message == failure.message
    }
  }

  /// The steps one level below a step, those in rounds and branches included.
  private func steps(below index: Int) -> [Int] {
    nodes[index].children.flatMap { nodes[$0].isStep ? [$0] : steps(below: $0) }
  }
}

extension RunTree {
  /// How long a step was in progress; nil unless both its beginning and its end are recorded.
  fileprivate func duration(of node: StepNode) -> Duration? {
    guard let start = node.startedAt, let end = node.finishedAt else { return nil }
    return time.running(from: start, to: end)
  }
}

extension StepNode {
  /// Whether it is a step, and no round, branch, `rescue` or `always`.
  fileprivate var isStep: Bool {
    if case .step? = path.components.last { true } else { false }
  }

  fileprivate var outcomeText: String { result?.outcome.rawValue ?? "unfinished" }
}
