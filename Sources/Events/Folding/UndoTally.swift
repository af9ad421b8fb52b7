/// What a run took back of what it changed, as its events say.
///
/// Each change counts once, as it stands: what a later undo takes back instead, or what is made again, counts
/// for the earlier one no more.
package struct UndoTally: Sendable, Hashable {
  /// The event that a change was to be taken back with, and its number there, counted from 0; those that
  /// nothing takes back have the numbers that follow.
  private struct Key: Sendable, Hashable, Comparable {
    let sequence: Int
    let number: Int

    static func < (left: Key, right: Key) -> Bool {
      (left.sequence, left.number) < (right.sequence, right.number)
    }
  }

  private struct Change: Sendable, Hashable {
    let step: StepPath
    let isKept: Bool
    /// How the step that takes it back ended; nil before.
    var outcome: Outcome?
  }

  private var changes: [Key: Change] = [:]
  private var keys: [StepPath: [Key]] = [:]
  /// By the playbook, the latest event that it began to take back its changes with.
  private var undoings: [StepPath: Int] = [:]

  /// Whether the run itself took back what its steps changed, and not only a playbook that it plays.
  package private(set) var isOfRun = false

  /// Nothing was taken back.
  package init() {}

  /// Whether no playbook took anything back that was not made again since.
  package var isEmpty: Bool { changes.isEmpty }

  /// How many changes were to be taken back.
  package var count: Int { changes.values.count { !$0.isKept } }

  /// How many of them were.
  package var doneCount: Int {
    changes.values.count { $0.outcome?.allowsContinuation ?? false }
  }

  /// The steps whose changes were to be taken back and could not be, or in doubt, in the order of the attempts.
  package var failed: [StepPath] {
    steps { $0.outcome.map { !$0.allowsContinuation } ?? false }
  }

  /// The steps that changed something which nothing takes back, in the order they did.
  package var kept: [StepPath] { steps(where: \.isKept) }

  private func steps(where isMeant: (Change) -> Bool) -> [StepPath] {
    changes.filter { isMeant($0.value) }.sorted { $0.key < $1.key }.map(\.value.step)
  }

  mutating func apply(_ event: RunEvent) {
    switch event.kind {
    case .undoing(let path, let undoing): begin(undoing, at: path, as: event.sequence)
    case .stepStarted(let path, _): if !changes.isEmpty { forget(path) }
    case .stepFinished(let path, let result):
      guard let (around, number) = path.undoneChange, let sequence = undoings[around] else {
        return
      }
      changes[Key(sequence: sequence, number: number)]?.outcome = result.outcome
    case _: break
    }
  }

  private mutating func begin(_ undoing: Undoing, at path: StepPath, as sequence: Int) {
    isOfRun = path == .root
    undoings[path] = sequence
    let groups = Set(undoing.steps)
    for (step, _) in keys where step.isBelow(groups) { forget(step, unlessDone: true) }
    for step in undoing.steps + undoing.kept { forget(step) }
    for (number, step) in (undoing.steps + undoing.kept).enumerated() {
      let key = Key(sequence: sequence, number: number)
      changes[key] = Change(step: step, isKept: number >= undoing.steps.count)
      keys[step, default: []].append(key)
    }
  }

  private mutating func forget(_ step: StepPath, unlessDone: Bool = false) {
    guard let all = keys.removeValue(forKey: step) else { return }
    let done = all.filter { unlessDone && changes[$0]?.outcome?.allowsContinuation ?? false }
    for key in all where !done.contains(key) { changes[key] = nil }
    if !done.isEmpty { keys[step] = done }
  }
}

extension StepPath {
  /// Whether the step is inside one of `groups`.
  fileprivate func isBelow(_ groups: Set<StepPath>) -> Bool {
    components.indices.dropFirst().contains {
      groups.contains(StepPath(components: Array(components[..<$0])))
    }
  }

  /// The playbook that takes a change back and the number of the change, where this is the step that does it.
  fileprivate var undoneChange: (around: StepPath, number: Int)? {
    guard components.count > 1, components[components.count - 2] == .undo,
      case .step(let id)? = components.last, let number = Int(id.prefix { $0 != "-" }), number > 0
    else { return nil }
    return (StepPath(components: Array(components.dropLast(2))), number - 1)
  }
}
