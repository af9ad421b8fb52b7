import Diagnostics
import Events
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

  /// The step that changed something.
  let path: StepPath
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
  /// The steps of all of them: what is done again arms nothing a second time.
  private var paths: Set<StepPath> = []

  func isArmed(_ path: StepPath) -> Bool { paths.contains(path) }

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
    guard paths.insert(undo.path).inserted else { return }
    armed[owner, default: []].append(undo)
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
    for undo in undos { paths.remove(undo.path) }
  }
}
