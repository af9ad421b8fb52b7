package import Expressions
package import OrderedCollections
import Planning
import Playbooks
package import Tenants

/// What is known of a tenant before anything runs, as expressions of a rollout file see it.
package struct TenantFacts: Sendable, Hashable {
  /// The name, which is unique in the tenants file.
  package var name: String
  /// The labels by name, in the order of the tenants file.
  package var labels: OrderedDictionary<String, String>
  /// The values of the inputs that are neither secret nor a file: those of the tenant, else the shared
  /// ones and the defaults.
  package var inputs: ValueMap

  /// The facts of the tenant `name`; `inputs` must hold no secret.
  package init(
    name: String, labels: OrderedDictionary<String, String> = [:], inputs: ValueMap = ValueMap()
  ) {
    self.name = name
    self.labels = labels
    self.inputs = inputs
  }

  /// The facts of `tenant`, whose inputs `binder` reads.
  package init(_ tenant: Tenant, _ binder: TenantBinder) {
    let labels = tenant.labels.map { ($0.name, $0.value) }
    self.init(
      name: tenant.name, labels: OrderedDictionary(labels, uniquingKeysWith: { $1 }),
      inputs: binder.inputs(of: tenant))
  }

  /// The tenant as the variable `tenant`.
  package var bindings: Bindings {
    var named = ValueMap()
    for (label, value) in labels { named[label] = .string(value) }
    return ["tenant": ["name": .string(name), "labels": .map(named), "inputs": .map(inputs)]]
  }
}

extension TenantFacts {
  /// The type of the variable `tenant`, before it is known which inputs there are.
  static let environment = environment(inputs: .map(key: .string, value: .dyn))

  /// The type of the variable `tenant` for tenants of `playbook`.
  static func environment(of playbook: PlannedPlaybook) -> TypeEnvironment {
    var inputs: OrderedDictionary<String, StaticType> = [:]
    for (name, declaration) in playbook.inputs {
      if declaration.type.holdsSecret || playbook.hiddenInputs.contains(where: { $0.name == name })
      {
        inputs[name] = .unavailable("the input `\(name)` is secret, and secrets are not read here")
      } else if declaration.type.holdsFile {
        inputs[name] = .unavailable("the input `\(name)` is a file, and files are not read here")
      } else {
        inputs[name] = declaration.type.staticType
      }
    }
    return environment(inputs: .object(inputs))
  }

  private static func environment(inputs: StaticType) -> TypeEnvironment {
    [
      "tenant": .object([
        "name": .string, "labels": .map(key: .string, value: .string), "inputs": inputs,
      ])
    ]
  }
}
