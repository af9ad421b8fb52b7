import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// Steps, in order.
extension PlaybookChecker {
  /// The steps of a plan, or nil when one of them can be none.
  mutating func check(_ steps: [Step], in scope: NameScope) -> [PlannedStep]? {
    var planned: [PlannedStep] = []
    for (index, step) in steps.enumerated() {
      if let step = check(step, number: index + 1, in: scope) { planned.append(step) }
    }
    return planned.count == steps.count ? planned : nil
  }

  /// The same for the steps of a playbook, after some of which more values are known, by the index of the step;
  /// `scope` is that of its outputs then.
  mutating func check(
    _ steps: [Step], binding localsAfter: [Int: OrderedDictionary<String, LocalValue>],
    in scope: inout NameScope
  ) -> [PlannedStep]? {
    var planned: [PlannedStep] = []
    for (index, step) in steps.enumerated() {
      let locals = localsAfter[index] ?? [:]
      if var step = check(step, number: index + 1, in: scope) {
        step.localsAfter = locals
        planned.append(step)
      }
      scope = bind(locals, in: scope)
    }
    return planned.count == steps.count ? planned : nil
  }

  mutating func check(_ step: Step, number: Int, in scope: NameScope) -> PlannedStep? {
    facts.stepCount += 1
    let changingSteps = facts.changingSteps
    let bound = bind(step.modifiers.locals, in: scope.inside(step.id))
    if let condition = step.modifiers.when { checkCondition(condition, in: bound) }
    checkSession(of: step, in: bound)
    checkSettings(of: step, in: bound)
    let here = (step.modifiers.when.map { bound.given($0) } ?? bound)
      .inside(step.modifiers.session)
    checkInDoubt(of: step)
    checkEnsure(of: step)
    checkRefusals(of: step)
    for part in step.remains { check(part, in: here) }
    let work = check(step.kind, of: step, in: here)
    checkExpect(of: step, answer: work.result, in: here)
    let result = work.result.notingOutcome
    facts.results.publish(step.id, result)
    if let id = step.id, !step.modifiers.tolerate.isEmpty { facts.tolerating.insert(id) }
    // What the rounds gave is known to the steps that follow a failure.
    let after = step.kind.keepsResults ? here.outside(step.id) : here
    let modifiers = plan(step.modifiers, of: step, in: after)
    reportUnused(step.modifiers.locals)
    if facts.changingSteps > changingSteps {
      facts.results.publish(step.id, result.notingChanges)
    }
    guard let kind = work.kind, let modifiers else { return nil }
    return PlannedStep(
      id: step.id ?? "step-\(number)",
      title: step.name?.writtenText ?? step.id ?? step.kind.title,
      name: step.name.flatMap { $0.isLiteral ? nil : $0 }, kind: kind, modifiers: modifiers,
      location: step.location)
  }

  /// What checking the kind of a step yields.
  struct CheckedWork {
    /// Nil when it can be no part of a plan.
    var kind: PlannedStep.Kind?
    /// What the step hands on.
    var result: InferredValue
  }

  private mutating func check(
    _ kind: Step.Kind, of step: Step, in scope: NameScope
  ) -> CheckedWork {
    switch kind {
    case .call(let call):
      let (planned, result) = check(call, of: step, in: scope)
      if api.operations[call.operation.value]?.mayChange ?? false { facts.changingSteps += 1 }
      return CheckedWork(kind: planned.map { .call($0) }, result: result)
    case .play(let play): return check(play, in: scope)
    case .forEach(let loop): return check(loop, at: step.location, in: scope)
    case .parallel(let branches): return check(branches, at: step.location, in: scope)
    case .block(let steps):
      return CheckedWork(kind: check(steps, in: scope).map { .block($0) }, result: .empty)
    case .assert(let assertions):
      check(assertions, in: scope)
      return CheckedWork(kind: .assert(assertions), result: .empty)
    case .wait(.duration(let duration)):
      return CheckedWork(kind: .wait(duration.value), result: .empty)
    case .approve(let approve): return check(approve, at: step.location, in: scope)
    case .wait(.until(let condition, let read, let every)):
      return check(read, until: condition, every: every, of: step, in: scope)
    case .unreadable: return CheckedWork(kind: nil, result: .nothing)
    }
  }

  private mutating func check(
    _ read: Call?, until condition: Template?, every: Setting<Duration>?, of step: Step,
    in scope: NameScope
  ) -> CheckedWork {
    let (planned, result) = read.map { check($0, of: step, in: scope) } ?? (nil, .nothing)
    if let condition { checkCondition(condition, in: scope.binding("answer", result)) }
    guard let read, let planned, let condition else {
      return CheckedWork(kind: nil, result: result)
    }
    let planRead = plannedRead(planned, at: read.operation.location)
    return CheckedWork(
      kind: planRead.map { .waitUntil(condition: condition, read: $0, every: every) },
      result: result)
  }

  /// `rescue` and `always` see what the step's own steps left, if they came that far.
  private mutating func plan(
    _ modifiers: Modifiers, of step: Step, in scope: NameScope
  ) -> PlannedModifiers? {
    let rescued = scope.inside(StepIndex.Enclosure(kind: .rescue, step: step.location))
    let final = scope.inside(StepIndex.Enclosure(kind: .always, step: step.location))
    let rescue = check(modifiers.rescue, in: rescued.binding("error", .error))
    let always = check(modifiers.always, in: final)
    let undo = checkUndo(of: step, in: scope)
    guard let rescue, let always, (undo == nil) == (modifiers.undo == nil) else { return nil }
    return PlannedModifiers(
      locals: modifiers.locals, when: modifiers.when, timeout: modifiers.timeout?.value,
      retry: modifiers.retry, session: modifiers.session, inDoubt: modifiers.inDoubt?.value,
      ensure: modifiers.ensure?.ensurance, tolerate: modifiers.tolerate.map(\.value),
      expect: modifiers.expect, rescue: rescue, always: always, undo: undo)
  }

  /// `in-doubt` says something only of requests that must not be repeated.
  private mutating func checkInDoubt(of step: Step) {
    guard let choice = step.modifiers.inDoubt else { return }
    guard case .call(let call) = step.kind else {
      if case .unreadable = step.kind { return }
      return report(
        .misplacedKey, "`in-doubt` belongs to a step that calls an operation",
        at: choice.location, hint: step.kind.hint(without: "in-doubt"))
    }
    let name = call.operation.value
    let isRepeatable = api.operations[name].map { $0.repetition.isRepeatable } ?? false
    guard isRepeatable || LocalAction(rawValue: name) != nil else { return }
    report([
      Diagnostic(
        .needlessKey, "`\(name)` is never in doubt: a repeat of it does no harm",
        at: choice.location, hint: "leave `in-doubt` out", severity: .warning)
    ])
  }

  private mutating func checkExpect(of step: Step, answer: InferredValue, in scope: NameScope) {
    guard let first = step.modifiers.expect.first else { return }
    guard step.kind.hasAnswer else {
      return report(
        .noAnswer, "`expect` needs an answer, and this step has none", at: first.location,
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
    case .forEach(let loop): "for each \(loop.variable?.value ?? "element")"
    case .parallel: "parallel"
    case .block: "steps"
    case .assert: "assert"
    case .approve: "approve"
    case .wait(.duration), .wait(.until(_, nil, _)): "wait"
    case .wait(.until(_, let read?, _)): "wait on \(read.operation.value)"
    case .unreadable: "unreadable"
    }
  }

  /// Whether its result is there although it failed.
  fileprivate var keepsResults: Bool {
    switch self {
    case .forEach(let loop): loop.onFailure == .continue
    case .call, .play, .parallel, .block, .assert, .wait, .approve, .unreadable: false
    }
  }

  fileprivate var hasAnswer: Bool {
    switch self {
    case .call, .wait(.until), .unreadable: true
    case .play, .forEach, .parallel, .block, .assert, .approve, .wait(.duration): false
    }
  }
}
