import Diagnostics
import Expressions
import OrderedCollections
import Planning
import Playbooks
import Rollouts
import Tenants
import Testing

/// What expressions see of a tenant.
struct TenantFactsTests {
  private static let place = SourceLocation(file: "tenants.csv", line: 2, column: 1)

  private static func tenant(_ cells: [(name: String, text: String)]) -> Tenant {
    Tenant(
      name: "acme", labels: [RunLabelText(name: "wave", value: "1")],
      cells: cells.map { TenantCell($0.name, InputCell($0.text, .plain, at: place)) },
      location: place)
  }

  /// A binder of the sample playbook with the shared inputs of a rollout file.
  private static func binder(_ inputs: String) throws -> TenantBinder {
    let text = "rollout: 1\nplaybook: a.yaml\ntenants: b.csv\ninputs: \(inputs)\n"
    let rollout = try RolloutFile.read(Array(text.utf8), file: "r.yaml")
    var shared = ProvidedInputs()
    shared.take(rollout.inputs)
    return TenantBinder(
      playbook: SamplePlaybook.tenant, shared: shared, sources: SamplePlaybook.sources,
      commands: rollout.commands)
  }

  @Test func `the facts of a tenant are its cells and what is shared`() throws {
    let binder = try Self.binder("{ region: eu, quota: 10, password: \"env:PASSWORD\" }")
    let tenant = Self.tenant([("quota", "30"), ("stores", "[\"a\"]"), ("pin", "1234")])
    #expect(
      TenantFacts(tenant, binder)
        == TenantFacts(
          name: "acme", labels: ["wave": "1"],
          inputs: ["region": "eu", "quota": 30, "stores": ["a"]]))
  }

  @Test func `an expression sees the facts of a tenant`() throws {
    let binder = try Self.binder("{ region: eu }")
    let facts = TenantFacts(Self.tenant([("quota", "30")]), binder)
    let source = "[tenant.name, tenant.labels.wave, tenant.inputs.region, tenant.inputs.quota + 1]"
    let expression = try Expression(parsing: source, at: Self.place)
    #expect(try expression.evaluate(with: facts.bindings) == ["acme", "1", "eu", 31])
  }
}
