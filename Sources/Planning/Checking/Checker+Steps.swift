import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// Steps, in order.
extension Checker {
  mutating func check(_ steps: [Step], in scope: inout CheckScope) -> [PlannedStep] {
    var planned: [PlannedStep] = []
    for (index, step) in steps.enumerated() {
      planned.append(check(step, number: index + 1, in: &scope))
    }
    return planned
  }

  private mutating func check(
    _ step: Step, number: Int, in scope: inout CheckScope
  ) -> PlannedStep {
    let outer = scope.inside(step.id)
    var inner = outer
    if let condition = step.modifiers.when { checkCondition(condition, in: outer) }
    let (kind, type) = check(step.kind, of: step, in: &inner)
    let modifiers = check(step, in: outer, answer: type)
    switch step.kind {
    case .forEach, .play: scope.hide(inner)
    case .block, .parallel, .call, .assert, .wait: scope.adopt(inner)
    }
    scope.publish(step.id, type)
    return PlannedStep(
      id: step.id ?? "step-\(number)", title: step.name ?? step.id ?? step.kind.title, kind: kind,
      modifiers: modifiers, location: step.location)
  }

  private mutating func check(
    _ kind: Step.Kind, of step: Step, in scope: inout CheckScope
  ) -> (PlannedStep.Kind, StaticType) {
    switch kind {
    case .call(let call):
      let (planned, type) = check(call, of: step, in: scope)
      return (.call(planned), type)
    case .play(let play):
      return check(play, in: scope)
    case .forEach(let loop):
      return check(loop, in: &scope)
    case .parallel(let branches):
      return (.parallel(check(branches, in: &scope)), .object([:]))
    case .block(let steps):
      return (.block(check(steps, in: &scope)), .object([:]))
    case .assert(let assertions):
      checkAssertions(assertions, in: scope)
      return (.assert(assertions), .object([:]))
    case .wait(.duration(let duration)):
      return (.wait(duration.value), .object([:]))
    case .wait(.until(let condition, let read, let every)):
      let (planned, type) = check(read, of: step, in: scope)
      checkCondition(condition, in: scope, binding: ["answer": type])
      checkIsRead(planned, at: read.operation.location)
      return (.waitUntil(condition: condition, read: planned, every: every), type)
    }
  }

  private mutating func checkIsRead(_ call: PlannedCall, at location: SourceLocation) {
    guard case .operation(let operation) = call.target, operation.repetition == .safe else {
      return report(
        "not-a-read", "`until` repeats a read, and this is none", at: location,
        hint: "call the operation in a step of its own and wait for what it changes")
    }
  }

  private mutating func check(
    _ loop: ForEach, in scope: inout CheckScope
  ) -> (PlannedStep.Kind, StaticType) {
    let items = check(loop.items, in: scope)
    let element: StaticType
    switch items {
    case .list(let type): element = type
    case .dyn, .unavailable: element = .dyn
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .map,
      .object:
      element = .dyn
      report(
        "wrong-type", "`for-each` needs a list, not \(items.description)",
        at: loop.items.location)
    }
    let outer = scope
    var body = scope.binding(loop.variable.value, element)
    let steps = check(loop.steps, in: &body)
    scope.hide(body)
    let kind = PlannedStep.Kind.forEach(
      items: loop.items, variable: loop.variable.value, concurrency: loop.concurrency,
      steps: steps)
    return (kind, .list(.object(body.added(to: outer))))
  }

  private mutating func check(
    _ branches: OrderedDictionary<String, Branch>, in scope: inout CheckScope
  ) -> [PlannedBranch] {
    let outer = scope
    return branches.map { name, branch in
      var inner = outer
      let steps = check(branch.steps, in: &inner)
      scope.adopt(inner)
      return PlannedBranch(name: name, steps: steps)
    }
  }

  private mutating func check(
    _ step: Step, in scope: CheckScope, answer: StaticType
  ) -> PlannedModifiers {
    let modifiers = step.modifiers
    if case .own(let credentials) = modifiers.session { check(credentials, in: scope) }
    if !modifiers.expect.isEmpty, !step.kind.hasAnswer {
      report(
        "no-answer", "`expect` needs an answer, and this step has none",
        at: modifiers.expect[0].location, hint: "use an `assert` step")
    }
    checkAssertions(modifiers.expect, in: scope, binding: ["answer": answer])
    var rescue = scope.binding("error", .errorVariable)
    var always = scope
    let planned = PlannedModifiers(
      when: modifiers.when, timeout: modifiers.timeout?.value, retry: modifiers.retry,
      session: modifiers.session, expect: modifiers.expect,
      rescue: check(modifiers.rescue, in: &rescue), always: check(modifiers.always, in: &always))
    return planned
  }
}

extension StaticType {
  /// What `rescue` steps know as `error`.
  fileprivate static let errorVariable = StaticType.object([
    "class": .string, "message": .string, "status": .dyn, "step": .string, "answer": .dyn,
  ])
}

extension Step.Kind {
  /// What a step without name and id is called.
  fileprivate var title: String {
    switch self {
    case .call(let call): call.operation.value
    case .play(let play): play.path.value
    case .forEach(let loop): "for each \(loop.variable.value)"
    case .parallel: "parallel"
    case .block: "steps"
    case .assert: "assert"
    case .wait(.duration): "wait"
    case .wait(.until(_, let read, _)): "wait on \(read.operation.value)"
    }
  }

  fileprivate var hasAnswer: Bool {
    switch self {
    case .call, .wait(.until): true
    case .play, .forEach, .parallel, .block, .assert, .wait(.duration): false
    }
  }
}
