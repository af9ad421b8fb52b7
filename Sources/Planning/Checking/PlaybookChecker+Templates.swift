import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Expressions: their types, and whether they are secret.
extension PlaybookChecker {
  /// The type of `template`; everything that is wrong inside it is reported.
  @discardableResult
  mutating func check(_ template: Template, in scope: NameScope) -> StaticType {
    checkNames(in: template, scope)
    let (type, diagnostics) = template.check(in: environment(of: template, in: scope))
    report(explained(diagnostics, of: template, in: scope))
    return type
  }

  /// The type of a part of a template that has been checked.
  func type(of template: Template, in scope: NameScope) -> StaticType {
    template.check(in: environment(of: template, in: scope)).type
  }

  /// Whether the value of `template` will be secret, as far as is known.
  ///
  /// Of records and lists of records, only the parts that the value is made of count.
  func isSecret(_ template: Template, in scope: NameScope) -> Bool {
    template.expressions.contains { expression in
      var holdsParts = false
      for reference in expression.references {
        let path = reference.path.map { Expression.Contribution.Part.field($0) }
        let taint = taint(of: reference.variable, path, at: reference.location, in: scope)
        if case .secret = taint { return true }
        holdsParts = holdsParts || taint.holdsSecret
      }
      return holdsParts
        && expression.contributions.contains {
          taint(of: $0.variable, $0.path, at: expression.location, in: scope).holdsSecret
        }
    }
  }

  /// Reports unless `condition` is true or false as far as is known.
  mutating func checkCondition(_ condition: Template, in scope: NameScope) {
    let type = check(condition, in: scope)
    guard !StaticType.bool.accepts(type) else { return }
    report(
      .wrongType, "a condition must be true or false, not \(type.phrase)",
      at: condition.location,
      hint: "compare it with something, such as `… == 'ready'`")
  }

  mutating func check(_ assertions: [Assertion], in scope: NameScope) {
    for assertion in assertions {
      checkCondition(assertion.condition, in: scope)
      if let message = assertion.message { check(message, in: scope) }
    }
  }

  /// Names and types, `steps` only as far as the template uses them: a file has many steps.
  private func environment(of template: Template, in scope: NameScope) -> TypeEnvironment {
    var environment = TypeEnvironment()
    guard !template.expressions.isEmpty else { return environment }
    for (name, inferred) in scope.names { environment[name] = inferred.type }
    environment["inputs"] = inputs(usedIn: template, scope)
    environment.words[InferredValue.outcome] = .outcomes
    environment.zones = zones
    bindSteps(usedIn: template, scope, in: &environment)
    return environment
  }

  private func bindSteps(
    usedIn template: Template, _ scope: NameScope, in environment: inout TypeEnvironment
  ) {
    var types: OrderedDictionary<String, StaticType> = [:]
    for reference in template.references(to: "steps") {
      let ids = reference.path.first.map { [$0] } ?? Array(facts.results.knownSteps)
      for id in ids {
        switch facts.results.use(of: id, at: reference.location, in: scope) {
        case .known(let result):
          types[id] = hasMisplacedField(reference, result) ? .dyn : result.type
          guard reference.path.count > 1 else { continue }
          // A list has no fields.
          for (name, type) in result.listAttributes where name == reference.path[1] {
            environment["steps.\(id).\(name)"] = type
          }
        case .refused(let reason): types[id] = .unavailable(reason)
        case .unknown: types[id] = .dyn
        }
      }
    }
    environment["steps"] = .object(types)
  }

  /// The inputs, with unknown ones, which are reported once, as anything.
  private func inputs(usedIn template: Template, _ scope: NameScope) -> StaticType {
    guard case .object(var types) = scope.names["inputs"]?.type else { return .dyn }
    for reference in template.references(to: "inputs") {
      if let name = reference.path.first, types[name] == nil { types[name] = .dyn }
    }
    return .object(types)
  }
}
