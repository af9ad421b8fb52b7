package import Events

/// The step that a person names to start from.
package enum StepChoice: Sendable, Hashable {
  case step(StepPath)
  /// None began that is called so.
  case unknown
  /// Several steps have this id.
  case several([StepPath])
  /// It is the `rescue`, `always` or `undo` of a step, which is no step.
  case aftermath(of: StepPath)
}

extension RunTree {
  /// The step with the path or the unique id `text`; of a round or branch, its first step.
  package func step(named text: String) -> StepChoice {
    if let node = nodes.first(where: { $0.path.components.last != nil && "\($0.path)" == text }) {
      switch node.path.components.last {
      case .step, nil: return .step(node.path)
      case .iteration, .branch:
        return node.children.first.map { .step(nodes[$0].path) } ?? .unknown
      case .rescue, .always, .undo:
        return .aftermath(of: StepPath(components: Array(node.path.components.dropLast())))
      }
    }
    let named = nodes.filter { $0.path.components.last == .step(text) }.map(\.path)
    return switch named.count {
    case 0: .unknown
    case 1: .step(named[0])
    case _: .several(named)
    }
  }
}
