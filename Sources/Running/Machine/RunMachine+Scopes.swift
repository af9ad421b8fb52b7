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
      throw Failure(.expectation, error.message, location: error.location)
    }
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

  /// What a playbook hands back.
  func outputs(of playbook: PlannedPlaybook, in scope: ScopeID) throws(Failure) -> ValueMap {
    var outputs = ValueMap()
    for (name, output) in playbook.outputs {
      outputs[name] = try evaluate(output.value, in: scope)
    }
    return outputs
  }

  /// The first of `assertions` that does not hold, as a failure.
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

  private func message(
    of assertion: Assertion, in scope: ScopeID, binding more: [String: Value]
  ) throws(Failure) -> String {
    guard let template = assertion.message else {
      return "`\(assertion.condition.sourceText)` does not hold"
    }
    do throws(EvaluationError) {
      return scrubber.scrub(try template.shownText(with: bindings(in: scope, adding: more)))
    } catch {
      throw Failure(.expectation, error.message, location: error.location)
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

  /// Makes `value` known as `steps.id` to what follows in `scope`.
  mutating func publish(_ value: Value, as id: String, in scope: ScopeID) {
    scopes[scope]?.steps[id] = value
    scopes[scope]?.ownResults[id] = value
  }

  /// A scope inside `parent` that sees all of it, and `variables` besides.
  mutating func addInnerScope(of parent: ScopeID, variables: [String: Value]) -> ScopeID {
    var inner = scopes[parent] ?? Scope(inputs: ValueMap(), steps: ValueMap(), variables: [:])
    inner.variables.merge(variables) { $1 }
    inner.ownResults = ValueMap()
    return addScope(inner)
  }
}
