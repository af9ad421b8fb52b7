import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Loops and branches.
extension PlaybookChecker {
  /// The body's steps are seen only inside; what follows sees a list of their results.
  mutating func check(
    _ loop: ForEach, at location: SourceLocation, in scope: NameScope
  ) -> CheckedWork {
    let enclosure = StepIndex.Enclosure(kind: .loop, step: location)
    let element = loop.items.map { self.element(of: $0, in: scope) } ?? .nothing
    let inside = scope.inside(enclosure)
    let body = loop.variable.map { inside.binding($0.value, element) } ?? inside.bindingUnknown
    let changingSteps = facts.changingSteps
    let steps = check(loop.steps, in: body)
    var results = facts.results.results(inside: enclosure).mapValues(\.type)
    if loop.onFailure == .continue {
      reportErrorStep(inside: enclosure)
      results["error"] = InferredValue.error.type
    }
    var round = InferredValue(.object(results))
    if facts.changingSteps > changingSteps { round = round.notingChanges }
    let result = InferredValue(.list(round.type))
    guard let steps, let items = loop.items, let variable = loop.variable else {
      return CheckedWork(kind: nil, result: loop.steps.isEmpty ? .nothing : result)
    }
    return CheckedWork(
      kind: .forEach(
        PlannedLoop(
          items: items, variable: variable.value, concurrency: loop.concurrency,
          onFailure: loop.onFailure, steps: steps)),
      result: result)
  }

  /// A round that fails keeps the failure as `error` beside the results of its steps.
  private mutating func reportErrorStep(inside enclosure: StepIndex.Enclosure) {
    guard let location = facts.results.location(of: "error", directlyInside: enclosure) else {
      return
    }
    report(
      .reservedName, "a step of a `for-each` with `on-failure: continue` cannot be named `error`",
      at: location, hint: "`error` holds the failure of a round: give the step another id")
  }

  private mutating func element(of items: Template, in scope: NameScope) -> InferredValue {
    var taint = self.taint(of: items, in: scope).following(.element)
    if taint == .open, isSecret(items, in: scope) { taint = .secret }
    let type = check(items, in: scope)
    switch type {
    case .list(let element): return InferredValue(element, taint)
    case .dyn, .unavailable: return InferredValue(.dyn, taint)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .map,
      .object, .attribute:
      report(
        .wrongType, "`for-each` needs a list, not \(type.phrase)", at: items.location)
      return .nothing
    }
  }

  /// A branch sees its own steps; what follows the whole step sees those of all branches.
  mutating func check(
    _ branches: OrderedDictionary<String, Branch>, at location: SourceLocation,
    in scope: NameScope
  ) -> CheckedWork {
    var planned: [PlannedBranch] = []
    for (name, branch) in branches {
      let inner = scope.inside(StepIndex.BranchName(parallel: location, name: name))
      if let steps = check(branch.steps, in: inner) {
        planned.append(PlannedBranch(name: name, steps: steps))
      }
    }
    return CheckedWork(
      kind: planned.count == branches.count ? .parallel(planned) : nil, result: .empty)
  }
}
