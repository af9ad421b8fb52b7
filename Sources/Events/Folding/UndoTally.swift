/// What a run took back of what it changed, as its events say.
package struct UndoTally: Sendable, Hashable {
  /// What one playbook took back.
  private struct Part: Sendable, Hashable {
    let path: StepPath
    let undoing: Undoing
    /// How each step that undoes something ended, by its number in `undoing`, counted from 0.
    var outcomes: [Int: Outcome] = [:]
  }

  private var parts: [Part] = []

  /// Nothing was taken back.
  package init() {}

  /// Whether no playbook took anything back.
  package var isEmpty: Bool { parts.isEmpty }

  /// Whether the run itself took back what its steps changed, and not only a playbook that it plays.
  package var isOfRun: Bool { parts.last?.path == .root }

  /// How many changes were to be taken back.
  package var count: Int { parts.reduce(0) { $0 + $1.undoing.steps.count } }

  /// How many of them were.
  package var doneCount: Int {
    parts.reduce(0) { $0 + $1.outcomes.values.count(where: \.allowsContinuation) }
  }

  /// The steps whose changes were to be taken back and could not be, or in doubt, in the order of the attempts.
  package var failed: [StepPath] {
    parts.flatMap { part in
      part.outcomes.filter { !$0.value.allowsContinuation }.keys.sorted()
        .compactMap { part.undoing.steps.indices.contains($0) ? part.undoing.steps[$0] : nil }
    }
  }

  /// The steps that changed something which nothing takes back, in the order they did.
  package var kept: [StepPath] { parts.flatMap(\.undoing.kept) }

  mutating func apply(_ event: RunEvent) {
    switch event.kind {
    case .undoing(let path, let undoing): parts.append(Part(path: path, undoing: undoing))
    case .stepFinished(let path, let result):
      guard let (around, number) = path.undoneChange,
        let index = parts.lastIndex(where: { $0.path == around })
      else { return }
      parts[index].outcomes[number] = result.outcome
    case _: break
    }
  }
}

extension StepPath {
  /// The playbook that takes a change back and the number of the change, where this is the step that does it.
  fileprivate var undoneChange: (around: StepPath, number: Int)? {
    guard components.count > 1, components[components.count - 2] == .undo,
      case .step(let id)? = components.last, let number = Int(id.prefix { $0 != "-" }), number > 0
    else { return nil }
    return (StepPath(components: Array(components.dropLast(2))), number - 1)
  }
}
