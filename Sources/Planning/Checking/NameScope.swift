import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// What the expressions at one place of a file can see besides the results of steps.
///
/// A value that is as large as the nesting is deep, however many steps the file has: which results
/// are seen follows from where the place stands.
struct NameScope: Sendable {
  /// Names other than `steps`.
  private(set) var names: OrderedDictionary<String, InferredValue>
  /// Where the names stand that `let` binds.
  private(set) var definitions: [String: SourceLocation] = [:]
  /// The steps that the values of these names are made of, those of other such names in them included.
  private(set) var stepsUsed: [String: Set<String>] = [:]
  /// The names of `let` that stand for the whole result of a step.
  private(set) var aliases: [String: String] = [:]
  /// Whose session the steps at this place use.
  private(set) var session = Session.ofPlaybook
  /// Whether there may be names that could not be read.
  private(set) var hidesNames = false
  /// The steps around this place and the step at this place: in progress, not done.
  private(set) var open: Set<String> = []
  /// The branches around this place.
  private(set) var branches: Set<StepIndex.BranchName> = []
  /// The enclosures around this place.
  private(set) var enclosures: Set<StepIndex.Enclosure> = []

  /// The steps whose results a `when` around this place asks about.
  private(set) var examined: Set<String> = []

  /// Whose session the steps at some place use that name none.
  enum Session: Sendable {
    /// That of the playbook, or of whoever plays it.
    case ofPlaybook
    /// One that a step around them names.
    case own
    /// A step around them says that they have none.
    case none
  }

  init(inputs: InferredValue) {
    names = ["inputs": inputs, "run": .run]
  }

  /// The same place with one more name.
  func binding(_ name: String, _ inferred: InferredValue) -> NameScope {
    var inner = self
    inner.names[name] = inferred
    return inner
  }

  /// The same place with one more name, which `let` gives to a value.
  func binding(_ name: String, _ inferred: InferredValue, of local: LocalValue) -> NameScope {
    var inner = binding(name, inferred)
    inner.definitions[name] = local.location
    inner.stepsUsed[name] = steps(usedBy: local.value)
    inner.aliases[name] =
      if case .expression(let expression) = local.value, let only = expression.references.first,
        only.variable == "steps", only.path.count == 1, expression.source == "steps.\(only.path[0])"
      { only.path[0] } else { nil }
    return inner
  }

  /// The steps that `template` refers to, by itself or by names of `let`.
  func steps(usedBy template: Template) -> Set<String> {
    template.expressions.flatMap(\.references).reduce(into: []) { steps, reference in
      if reference.variable == "steps" {
        if let id = reference.path.first { steps.insert(id) }
      } else {
        steps.formUnion(stepsUsed[reference.variable] ?? [])
      }
    }
  }

  /// The place where `condition` is true.
  func given(_ condition: Template) -> NameScope {
    var inner = self
    inner.examined.formUnion(steps(usedBy: condition))
    return inner
  }

  /// The place inside a step that has `choice` beside it.
  func inside(_ choice: SessionChoice) -> NameScope {
    var inner = self
    switch choice {
    case .default: break
    case .none: inner.session = .none
    case .own: inner.session = .own
    }
    return inner
  }

  /// The same place with one more name that is not known.
  var bindingUnknown: NameScope {
    var inner = self
    inner.hidesNames = true
    return inner
  }

  /// The place inside the step `id`.
  func inside(_ id: String?) -> NameScope {
    var inner = self
    if let id { inner.open.insert(id) }
    return inner
  }

  /// The place where the step `id` around it is done.
  func outside(_ id: String?) -> NameScope {
    var outer = self
    if let id { outer.open.remove(id) }
    return outer
  }

  /// The place inside a branch.
  func inside(_ branch: StepIndex.BranchName) -> NameScope {
    var inner = self
    inner.branches.insert(branch)
    return inner
  }

  /// The place inside what belongs to a step.
  func inside(_ enclosure: StepIndex.Enclosure) -> NameScope {
    var inner = self
    inner.enclosures.insert(enclosure)
    return inner
  }
}
