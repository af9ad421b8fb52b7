import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// What the expressions at one place of a file can see.
struct CheckScope {
  let inputs: StaticType
  /// Every id of the file, and where it stands.
  let ids: StepIndex
  /// The steps that are done by now, with the types of their results.
  private(set) var visible: OrderedDictionary<String, StaticType> = [:]
  /// Ids that were passed but cannot be seen from here (inside a loop, in another branch).
  private(set) var hidden: Set<String> = []
  /// The ids of the steps around this place.
  private(set) var surrounding: Set<String> = []
  private var variables: [String: StaticType] = [:]
  let hasSession: Bool

  init(inputs: StaticType, ids: StepIndex, hasSession: Bool) {
    self.inputs = inputs
    self.ids = ids
    self.hasSession = hasSession
  }

  /// The same place with one more name.
  func binding(_ name: String, _ type: StaticType) -> CheckScope {
    var inner = self
    inner.variables[name] = type
    return inner
  }

  /// The place inside the step `id`.
  func inside(_ id: String?) -> CheckScope {
    var inner = self
    if let id { inner.surrounding.insert(id) }
    return inner
  }

  /// The step `id` is done, and its result has this type.
  mutating func publish(_ id: String?, _ type: StaticType) {
    guard let id else { return }
    visible[id] = type
  }

  /// Takes over what became visible inside a block or branch that is now done.
  mutating func adopt(_ inner: CheckScope) {
    visible.merge(inner.visible) { _, new in new }
    hidden.formUnion(inner.hidden)
  }

  /// What became visible inside is out of sight from here on.
  mutating func hide(_ inner: CheckScope) {
    hidden.formUnion(inner.visible.keys.filter { visible[$0] == nil })
    hidden.formUnion(inner.hidden)
  }

  /// The types of the steps that became visible since `outer`.
  func added(to outer: CheckScope) -> OrderedDictionary<String, StaticType> {
    visible.filter { outer.visible[$0.key] == nil }
  }

  /// The names and types that expressions here can use.
  func environment(adding more: [String: StaticType]) -> TypeEnvironment {
    var names = variables
    names["inputs"] = inputs
    names["steps"] = steps
    names["run"] = .object(["id": .string, "name": .string, "startedAt": .timestamp])
    return TypeEnvironment(names.merging(more) { $1 })
  }

  private var steps: StaticType {
    var types = visible
    for (id, location) in ids.places where types[id] == nil {
      types[id] = .unavailable(whyUnavailable(id, location))
    }
    return .object(types)
  }

  private func whyUnavailable(_ id: String, _ location: SourceLocation) -> String {
    if surrounding.contains(id) {
      "the step `\(id)` cannot refer to itself: its result is not there yet"
    } else if hidden.contains(id) {
      "the step `\(id)` (line \(location.line)) cannot be seen from here: it is inside a loop, "
        + "a branch or a rescue"
    } else {
      "the step `\(id)` comes later (line \(location.line)) or in another branch"
    }
  }
}

/// Every step id of a file, with its place.
struct StepIndex {
  private(set) var places: OrderedDictionary<String, SourceLocation> = [:]

  init(of steps: [Step]) {
    add(steps)
  }

  private mutating func add(_ steps: [Step]) {
    for step in steps {
      if let id = step.id { places[id] = step.location }
      switch step.kind {
      case .call, .play, .assert, .wait: break
      case .forEach(let loop): add(loop.steps)
      case .parallel(let branches): for branch in branches.values { add(branch.steps) }
      case .block(let steps): add(steps)
      }
      add(step.modifiers.rescue)
      add(step.modifiers.always)
    }
  }
}
