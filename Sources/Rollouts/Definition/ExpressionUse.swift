import Diagnostics
import Expressions
import Playbooks

/// What an expression of a rollout file is used for: which names it knows, and which types it may have.
enum ExpressionUse {
  /// It decides whether a tenant is selected.
  case condition
  /// It is the key by which tenants are sorted.
  case order
  /// It is a key of `lock`.
  case lock
  /// It decides on the next stage.
  case gate

  /// Everything that is wrong with `template`, which has the names of `environment`, else those that every
  /// rollout file has.
  func flaws(of template: Template, in environment: TypeEnvironment? = nil) -> [Diagnostic] {
    let (type, diagnostics) = template.check(in: environment ?? self.environment)
    guard diagnostics.isEmpty else { return diagnostics.map(withNames) }
    guard let (demand, hint) = objection(to: type) else { return [] }
    return [
      Diagnostic(
        .wrongType, "\(demand), not \(type.phrase)", at: template.location, hint: hint)
    ]
  }

  private var environment: TypeEnvironment {
    switch self {
    case .condition, .order, .lock: TenantFacts.environment
    case .gate: ["rollout": GateCondition.type]
    }
  }

  /// The diagnostic, which says what there is instead of an unknown name.
  private func withNames(_ diagnostic: Diagnostic) -> Diagnostic {
    guard diagnostic.code == .unknownName, diagnostic.hint == nil else { return diagnostic }
    var diagnostic = diagnostic
    diagnostic.hint =
      switch self {
      case .condition, .order, .lock:
        "the only name here is `tenant`, such as in `tenant.name` and `tenant.inputs.region`"
      case .gate: "the only name here is `rollout`, such as in `rollout.unchanged`"
      }
    return diagnostic
  }

  /// What the type should be, and what to do; nil when it may be right.
  private func objection(to type: StaticType) -> (demand: String, hint: String)? {
    switch self {
    case .condition, .gate:
      let example = self == .gate ? "`rollout.unchanged < 10`" : "`tenant.labels.region == 'eu'`"
      return StaticType.bool.accepts(type)
        ? nil : ("a condition must be true or false", "compare it with something: \(example)")
    case .order:
      return Self.canBeSorted(type)
        ? nil
        : ("`order` must be a string or a number", "choose a part of it, or its `size()`")
    case .lock:
      return Self.canBeKey(type)
        ? nil
        : (
          "a key of `lock` must be a string",
          "choose a part of it, or convert it with `string(…)`"
        )
    }
  }

  private static func canBeSorted(_ type: StaticType) -> Bool {
    switch type {
    case .dyn, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .attribute,
      .unavailable:
      true
    case .null, .type, .list, .map, .object: false
    }
  }

  private static func canBeKey(_ type: StaticType) -> Bool {
    switch type {
    case .dyn, .bool, .int, .uint, .string, .attribute, .unavailable: true
    case .null, .double, .bytes, .timestamp, .duration, .type, .list, .map, .object: false
    }
  }
}
