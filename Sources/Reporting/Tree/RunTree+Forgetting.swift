import Events

/// What a tree that is drawn while its run goes on lets go, so that a run of thousands of tenants fits
/// into little memory and is drawn fast.
struct Forgetting: Sendable, Hashable {
  /// A tree with fewer nodes keeps the parts of groups.
  static let mostNodes = 5000

  /// The step that ended with the latest event: its reporter may still look at it.
  var ended: Int?
  /// The places of nodes that were forgotten, for new ones.
  var vacant: [Int] = []
  /// How forgotten steps ended.
  var counts: [Outcome: Int] = [:]
  /// What a person should know of forgotten steps, each once.
  var notices: [String] = []
}

extension RunTree {
  /// Puts a node in the place of a forgotten one, or at the end.
  mutating func place(_ node: StepNode) -> Int {
    guard let vacant = forgetting?.vacant.popLast() else {
      nodes.append(node)
      return nodes.count - 1
    }
    nodes[vacant] = node
    return vacant
  }

  /// Forgets what need not be kept of the step that ended before; `path` is the one that ends now.
  mutating func forget(before path: StepPath?) {
    guard let forgetting else { return }
    if let ended = forgetting.ended {
      nodes[ended].forgetDetails()
      if nodes.count - forgetting.vacant.count > Forgetting.mostNodes { forgetParts(of: ended) }
    }
    self.forgetting?.ended = path.flatMap { indices[$0] }
  }

  /// Forgets all that is below a group that ended well.
  private mutating func forgetParts(of index: Int) {
    guard nodes[index].result?.outcome == .succeeded, !nodes[index].children.isEmpty else { return }
    let parts = nodes[index].children.flatMap(subtree)
    for part in parts {
      let node = nodes[part]
      nodes[index].forgottenSteps += node.forgottenSteps
      if let outcome = countedOutcome(of: node) {
        forgetting?.counts[outcome, default: 0] += 1
        nodes[index].forgottenSteps += 1
      }
      if let notice = node.result?.notice, !(forgetting?.notices.contains(notice) ?? true) {
        forgetting?.notices.append(notice)
      }
    }
    for part in parts {
      indices[nodes[part].path] = nil
      nodes[part] = StepNode(path: .root)
    }
    nodes[index].children = []
    forgetting?.vacant += parts
  }

  private func subtree(_ index: Int) -> [Int] {
    [index] + nodes[index].children.flatMap(subtree)
  }
}
