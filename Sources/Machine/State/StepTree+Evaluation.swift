import Diagnostics
import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Whether a condition is true.
enum Truth: Sendable, Hashable {
  case holds
  case fails
  /// It depends on what is not known before; only a plan has such conditions.
  case unknown(Unknown)
}

/// Expressions of steps.
extension StepTree {
  /// The value of `template` as the steps of `scope` see it; `more` names are bound on top.
  ///
  /// What depends on something unknown is itself unknown, whole or in part.
  func evaluate(
    _ template: Template, in scope: ScopeID, binding more: [String: Value] = [:]
  ) throws(Failure) -> Value {
    // A literal needs no names.
    if case .literal(let value, _, _) = template { return value }
    guard let scope = scopes[scope] else {
      return try evaluate(template, in: nil, with: Bindings(more, zones: zones))
    }
    return try evaluate(
      template, in: scope, with: bindings(for: template, of: scope, adding: more))
  }

  /// The same as the steps of `scope` would see it.
  func evaluate(_ template: Template, in scope: Scope) throws(Failure) -> Value {
    try evaluate(template, in: scope, with: bindings(for: template, of: scope))
  }

  private func evaluate(
    _ template: Template, in scope: Scope?, with bindings: Bindings
  ) throws(Failure) -> Value {
    try evaluateIfGiven(template, in: scope, with: bindings) ?? .null
  }

  /// The same for a field; nil where its value is an optional that holds nothing.
  private func evaluateIfGiven(
    _ template: Template, in scope: Scope?, with bindings: Bindings
  ) throws(Failure) -> Value? {
    do {
      return try template.evaluateIfGivenAllowingUnknown(with: bindings)
    } catch {
      throw failure(of: template, in: scope, error)
    }
  }

  /// Why `template` has no value; a step it uses that was skipped is the likely cause.
  func failure(
    of template: Template, in scope: Scope?, _ error: EvaluationError
  ) -> Failure {
    let names = template.expressions.flatMap(\.references).lazy.map(\.variable)
    if let flaw = names.compactMap({ scope?.flaws[$0] }).first { return flaw }
    let empty = scope?.finished.empty ?? [:]
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

  /// Whether a condition is true; anything but a boolean is a failure.
  func truth(
    of template: Template, in scope: ScopeID, binding more: [String: Value] = [:]
  ) throws(Failure) -> Truth {
    switch try evaluate(template, in: scope, binding: more).revealed {
    case .bool(let truth): return truth ? .holds : .fails
    case .unknown(let unknown): return .unknown(unknown)
    case .null, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type,
      .secret:
      throw Failure(
        .expectation, "the condition is neither true nor false", location: template.location)
    }
  }

  /// The arguments of a call or play as values, without those that are optionals that hold nothing.
  func evaluate(
    _ arguments: OrderedDictionary<String, Template>, in scope: ScopeID
  ) throws(Failure) -> ValueMap {
    let bindings = bindings(in: scope)
    let scope = scopes[scope]
    var values = ValueMap()
    for (name, template) in arguments {
      if case .literal(let value, _, _) = template {
        values[name] = value.withoutAttributes
      } else {
        values[name] = try evaluateIfGiven(
          template, in: scope,
          with: bindings.adding(scope.map { listAttributesUsed(in: template, of: $0) } ?? [:])
        )?.withoutAttributes
      }
    }
    return values
  }

  /// The inputs of a playbook that is played, complete and of the declared types.
  func inputs(
    of playbook: PlannedPlaybook, _ arguments: OrderedDictionary<String, Template>,
    in scope: ScopeID
  ) throws(Failure) -> ValueMap {
    var inputs = try evaluate(arguments, in: scope)
    try playbook.complete(&inputs)
    return inputs
  }

  /// The elements that a `for-each` goes through.
  func elements(
    of items: Template, in scope: ScopeID, within settings: RunSettings
  ) throws(Failure) -> LoopElements {
    guard let elements = LoopElements(of: try evaluate(items, in: scope)) else {
      throw Failure(.expectation, "`for-each` needs a list or a map", location: items.location)
    }
    guard elements.count <= settings.steps.iterationLimit else {
      let kind = elements.keys == nil ? "list" : "map"
      throw Failure(
        .expectation,
        "the \(kind) has \(elements.count) elements; at most \(settings.steps.iterationLimit)",
        location: items.location)
    }
    return elements
  }
}

/// Sessions of steps.
extension StepTree {
  /// The login name of the session of the step in progress at `path`; nil where it has none, or that of
  /// an application, or where it cannot be evaluated.
  func username(ofStepAt path: StepPath) -> String? {
    guard let id = id(of: path), let node = nodes[id], let step = step(id)?.step else { return nil }
    guard let (credentials, scope) = credentials(for: step.modifiers.session, in: node.scope),
      case .profile(let username, _) = credentials.kind
    else { return nil }
    return (try? evaluate(username, in: scope))?.revealed.text
  }
}

/// Outputs of playbooks.
extension StepTree {
  /// What a playbook returns.
  func outputs(of playbook: PlannedPlaybook, in scope: ScopeID) throws(Failure) -> ValueMap {
    var outputs = ValueMap()
    for (name, output) in playbook.outputs {
      outputs[name] = try evaluate(output.value, in: scope).withoutAttributes
    }
    return outputs
  }
}

/// Conditions with messages.
extension StepTree {
  /// Throws the first of `assertions` that is false, with the values that make it so; one that is not
  /// known yet is passed over.
  func firstBroken(
    _ assertions: [Assertion], in scope: ScopeID, binding more: [String: Value] = [:],
    hiding secrets: SecretScrubber
  ) throws(Failure) {
    for assertion in assertions {
      guard try truth(of: assertion.condition, in: scope, binding: more) == .fails else {
        continue
      }
      throw Failure(
        .expectation, try message(of: assertion, in: scope, binding: more, hiding: secrets),
        location: assertion.location)
    }
  }

  /// Whether it is known of each of `assertions` whether it is true.
  func areKnown(_ assertions: [Assertion], in scope: ScopeID) throws(Failure) -> Bool {
    for assertion in assertions {
      if case .unknown = try truth(of: assertion.condition, in: scope) { return false }
    }
    return true
  }

  /// The values that make `condition` false, as a message may show them.
  func comparedValues(
    of condition: Template, in scope: ScopeID, binding more: [String: Value],
    hiding secrets: SecretScrubber
  ) -> String? {
    condition.comparedValues(with: bindings(for: condition, in: scope, adding: more)).map {
      secrets.scrub($0)
    }
  }

  private func message(
    of assertion: Assertion, in scope: ScopeID, binding more: [String: Value],
    hiding secrets: SecretScrubber
  ) throws(Failure) -> String {
    let values = comparedValues(
      of: assertion.condition, in: scope, binding: more, hiding: secrets)
    guard let template = assertion.message else {
      return "`\(assertion.condition.sourceText)` is false" + (values.map { ": \($0)" } ?? "")
    }
    do throws(EvaluationError) {
      let text = try template.shownText(with: bindings(for: template, in: scope, adding: more))
      return secrets.scrub(text) + (values.map { " (\($0))" } ?? "")
    } catch {
      throw failure(of: template, in: scopes[scope], error)
    }
  }
}

extension Template {
  /// The template as a person wrote it, for messages.
  var sourceText: String {
    switch self {
    case .expression(let expression): expression.source
    case .literal(let value, _, let written): written ?? value.displayText
    case .text, .list, .map: "the condition"
    }
  }
}

extension Outcome {
  /// How a step ended that gives nothing.
  fileprivate var phrase: String {
    switch self {
    case .succeeded, .unchanged: "succeeded"
    case .skipped: "was skipped"
    case .tolerated: "failed, which was tolerated"
    case .failed: "failed"
    case .cancelled: "was cancelled"
    case .inDoubt: "ended in doubt"
    }
  }
}
