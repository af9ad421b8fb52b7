import Diagnostics
import Events
import Expressions
import Planning

/// A change that a playbook around its step may take back.
struct ArmedUndo: Sendable, Hashable {
  /// What takes it back.
  enum Remedy: Sendable, Hashable {
    /// These steps, which see what is kept for them.
    case steps([PlannedStep], seeing: Scope, location: SourceLocation)
    /// Nothing does.
    case none
  }

  /// What was changed: equal changes of one step changed the same thing.
  indirect enum Change: Sendable, Hashable {
    /// What a call with these arguments changes, nil where they have no value; `creation` says which of them it
    /// was where each creates another thing.
    case call(ValueMap?, creation: Creation?)
    /// What the steps below a group changed.
    case parts([StepPath: Set<Change>])
  }

  /// One call that created something.
  struct Creation: Sendable, Hashable {
    /// The occurrence of its step.
    let step: NodeID
    /// The attempt; nil where a further one goes on with what the first did.
    let attempt: Int?
  }

  /// The step that changed something.
  let path: StepPath
  let change: Change
  let remedy: Remedy

  var canBeUndone: Bool {
    switch remedy {
    case .steps: true
    case .none: false
    }
  }
}

/// What the steps so far changed, in the order they did, kept with the step in progress around them.
///
/// A step that ends hands what is kept with it on to the step around it, so that each change is moved as
/// often as it lies deep.
struct Undos: Sendable, Hashable {
  /// Whether nothing is kept: in a plan nothing is done, and nothing undone.
  var isOff = false
  /// By the innermost step around them; nil is the run itself.
  private var armed: [NodeID?: [ArmedUndo]] = [:]
  /// All of them, by their steps: what is done again arms nothing a second time.
  private var changes: [StepPath: Set<ArmedUndo.Change>] = [:]
  /// The plays whose undo left something as it was changed, which another attempt of them may take back.
  private var unfinished: Set<StepPath> = []

  func isArmed(_ path: StepPath, _ change: ArmedUndo.Change) -> Bool {
    changes[path]?.contains(change) ?? false
  }

  /// Whether something below the step can be taken back; nil asks for the whole run.
  func canUndo(below owner: NodeID?) -> Bool {
    armed[owner]?.contains(where: \.canBeUndone) ?? false
  }

  /// What below the step can be taken back, the latest first, and what stays as it is.
  func undoing(below owner: NodeID?) -> (steps: [StepPath], kept: [StepPath]) {
    let all = armed[owner] ?? []
    return (
      all.filter(\.canBeUndone).map(\.path).reversed(), all.filter { !$0.canBeUndone }.map(\.path)
    )
  }

  mutating func arm(_ undo: ArmedUndo, in owner: NodeID?) {
    guard changes[undo.path, default: []].insert(undo.change).inserted else { return }
    armed[owner, default: []].append(undo)
  }

  /// What the undo of the play at `path` left is kept with `owner` again.
  mutating func putBack(_ undos: [ArmedUndo], undoneAt path: StepPath, to owner: NodeID?) {
    guard !undos.isEmpty else { return }
    for undo in undos { changes[undo.path, default: []].insert(undo.change) }
    unfinished.insert(path)
    handOn(undos, to: owner)
  }

  /// The play at `path` begins once more, as `play`: what its undo left is its own again.
  mutating func takeUp(_ path: StepPath, from owner: NodeID?, to play: NodeID) {
    guard unfinished.remove(path) != nil, let all = armed[owner] else { return }
    let own = all.filter { $0.path.isInside(path) }
    guard !own.isEmpty else { return }
    armed[owner] = all.filter { !$0.path.isInside(path) }
    handOn(own, to: play)
  }

  /// Takes out what is kept with the step.
  mutating func take(below owner: NodeID?) -> [ArmedUndo] {
    armed.removeValue(forKey: owner) ?? []
  }

  mutating func handOn(_ undos: [ArmedUndo], to owner: NodeID?) {
    guard !undos.isEmpty else { return }
    armed[owner, default: []] += undos
  }

  /// They are undone, or something else is undone in their place.
  mutating func forget(_ undos: [ArmedUndo]) {
    for undo in undos {
      changes[undo.path]?.remove(undo.change)
      if changes[undo.path]?.isEmpty ?? false { changes[undo.path] = nil }
    }
  }
}

extension [ArmedUndo] {
  /// The changes by their steps.
  var parts: [StepPath: Set<ArmedUndo.Change>] {
    reduce(into: [:]) { $0[$1.path, default: []].insert($1.change) }
  }
}

extension StepPath {
  /// Whether the step belongs to the one at `path`.
  func isInside(_ path: StepPath) -> Bool {
    depth > path.depth && components.starts(with: path.components)
  }
}
