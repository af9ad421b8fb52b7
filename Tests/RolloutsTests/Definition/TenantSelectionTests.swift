import Diagnostics
import Expressions
import OrderedCollections
import Playbooks
import Rollouts
import Testing

/// Which tenants a rollout is about, in which order, and what is locked for each.
struct TenantSelectionTests {
  private static let tenants = [
    TenantFacts(name: "acme", labels: ["region": "eu", "wave": "2"], inputs: ["quota": 30]),
    TenantFacts(name: "acme-old", labels: ["region": "us"], inputs: ["quota": 10]),
    TenantFacts(name: "Globex", labels: ["region": "eu-west", "wave": "1"], inputs: ["quota": 20]),
    TenantFacts(name: "zeta", inputs: ["quota": 10]),
  ]

  /// The rollout of a minimal file with `lines`.
  private static func rollout(_ lines: String) throws -> RolloutDefinition {
    let text = "rollout: 1\nplaybook: a.yaml\ntenants: b.csv\n\(lines)\n"
    return try RolloutFile.read(Array(text.utf8), file: "r.yaml")
  }

  private static func select(_ lines: String) throws -> (names: [String], warnings: [String]) {
    var selector = TenantSelector(try rollout(lines).selection)
    let names = tenants.filter { selector.selects($0) }.map(\.name)
    return (names, try selector.finish().map(\.message))
  }

  @Test(arguments: [
    ("", ["acme", "acme-old", "Globex", "zeta"]),
    ("only: [acme]", ["acme"]),
    ("only: [\"acme*\", zeta]", ["acme", "acme-old", "zeta"]),
    ("only: [\"?eta\"]", ["zeta"]),
    ("exclude: [\"*-old\"]", ["acme", "Globex", "zeta"]),
    ("only: [\"acme*\"]\nexclude: [acme-old]", ["acme"]),
    ("only: { labels: { region: eu* } }", ["acme", "Globex"]),
    ("only: { labels: { region: \"*\", wave: \"?\" } }", ["acme", "Globex"]),
    ("only: { names: [\"a*\"], labels: { region: us } }", ["acme-old"]),
    ("only: { when: tenant.inputs.quota < 25 }", ["acme-old", "Globex", "zeta"]),
    (
      "exclude: { when: has(tenant.labels.wave) && tenant.labels.wave == '1' }",
      ["acme", "acme-old", "zeta"]
    ),
    ("exclude: { when: \"tenant.name.startsWith('acme')\" }", ["Globex", "zeta"]),
    ("exclude: { when: false }", ["acme", "acme-old", "Globex", "zeta"]),
  ])
  func `tenants are selected by name, label and condition`(lines: String, names: [String]) throws {
    let selected = try Self.select(lines)
    #expect(selected.names == names)
    #expect(selected.warnings == [])
  }

  @Test func `a name that no tenant has gets a warning`() throws {
    let selected = try Self.select("only: [acme, globex]\nexclude: [\"x-*\"]")
    #expect(selected.names == ["acme"])
    #expect(
      selected.warnings == [
        "no tenant is called `globex`, which `only` names",
        "no tenant matches `x-*`, which `exclude` names",
      ])
  }

  @Test func `a condition without a value is an error of each tenant`() throws {
    let error = #expect(throws: InvalidInput.self) {
      try Self.select("only: { when: tenant.labels.wave == '1' }")
    }
    #expect(
      error?.diagnostics.map(\.message) == [
        "the condition of the tenant `acme-old` has no value: no such field `wave`",
        "the condition of the tenant `zeta` has no value: no such field `wave`",
      ])
  }

  @Test(arguments: [
    ("only: { when: false }", "none of the 4 tenants is selected"),
    ("only: { labels: { region: mars } }", "none of the 4 tenants is selected"),
  ])
  func `a rollout of no tenants is refused`(lines: String, message: String) throws {
    let error = #expect(throws: InvalidInput.self) { try Self.select(lines) }
    #expect(error?.diagnostics.map(\.message) == [message])
  }

  @Test func `a tenants file without tenants is refused`() throws {
    let error = #expect(throws: InvalidInput.self) {
      try TenantSelector(TenantSelection()).finish()
    }
    #expect(error?.diagnostics.map(\.message) == ["the tenants file has no tenants"])
  }

  // MARK: Order

  private static func arrange(_ lines: String, seed: UInt64 = 1) throws -> [String] {
    var arranger = TenantArranger(try rollout(lines).order, seed: seed)
    for tenant in tenants { arranger.add(tenant) }
    return try arranger.finish().map { tenants[$0].name }
  }

  @Test(arguments: [
    ("order: file", ["acme", "acme-old", "Globex", "zeta"]),
    ("order: name", ["Globex", "acme", "acme-old", "zeta"]),
    ("order: ${{ tenant.inputs.quota }}", ["acme-old", "zeta", "Globex", "acme"]),
    ("order: ${{ -tenant.inputs.quota }}", ["acme", "Globex", "acme-old", "zeta"]),
    (
      "order: \"${{ 'wave' in tenant.labels ? tenant.labels.wave : '9' }}\"",
      ["Globex", "acme", "acme-old", "zeta"]
    ),
    ("order: ${{ tenant.name != 'zeta' }}", ["zeta", "acme", "acme-old", "Globex"]),
  ])
  func `tenants are put in order, and equals stay as in the file`(
    lines: String, names: [String]
  ) throws {
    #expect(try Self.arrange(lines) == names)
  }

  @Test func `a random order follows from the seed`() throws {
    let orders = try (UInt64(1)...20).map { try Self.arrange("order: random", seed: $0) }
    #expect(try orders == (UInt64(1)...20).map { try Self.arrange("order: random", seed: $0) })
    #expect(Set(orders).count > 5)
    #expect(orders.allSatisfy { Set($0) == Set(Self.tenants.map(\.name)) })
  }

  @Test(arguments: [
    ("order: ${{ tenant.labels.wave }}", 2),
    ("order: \"${{ tenant.name == 'zeta' ? 'a' : tenant.inputs.quota }}\"", 1),
    ("order: ${{ tenant.inputs.quota / 0 }}", 4),
  ])
  func `a key without an order is an error of each tenant`(lines: String, count: Int) throws {
    let error = #expect(throws: InvalidInput.self) { try Self.arrange(lines) }
    #expect(error?.diagnostics.map(\.code) == Array(repeating: .evaluationFailed, count: count))
  }

  // MARK: Locks

  @Test(arguments: [
    ("", ["acme"]),
    ("lock: [all]", ["all"]),
    (
      "lock: [\"${{ tenant.name }}\", \"region ${{ tenant.labels.region }}\"]",
      ["acme", "region eu"]
    ),
    ("lock: [\"${{ tenant.name }}\", acme, 7]", ["acme", "7"]),
    ("lock: [\"${{ tenant.inputs.quota }}\"]", ["30"]),
  ])
  func `a tenant has the keys of its templates, each once`(lines: String, keys: [String]) throws {
    #expect(try Self.rollout(lines).locks.keys(of: Self.tenants[0]) == keys)
  }

  @Test(arguments: [
    (
      "lock: [\"${{ tenant.labels.region }}\"]",
      "the lock of the tenant `zeta`: no such field `region`"
    ),
    (
      "lock: [\"${{ tenant.name == 'zeta' ? '' : 'x' }}\"]",
      "the lock of the tenant `zeta`: a key must not be empty"
    ),
  ])
  func `a key without a value is an error`(lines: String, message: String) throws {
    let locks = try Self.rollout(lines).locks
    let error = #expect(throws: InvalidInput.self) { try locks.keys(of: Self.tenants[3]) }
    #expect(error?.diagnostics.map(\.message) == [message])
  }
}
