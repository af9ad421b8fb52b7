import Operations
import Diagnostics
import Events
import Expressions
import OrderedCollections
import Playbooks
import Planning

extension RunMachine {
  /// The value of `template` as the steps of `scope` see it; `more` names are bound on top.
  func evaluate(
    _ template: Template, in scope: ScopeID, binding more: [String: Value] = [:]
  ) throws(Failure) -> Value {
    do {
      return try template.evaluate(with: bindings(in: scope, adding: more))
    } catch {
      throw failure(of: template, in: scope, error)
    }
  }

  /// Why `template` has no value; a step it uses that was skipped is the likely cause.
  private func failure(
    of template: Template, in scope: ScopeID, _ error: EvaluationError
  ) -> Failure {
    let empty = scopes[scope]?.emptySteps ?? [:]
    let cause = template.references(to: "steps").lazy
      .filter { $0.path.count > 1 && $0.location.line == error.location.line }
      .compactMap { reference in
        reference.path.first.flatMap { id in empty[id].map { (id, $0) } }
      }.first
    let hint = cause.map { id, outcome in
      "the step `\(id)` \(outcome.phrase), so `steps.\(id)` holds nothing"
    }
    return Failure(
      .expectation, error.message, hint: hint ?? error.hint, location: error.location)
  }

  /// Whether a condition holds; anything but a boolean is a failure.
  func holds(
    _ template: Template, in scope: ScopeID, binding more: [String: Value] = [:]
  ) throws(Failure) -> Bool {
    switch try evaluate(template, in: scope, binding: more).revealed {
    case .bool(let truth): return truth
    case .null, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type,
      .secret:
      throw Failure(
        .expectation, "the condition is neither true nor false", location: template.location)
    }
  }

  /// The arguments of a call or play as values.
  func evaluate(
    _ arguments: OrderedDictionary<String, Template>, in scope: ScopeID
  ) throws(Failure) -> ValueMap {
    var values = ValueMap()
    for (name, template) in arguments {
      values[name] = try evaluate(template, in: scope)
    }
    return values
  }

  /// What of a playbook's outputs is there although it did not end well: those whose values can be
  /// computed without a step that did not succeed.
  func availableOutputs(of playbook: PlannedPlaybook, in scope: ScopeID) -> ValueMap {
    let missing = (scopes[scope]?.emptySteps ?? [:]).filter { !$0.value.allowsContinuation }
    var outputs = ValueMap()
    for (name, output) in playbook.outputs {
      let steps = output.value.references(to: "steps")
      let needsMissing = steps.contains { reference in
        reference.path.first.map { missing[$0] != nil } ?? !missing.isEmpty
      }
      // What rests on nothing of the run would claim what it did not reach, such as `done: true`.
      let claims = steps.isEmpty && output.value.references(to: "run").isEmpty
      guard !claims, !needsMissing, let value = try? evaluate(output.value, in: scope) else {
        continue
      }
      outputs[name] = value
    }
    return outputs
  }

  /// What a playbook hands back.
  func outputs(of playbook: PlannedPlaybook, in scope: ScopeID) throws(Failure) -> ValueMap {
    var outputs = ValueMap()
    for (name, output) in playbook.outputs {
      outputs[name] = try evaluate(output.value, in: scope)
    }
    return outputs
  }

  /// Throws the first of `assertions` that is false, with the values that make it so.
  func firstBroken(
    _ assertions: [Assertion], in scope: ScopeID, binding more: [String: Value] = [:]
  ) throws(Failure) {
    for assertion in assertions {
      guard try !holds(assertion.condition, in: scope, binding: more) else { continue }
      throw Failure(
        .expectation, try message(of: assertion, in: scope, binding: more),
        location: assertion.location)
    }
  }

  /// The values that make `condition` false, as a message may show them.
  func comparedValues(
    of condition: Template, in scope: ScopeID, binding more: [String: Value]
  ) -> String? {
    condition.comparedValues(with: bindings(in: scope, adding: more)).map { scrubber.scrub($0) }
  }

  private func message(
    of assertion: Assertion, in scope: ScopeID, binding more: [String: Value]
  ) throws(Failure) -> String {
    guard let template = assertion.message else {
      let values = comparedValues(of: assertion.condition, in: scope, binding: more)
      return "`\(assertion.condition.sourceText)` is false" + (values.map { ": \($0)" } ?? "")
    }
    do throws(EvaluationError) {
      let text = scrubber.scrub(try template.shownText(with: bindings(in: scope, adding: more)))
      let values = comparedValues(of: assertion.condition, in: scope, binding: more)
      return text + (values.map { " (\($0))" } ?? "")
    } catch {
      throw failure(of: template, in: scope, error)
    }
  }

  private func bindings(in scope: ScopeID, adding more: [String: Value]) -> Bindings {
    guard let scope = scopes[scope] else { return Bindings(more) }
    var names = scope.variables
    names["inputs"] = .map(scope.inputs)
    names["steps"] = .map(scope.steps)
    names["run"] = runVariable
    return Bindings(names.merging(more) { $1 })
  }

  private var runVariable: Value {
    guard let start = state.start else { return [:] }
    let (seconds, nanoseconds) = state.startedAt.nanoseconds.quotientAndRemainder(
      dividingBy: 1_000_000_000)
    return [
      "id": .string(start.run.text),
      "name": .string(start.playbook),
      "startedAt": .timestamp(
        Timestamp(seconds: seconds, nanoseconds: Int32(nanoseconds))),
    ]
  }

  /// Makes the result of a step known as `steps.id` to what follows in `scope`.
  mutating func publish(_ result: StepResult, as id: String, in scope: ScopeID) {
    scopes[scope]?.steps[id] = result.value
    scopes[scope]?.ownResults[id] = result.value
    switch result.outcome {
    case .skipped, .tolerated, .failed, .cancelled, .inDoubt:
      scopes[scope]?.emptySteps[id] = result.value == [:] ? result.outcome : nil
    case .succeeded, .unchanged: scopes[scope]?.emptySteps[id] = nil
    }
  }

  /// A scope inside `parent` that sees all of it, and `variables` besides.
  mutating func addInnerScope(of parent: ScopeID, variables: [String: Value]) -> ScopeID {
    var inner = scopes[parent] ?? Scope(inputs: ValueMap(), steps: ValueMap(), variables: [:])
    inner.variables.merge(variables) { $1 }
    inner.ownResults = ValueMap()
    return addScope(inner)
  }
}

extension Outcome {
  /// How a step ended that gives nothing.
  fileprivate var phrase: String {
    switch self {
    case .succeeded, .unchanged: "succeeded"
    case .skipped: "was skipped"
    case .tolerated: "failed and was rescued"
    case .failed: "failed"
    case .cancelled: "was cancelled"
    case .inDoubt: "ended in doubt"
    }
  }
}
