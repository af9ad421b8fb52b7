import Events

/// How a person reads which step is meant.
extension RunTree {
  /// The path of a step with the elements of the enclosing loops it, such as
  /// `stores[1]/device (store vault-b)`.
  func label(of path: StepPath) -> String {
    path.description + context(of: path)
  }

  /// The elements of the loops that enclose a step, such as ` (tenant acme, store vault-b)`; empty where
  /// there are none that may be shown.
  func context(of path: StepPath) -> String {
    let elements = path.components.indices.compactMap { index -> String? in
      guard case .iteration = path.components[index],
        let element = node(at: StepPath(components: Array(path.components[...index])))?.element
      else { return nil }
      let loop = node(at: StepPath(components: Array(path.components[..<index])))?.summary
      return Self.text(of: element, in: loop)
    }
    return Self.context(elements)
  }

  /// An element of `loop`, with what that calls its elements.
  static func text(of element: String, in loop: StepSummary?) -> String {
    guard loop?.kind == .forEach, let variable = loop?.subject, variable != "item" else {
      return element
    }
    return "\(variable) \(element)"
  }

  /// Such elements, the outermost first, behind the path of a step.
  static func context(_ elements: [String]) -> String {
    elements.isEmpty ? "" : " (\(elements.joined(separator: ", ")))"
  }
}
