import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Steps, in order.
extension Checker {
  mutating func check(_ steps: [Step], in scope: inout NameScope) -> [PlannedStep] {
    var planned: [PlannedStep] = []
    for (index, step) in steps.enumerated() {
      planned.append(check(step, number: index + 1, in: &scope))
    }
    return planned
  }

  private mutating func check(
    _ step: Step, number: Int, in scope: inout NameScope
  ) -> PlannedStep {
    facts.stepCount += 1
    let here = scope.inside(step.id)
    if let condition = step.modifiers.when { checkCondition(condition, in: here) }
    checkSession(of: step, in: here)
    let work = check(step.kind, of: step, in: here)
    checkExpect(of: step, answer: work.result, in: here)
    var visible = here
    visible.adopt(work.inner)
    let modifiers = plan(step.modifiers, in: visible)
    scope.adopt(work.inner)
    scope.publish(step.id, work.result)
    return PlannedStep(
      id: step.id ?? "step-\(number)", title: step.name ?? step.id ?? step.kind.title,
      kind: work.kind, modifiers: modifiers, location: step.location)
  }

  /// What checking the kind of a step yields.
  struct CheckedWork {
    var kind: PlannedStep.Kind
    /// What the step hands on.
    var result: Knowledge
    /// Where its own steps end; those visible there are visible to what follows.
    var inner: NameScope
  }

  private mutating func check(
    _ kind: Step.Kind, of step: Step, in scope: NameScope
  ) -> CheckedWork {
    switch kind {
    case .call(let call):
      let (planned, result) = check(call, of: step, in: scope)
      return CheckedWork(kind: .call(planned), result: result, inner: scope)
    case .play(let play): return check(play, in: scope)
    case .forEach(let loop): return check(loop, in: scope)
    case .parallel(let branches): return check(branches, at: step.location, in: scope)
    case .block(let steps):
      var inner = scope
      let planned = check(steps, in: &inner)
      return CheckedWork(kind: .block(planned), result: .empty, inner: inner)
    case .assert(let assertions):
      check(assertions, in: scope)
      return CheckedWork(kind: .assert(assertions), result: .empty, inner: scope)
    case .wait(.duration(let duration)):
      return CheckedWork(kind: .wait(duration.value), result: .empty, inner: scope)
    case .wait(.until(let condition, let read, let every)):
      let (planned, result) = check(read, of: step, in: scope)
      checkCondition(condition, in: scope.binding("answer", result))
      checkIsRead(planned, at: read.operation.location)
      return CheckedWork(
        kind: .waitUntil(condition: condition, read: planned, every: every), result: result,
        inner: scope)
    }
  }

  /// `rescue` and `always` see what the step's own steps left, if they came that far.
  private mutating func plan(_ modifiers: Modifiers, in scope: NameScope) -> PlannedModifiers {
    var rescue = scope.binding("error", .error)
    var always = scope
    return PlannedModifiers(
      when: modifiers.when, timeout: modifiers.timeout?.value, retry: modifiers.retry,
      session: modifiers.session, expect: modifiers.expect,
      rescue: check(modifiers.rescue, in: &rescue), always: check(modifiers.always, in: &always))
  }

  private mutating func checkExpect(of step: Step, answer: Knowledge, in scope: NameScope) {
    guard let first = step.modifiers.expect.first else { return }
    guard step.kind.hasAnswer else {
      return report(
        "no-answer", "`expect` needs an answer, and this step has none", at: first.location,
        hint: "use `expect` on a call, or an `assert` step after this one")
    }
    check(step.modifiers.expect, in: scope.binding("answer", answer))
  }
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
