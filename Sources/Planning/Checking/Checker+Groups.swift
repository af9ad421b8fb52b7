import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Loops and branches.
extension Checker {
  /// The body's steps are seen only inside; what follows sees a list of their results.
  mutating func check(_ loop: ForEach, in scope: NameScope) -> CheckedWork {
    let element = element(of: loop.items, in: scope)
    let start = scope.binding(loop.variable.value, element)
    var body = start
    let steps = check(loop.steps, in: &body)
    let results = start.results(addedIn: body).mapValues(\.type)
    return CheckedWork(
      kind: .forEach(
        items: loop.items, variable: loop.variable.value, concurrency: loop.concurrency,
        steps: steps),
      result: Knowledge(.list(.object(results))), inner: scope)
  }

  private mutating func element(of items: Template, in scope: NameScope) -> Knowledge {
    let secrecy: Secrecy = isSecret(items, in: scope) ? .secret : .open
    let type = check(items, in: scope)
    switch type {
    case .list(let element): return Knowledge(element, secrecy)
    case .dyn, .unavailable: return Knowledge(.dyn, secrecy)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .map,
      .object:
      report(
        "wrong-type", "`for-each` needs a list, not \(type.phrase)", at: items.location)
      return .nothing
    }
  }

  /// A branch sees its own steps; what follows the whole step sees those of all branches.
  mutating func check(
    _ branches: OrderedDictionary<String, Branch>, at location: SourceLocation,
    in scope: NameScope
  ) -> CheckedWork {
    var after = scope
    let planned = branches.map { name, branch in
      var inner = scope.inside(StepIndex.BranchName(parallel: location, name: name))
      let steps = check(branch.steps, in: &inner)
      after.adopt(inner)
      return PlannedBranch(name: name, steps: steps)
    }
    return CheckedWork(kind: .parallel(planned), result: .empty, inner: after)
  }
}
