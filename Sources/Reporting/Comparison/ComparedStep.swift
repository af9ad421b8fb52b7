import Events
import Operations

/// A step, round or branch of two runs.
struct ComparedStep: Sendable, Hashable {
  /// In which of the runs it is.
  enum Presence: Sendable, Hashable {
    case both(Side, Side)
    /// Only the first run has it, with so many steps: itself and what is below it.
    case removed(Side, steps: Int)
    /// Only the second run has it, with so many steps: itself and what is below it.
    case added(Side, steps: Int)
  }

  /// The step in one run.
  struct Side: Sendable, Hashable {
    var path: StepPath
    /// The path with the elements of the rounds it is in, such as `stores[1]/device (store vault-b)`.
    var label: String
    /// The name that its author gave it.
    var name: String?
    var kind: StepSummary.Kind?
    /// The operation, local action or playbook it is about.
    var subject: String?
    /// Nil for rounds and branches, and for what is not finished.
    var outcome: Outcome?
  }

  var presence: Presence
  /// What differs, apart from times.
  var differences: [ComparedValue] = []
  /// Nil unless both runs finished it.
  var time: ComparedTime?

  /// Whether the runs have more in common here than in any two runs.
  var isSame: Bool {
    guard case .both = presence else { return false }
    return differences.allSatisfy(\.isGenerated)
  }

  /// The side to call it by.
  var side: Side {
    switch presence {
    case .both(_, let side), .removed(let side, _), .added(let side, _): side
    }
  }
}

extension ComparedStep.Side {
  init(_ index: Int, in tree: RunTree) {
    let node = tree.nodes[index]
    self.init(
      path: node.path, label: tree.label(of: node.path), name: node.name, kind: node.summary?.kind,
      subject: node.summary?.subject, outcome: node.result?.outcome)
  }
}
