/// Which occurrence of which step: the way from the outermost playbook down to it.
///
/// Written as `devices[1]/enrol/approve`, `upload/rescue/step-1`, `prepare.left/keys` or
/// `undo/1-enrol/remove`.
package struct StepPath: Sendable, Hashable {
  /// One step of the way down: a step, a round, a branch, or the steps after a step's own.
  package enum Component: Sendable, Hashable {
    case step(String)
    /// The n-th element of a `for-each`, counted from 0.
    case iteration(Int)
    /// A branch of `parallel`.
    case branch(String)
    case rescue
    case always
    /// What takes back what the steps of a playbook changed; below it stands a step for each of them.
    case undo
  }

  /// The way from the outermost playbook down; empty for the run itself.
  package var components: [Component]

  /// The run itself.
  package static let root = StepPath(components: [])

  /// A path of these components; whether there is such a step is not checked.
  package init(components: [Component]) {
    self.components = components
  }

  /// The path one component longer.
  package func appending(_ component: Component) -> StepPath {
    StepPath(components: components + [component])
  }

  /// How many steps, iterations and branches lie above.
  package var depth: Int { components.count }
}

extension StepPath: CustomStringConvertible {
  /// The path as outputs write it: steps after `/`, rounds in `[ ]`, branches after a dot.
  package var description: String {
    components.reduce(into: "") { text, component in
      switch component {
      case .step(let id): text += text.isEmpty ? id : "/\(id)"
      case .iteration(let index): text += "[\(index)]"
      case .branch(let name): text += ".\(name)"
      case .rescue: text += "/rescue"
      case .always: text += "/always"
      case .undo: text += text.isEmpty ? "undo" : "/undo"
      }
    }
  }
}
