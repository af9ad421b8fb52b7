import Diagnostics
import Expressions
import OrderedCollections

/// What the expressions at one place of a file can see.
///
/// A value: what happens in a copy stays there.
struct NameScope: Sendable {
  /// Names other than `steps`.
  private(set) var names: OrderedDictionary<String, Knowledge>
  /// The steps that are done when this place is reached.
  private(set) var steps: OrderedDictionary<String, Knowledge> = [:]
  /// The steps around this place and the step at this place: under way, not done.
  private var open: Set<String> = []
  /// The branches around this place.
  private var branches: Set<StepIndex.BranchName> = []
  private let index: StepIndex

  init(inputs: Knowledge, index: StepIndex) {
    names = ["inputs": inputs, "run": .run]
    self.index = index
  }

  /// Every step id of the file.
  var knownSteps: some Collection<String> { index.places.keys }

  /// The same place with one more name.
  func binding(_ name: String, _ knowledge: Knowledge) -> NameScope {
    var inner = self
    inner.names[name] = knowledge
    return inner
  }

  /// The place inside the step `id`.
  func inside(_ id: String?) -> NameScope {
    var inner = self
    if let id { inner.open.insert(id) }
    return inner
  }

  /// The place inside a branch.
  func inside(_ branch: StepIndex.BranchName) -> NameScope {
    var inner = self
    inner.branches.insert(branch)
    return inner
  }

  /// The step `id` is done.
  mutating func publish(_ id: String?, _ result: Knowledge) {
    guard let id else { return }
    steps[id] = result
  }

  /// Takes over the steps that became visible in `inner`, which is done.
  mutating func adopt(_ inner: NameScope) {
    steps.merge(inner.steps) { old, _ in old }
  }

  /// The results that `inner` adds to this place's.
  func results(addedIn inner: NameScope) -> OrderedDictionary<String, Knowledge> {
    inner.steps.filter { steps[$0.key] == nil }
  }

  /// Why the step `id`, which is not among `steps`, cannot be used at `location`; nil when the file
  /// has no such step.
  func refusal(of id: String, at location: SourceLocation) -> String? {
    guard let place = index.places[id] else { return nil }
    let line = "line \(place.location.line)"
    if open.contains(id) { return "the step `\(id)` is not done yet here: it cannot use itself" }
    let rival = place.branches.contains { branch in
      branches.contains { $0.parallel == branch.parallel && $0.name != branch.name }
    }
    if rival { return "the step `\(id)` (\(line)) runs in another branch at the same time" }
    if (place.location.line, place.location.column) > (location.line, location.column) {
      return "the step `\(id)` comes later (\(line))"
    }
    let enclosure = place.enclosure?.rawValue ?? "other steps"
    return "the step `\(id)` (\(line)) is inside \(enclosure) and is seen only there"
  }
}
