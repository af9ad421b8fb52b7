package import Events
package import Operations

/// A step of a plan with the steps below it; reads and conditions that went well are left out.
package struct PlannedItem: Sendable, Hashable {
  /// Which step it is.
  package struct Step: Sendable, Hashable {
    /// The path, by which commands name the step.
    package var path: StepPath
    /// The path with the elements of the rounds it is in, such as `stores[1]/device (store vault-b)`.
    package var label: String
    /// What a person calls it: its name, else its id, else what it calls; rounds by their elements.
    package var title: String
    /// Nil for rounds, branches, `rescue` and `always`.
    package var kind: StepSummary.Kind?
    /// The operation, local action or playbook it is about.
    package var subject: String?
  }

  /// Which step it is.
  package let step: Step
  /// What will happen; nil for a group, whose steps say it.
  package let sign: PlanSign?
  /// What will happen to which fields, and why; nil where nothing is known of any thing.
  package let change: StateChange?
  /// How planning the step ended; nil for rounds and branches, and where it did not end.
  package let outcome: Outcome?
  /// Why the step could not be planned; also there when the outcome is `tolerated`.
  @Apart package private(set) var failure: Failure? = nil
  /// What a person should know, in one sentence without a full stop.
  package let notice: String?
  /// Whether what will happen cannot be undone.
  package let isFinal: Bool
  /// The steps below it that have something to show, in their order.
  package let children: [PlannedItem]
  /// The signs of the step and of all below it.
  package let counts: PlanCounts

  /// Where it stands in the playbook.
  package var path: StepPath { step.path }
  /// What a person calls it.
  package var title: String { step.title }
  /// The operation, local action or playbook it is about.
  package var subject: String? { step.subject }
  /// Why it is so; a phrase without a full stop.
  package var reason: String? { change?.reason }
  /// What differs, field by field.
  package var differences: [Lookup.Difference] { change?.differences ?? [] }

  init(
    _ step: Step, _ sign: PlanSign?, _ result: StepResult?, isFinal: Bool,
    children: [PlannedItem]
  ) {
    self.step = step
    self.sign = sign
    change = result?.change
    outcome = result?.outcome
    failure = result?.failure
    notice = result?.notice
    self.isFinal = isFinal
    self.children = children
    var counts = PlanCounts()
    if let sign { counts.add(sign) }
    for child in children { counts.add(child.counts) }
    self.counts = counts
  }

  /// The step itself and all below it that have a sign, in their order.
  package var signed: [PlannedItem] {
    signed { _ in true }
  }

  /// Those of them that `isWanted`.
  func signed(where isWanted: (PlannedItem) -> Bool) -> [PlannedItem] {
    (sign != nil && isWanted(self) ? [self] : []) + children.flatMap { $0.signed(where: isWanted) }
  }

  /// Whether nothing in it needs a person's attention.
  var isQuiet: Bool { counts.isQuiet }

  /// Whether it has anything to show: reads and conditions that went well do not.
  fileprivate var isShown: Bool {
    sign != nil || failure != nil || notice != nil || !children.isEmpty
  }
}

/// Makes the items of a plan from the tree of its events.
struct PlannedItemMaker {
  let tree: RunTree
  /// Whether what an operation does cannot be undone.
  let isFinal: (_ operation: String, _ change: StateChange.Kind) -> Bool

  /// The items of `nodes`, rounds in the order of their numbers.
  func items(_ nodes: [Int]) -> [PlannedItem] {
    items(nodes, in: Surroundings())
  }

  private func items(_ nodes: [Int], in surroundings: Surroundings) -> [PlannedItem] {
    tree.inOrder(nodes).compactMap { index in
      let item = item(index, in: surroundings)
      return item.isShown ? item : nil
    }
  }

  private func item(_ index: Int, in surroundings: Surroundings) -> PlannedItem {
    let node = tree.nodes[index]
    var result = node.result
    let isTolerated = surroundings.areTolerated
    let children =
      node.children.isEmpty ? [] : items(node.children, in: surroundings.inside(node, result))
    let hasFailureBelow = children.contains(where: \.hasFailed)
    var sign = result.flatMap(PlanSign.init)
    if sign == .failed, isTolerated || hasFailureBelow { sign = nil }
    if hasFailureBelow { result?.failure = nil }
    let kind = result?.change?.kind
    return PlannedItem(
      PlannedItem.Step(node, in: surroundings), sign, result,
      isFinal: sign?.isWork ?? false
        && kind.flatMap { kind in node.summary?.subject.map { isFinal($0, kind) } } ?? false,
      children: children)
  }

  /// What is around a step.
  fileprivate struct Surroundings {
    /// Whether a failure is no failure of the plan.
    var areTolerated = false
    /// The summary of the step around it, where that is the next thing around.
    var step: StepSummary?
    /// The elements of the loops, as `RunTree.label(of:)` writes them.
    var elements: [String] = []

    /// What is around the steps below `node`.
    func inside(_ node: StepNode, _ result: StepResult?) -> Surroundings {
      Surroundings(
        areTolerated: areTolerated || result?.outcome == .tolerated, step: node.summary,
        elements: elements(with: node))
    }

    /// The elements of the loops around what is below `node`, its own included.
    func elements(with node: StepNode) -> [String] {
      guard case .iteration? = node.path.components.last, let element = node.element else {
        return elements
      }
      return elements + [RunTree.text(of: element, in: step)]
    }
  }
}

extension PlannedItem.Step {
  fileprivate init(_ node: StepNode, in surroundings: PlannedItemMaker.Surroundings) {
    self.init(
      path: node.path,
      label: node.path.description + RunTree.context(surroundings.elements(with: node)),
      title: node.title, kind: node.summary?.kind, subject: node.summary?.subject)
  }
}

extension PlannedItem {
  /// Whether the step, or one below it, failed without being tolerated.
  fileprivate var hasFailed: Bool {
    outcome != .tolerated
      && (outcome?.isFailure ?? false || children.contains(where: \.hasFailed))
  }
}
