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
    let (items, elements) = check(loop.items, of: loop, in: scope)
    let inside = scope.inside(enclosure)
    let body = loop.bind(elements, in: inside)
    if let label = loop.label { check(label, in: body) }
    let changingSteps = facts.changingSteps
    let steps = check(loop.steps, in: body)
    if let until = loop.until { checkCondition(until, in: body) }
    var results = facts.results.results(inside: enclosure).mapValues(\.type)
    if loop.onFailure == .continue {
      reportErrorStep(inside: enclosure)
      results["error"] = InferredValue.error.type
    }
    var round = InferredValue(.object(results))
    if facts.changingSteps > changingSteps { round = round.notingChanges }
    let result = InferredValue(.list(round.type))
    guard let steps, let items, let variable = loop.variable else {
      return CheckedWork(kind: nil, result: loop.steps.isEmpty ? .nothing : result)
    }
    return CheckedWork(
      kind: .forEach(
        PlannedLoop(
          items: items, variable: variable.value, index: loop.index?.value, key: loop.key?.value,
          label: loop.label, until: loop.until, concurrency: loop.concurrency,
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

  /// What a loop goes through, before anything runs.
  struct Elements {
    var key: InferredValue
    var value: InferredValue

    static let nothing = Elements(key: .nothing, value: .nothing)
  }

  private mutating func check(
    _ items: ForEach.Items?, of loop: ForEach, in scope: NameScope
  ) -> (PlannedLoop.Items?, Elements) {
    switch items {
    case .value(let template):
      return (.value(template), elements(of: template, of: loop, in: scope))
    case .pages(let pages):
      let (planned, elements) = check(pages, of: loop, in: scope)
      return (planned.map { .pages($0) }, elements)
    case nil: return (nil, .nothing)
    }
  }

  /// The taint of an element of the list or map `items`, and whether the whole of it is secret.
  func elementTaint(of items: Template, in scope: NameScope) -> (whole: Taint, element: Taint) {
    let whole = self.taint(of: items, in: scope)
    var taint = whole.following(.element)
    if taint == .open, isSecret(items, in: scope) { taint = .secret }
    return (whole, taint)
  }

  private mutating func elements(
    of items: Template, of loop: ForEach, in scope: NameScope
  ) -> Elements {
    let (whole, taint) = elementTaint(of: items, in: scope)
    let type = check(items, in: scope)
    func elements(_ key: StaticType, _ value: StaticType) -> Elements {
      let keyTaint: Taint = if case .secret = whole { .secret } else { .open }
      return Elements(key: InferredValue(key, keyTaint), value: InferredValue(value, taint))
    }
    switch type {
    case .list(let element):
      if let key = loop.key {
        report(
          .wrongType, "`key` goes with a map, and this is \(type.phrase)", at: key.location,
          hint: "the number of a round is its `index`")
      }
      return elements(.dyn, element)
    case .dyn, .unavailable: return elements(.dyn, .dyn)
    case .map(let key, let value): return elements(key, value)
    case .object(let fields):
      return elements(.string, StaticType(joining: fields.values.map(\.withoutAttributes)))
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .attribute:
      report(
        .wrongType, "`for-each` needs a list or a map, not \(type.phrase)", at: items.location,
        hint: type == .int ? "`lists.range(n)` is the list of the numbers from 0 to n - 1" : nil)
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

extension ForEach {
  /// The place in a round.
  fileprivate func bind(
    _ elements: PlaybookChecker.Elements, in scope: NameScope
  ) -> NameScope {
    var inner = variable.map { scope.binding($0.value, elements.value) } ?? scope.bindingUnknown
    if let key { inner = inner.binding(key.value, elements.key) }
    if let index { inner = inner.binding(index.value, InferredValue(.int)) }
    return inner
  }
}
