import Events

/// What a step is, apart from its id and its place.
enum StepLikeness: Sendable, Hashable {
  /// It corresponds to a step already: the node of the first run.
  case paired(Int)
  case like(StepSummary.Kind, subject: String?, name: String?)

  /// What counts.
  enum Closeness: Sendable {
    case exact
    /// The name that its author gave it does not.
    case loose
  }

  /// Nil for what is no step, or one of which nothing is recorded but its end.
  init?(_ node: StepNode, _ closeness: Closeness) {
    guard let summary = node.summary else { return nil }
    switch closeness {
    case .exact: self = .like(summary.kind, subject: summary.subject, name: node.name)
    case .loose: self = .like(summary.kind, subject: summary.subject, name: nil)
    }
  }

  /// Whether it is the id of a step to which its author gave none: its place among its neighbours.
  static func isAutomatic(_ id: String) -> Bool {
    id.hasPrefix("step-") && id.count > 5 && id.dropFirst(5).allSatisfy(\.isNumber)
  }
}

/// What a step is wherever it stands.
struct MovedStep: Sendable, Hashable {
  private let likeness: StepLikeness
  /// The id that its author gave it.
  private let id: String?
  /// The elements of the rounds that it is in; their indices where they are unknown.
  private let elements: [String]

  /// Nil for steps that are not distinguished by anything.
  init?(_ index: Int, in tree: RunTree) {
    let node = tree.nodes[index]
    guard let likeness = StepLikeness(node, .exact),
      case .step(let id)? = node.path.components.last,
      !StepLikeness.isAutomatic(id) || node.name != nil || node.summary?.subject != nil
    else { return nil }
    self.likeness = likeness
    self.id = StepLikeness.isAutomatic(id) ? nil : id
    elements = node.path.components.indices.compactMap { end in
      guard case .iteration(let round) = node.path.components[end] else { return nil }
      let path = StepPath(components: Array(node.path.components[...end]))
      return tree.node(at: path)?.element ?? String(round)
    }
  }
}

/// How a comparison walks a tree.
extension RunTree {
  /// The step, round or branch around a node; nil for an outermost step.
  func parent(of index: Int) -> Int? {
    indices[StepPath(components: Array(nodes[index].path.components.dropLast()))]
  }

  /// The rounds among `nodes`, in their order.
  func rounds(_ nodes: [Int]) -> [Int] {
    inOrder(nodes.filter { self.nodes[$0].round != nil })
  }

  /// `nodes` as they appeared, rounds by their numbers.
  func inOrder(_ nodes: [Int]) -> [Int] {
    guard nodes.contains(where: { self.nodes[$0].round != nil }) else { return nodes }
    return nodes.sorted { (self.nodes[$0].round ?? .max, $0) < (self.nodes[$1].round ?? .max, $1) }
  }
}

extension StepNode {
  /// The number of the round that it is, from 0; nil for what is no round.
  var round: Int? {
    if case .iteration(let index)? = path.components.last { index } else { nil }
  }
}
