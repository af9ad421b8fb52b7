import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Expressions, and what they may refer to.
extension Checker {
  /// The type of `template`; everything that is wrong inside it is reported.
  @discardableResult
  mutating func check(_ template: Template, in scope: NameScope) -> StaticType {
    reportUnknown(in: template, scope)
    noteInputs(of: template, scope)
    let (type, findings) = template.check(in: environment(of: template, in: scope))
    report(findings)
    return type
  }

  /// The type of a part of a template that has been checked.
  func type(of template: Template, in scope: NameScope) -> StaticType {
    template.check(in: environment(of: template, in: scope)).type
  }

  /// Whether the value of `template` will be secret, as far as is known.
  func isSecret(_ template: Template, in scope: NameScope) -> Bool {
    template.expressions.contains { expression in
      expression.references.contains { reference in
        if reference.variable == "steps" {
          let steps = reference.path.first.flatMap { scope.steps[$0] }
          return steps?.secrecy.following(reference.path.dropFirst()).holdsSecret ?? false
        }
        return scope.names[reference.variable]?.secrecy.following(reference.path).holdsSecret
          ?? false
      }
    }
  }

  /// Reports unless `condition` is true or false as far as is known.
  mutating func checkCondition(_ condition: Template, in scope: NameScope) {
    let type = check(condition, in: scope)
    guard !StaticType.bool.accepts(type) else { return }
    report(
      "wrong-type", "a condition must be true or false, not \(type.phrase)",
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
    for (name, knowledge) in scope.names { environment[name] = knowledge.type }
    environment["inputs"] = inputs(usedIn: template, scope)
    environment["steps"] = steps(usedIn: template, scope)
    return environment
  }

  private func steps(usedIn template: Template, _ scope: NameScope) -> StaticType {
    let references = template.references(to: "steps")
    var types: OrderedDictionary<String, StaticType> = [:]
    for reference in references {
      let location = reference.location
      let ids = reference.path.first.map { [$0] } ?? Array(scope.knownSteps)
      for id in ids {
        types[id] =
          scope.steps[id]?.type
          ?? scope.refusal(of: id, at: location).map { .unavailable($0) } ?? .dyn
      }
    }
    return .object(types)
  }

  /// The inputs, with unknown ones, which are reported once, as anything.
  private func inputs(usedIn template: Template, _ scope: NameScope) -> StaticType {
    guard case .object(var types) = scope.names["inputs"]?.type else { return .dyn }
    for reference in template.references(to: "inputs") {
      if let name = reference.path.first, types[name] == nil { types[name] = .dyn }
    }
    return .object(types)
  }

  private mutating func reportUnknown(in template: Template, _ scope: NameScope) {
    for reference in template.references(to: "steps") {
      guard let id = reference.path.first, !scope.knownSteps.contains(id) else { continue }
      report(
        "unknown-step", "there is no step `\(id)`", at: reference.nameLocation,
        hint: didYouMean(id, among: scope.knownSteps) ?? "give the step an `id` to use its result")
    }
    let inputs = Self.names(of: scope.names["inputs"])
    for reference in template.references(to: "inputs") {
      guard let name = reference.path.first, !inputs.contains(name) else { continue }
      report(
        "unknown-input", "there is no input `\(name)`", at: reference.nameLocation,
        hint: didYouMean(name, among: inputs) ?? "declare it under `inputs`")
    }
  }

  private mutating func noteInputs(of template: Template, _ scope: NameScope) {
    for reference in template.references(to: "inputs") {
      if let name = reference.path.first {
        facts.usedInputs.insert(name)
      } else {
        facts.usedInputs.formUnion(Self.names(of: scope.names["inputs"]))
      }
    }
  }

  private static func names(of knowledge: Knowledge?) -> OrderedSet<String> {
    guard case .object(let fields) = knowledge?.type else { return [] }
    return fields.keys
  }
}

extension Expression.Reference {
  /// Where the first field stands, when the reference is written with dots; else the whole of it.
  fileprivate var nameLocation: SourceLocation {
    let dotted = ([variable] + path).joined(separator: ".")
    guard let name = path.first, location.length == dotted.unicodeScalars.count else {
      return location
    }
    return location.advanced(
      by: variable.unicodeScalars.count + 1, length: name.unicodeScalars.count)
  }
}
