package import Diagnostics
package import Expressions
import OrderedCollections
package import Planning
import Playbooks

/// Turns what a tenant has in its file, with what all tenants share, into the inputs of a plan.
///
/// The command line overrides the tenant's cells, and those override the inputs of the rollout file and
/// of inputs files; what nothing gives has the playbook's default.
package struct TenantBinder: Sendable {
  /// The playbook whose inputs are given.
  package let playbook: PlannedPlaybook
  /// The inputs that must be given and that are not given for all tenants, in the order declared.
  package let required: [String]
  private let shared: ProvidedInputs
  private let sharedInputs: [ProvidedInput]
  private let sharedValues: ValueMap
  /// The inputs of the command line, which no tenant overrides.
  private let overriding: Set<String>
  private let sources: InputSources
  private let commands: [String: [String]]
  private let literals: SecretRules.Literals

  /// A binder of the inputs of `playbook`; `shared` is given for every tenant.
  ///
  /// `commands` is what `command:NAME` may run, by name: the program and its arguments.
  package init(
    playbook: PlannedPlaybook, shared: ProvidedInputs, sources: InputSources,
    commands: [String: [String]] = [:], literals: SecretRules.Literals = .refused
  ) {
    self.playbook = playbook
    self.shared = shared
    // Nobody is asked once for each tenant.
    var sources = sources
    sources.ask = nil
    self.sources = sources
    self.commands = commands
    self.literals = literals
    overriding = shared.namedOnCommandLine
    let effective = shared.effective
    sharedInputs = effective
    let given = Set(effective.map(\.name))
    required = playbook.inputs.filter { $0.value.defaultValue == nil && !given.contains($0.key) }
      .map(\.key)
    // `{name}` may be part of a variable's name, for which this stands.
    let rules = SecretRules(name: "name", commands: commands, reading: .formOnly)
    sharedValues =
      InputBinder(sources: sources, secretRules: rules)
      .read(effective, of: playbook).values
  }

  /// What diagnostics of shared inputs point into, and which inputs are secret.
  package var texts: SourceTexts { shared.texts(for: playbook) }

  private func rules(
    for tenant: Tenant, reading: SecretRules.Reading
  ) -> SecretRules {
    SecretRules(name: tenant.name, commands: commands, literals: literals, reading: reading)
  }

  /// The cells of a tenant, as inputs.
  private func given(by tenant: Tenant) -> [ProvidedInput] {
    tenant.cells.map {
      ProvidedInput(name: $0.name, source: .cell($0.cell), location: $0.location)
    }
  }
}

/// Checking.
extension TenantBinder {
  /// What is wrong with the inputs that all tenants share; no secret is read.
  package func checkShared() -> [Diagnostic] {
    let rules = SecretRules(name: "name", commands: commands, reading: .formOnly)
    let read = InputBinder(sources: sources, secretRules: rules).read(sharedInputs, of: playbook)
    return shared.diagnostics.elements + read.diagnostics
  }

  /// What is wrong with the inputs of a tenant; of secrets only the form is checked, and nothing is read.
  ///
  /// What is wrong with shared inputs is not repeated.
  package func check(_ tenant: Tenant) -> [Diagnostic] {
    check(tenant, besides: [])
  }

  /// The same, without the inputs that are known to be `missing` in the whole file.
  func check(_ tenant: Tenant, besides missing: Set<String>) -> [Diagnostic] {
    let inputs = given(by: tenant).filter { !overriding.contains($0.name) }
    let binder = InputBinder(
      sources: sources, secretRules: rules(for: tenant, reading: .formOnly))
    var diagnostics = binder.read(inputs, of: playbook).diagnostics
    for name in required where !missing.contains(name) {
      guard !tenant.cells.contains(where: { $0.name == name }),
        let declaration = playbook.inputs[name]
      else { continue }
      diagnostics.append(
        Diagnostic(
          .missingInput, "`\(tenant.name)` has no `\(name)` (\(declaration.phrase))",
          at: tenant.location,
          hint: "give it here, or for all tenants with \(declaration.usage(of: name))"))
    }
    return diagnostics
  }
}

/// Binding.
extension TenantBinder {
  /// The inputs of a tenant's run, all secrets read.
  ///
  /// Blocks while files are read and commands run. Throws everything that is wrong at once.
  package func bind(_ tenant: Tenant) throws(InvalidInput) -> BoundInputs {
    var provided = shared
    provided.take(given(by: tenant))
    return try InputBinder(sources: sources, secretRules: rules(for: tenant, reading: .resolved))
      .bind(provided, to: playbook)
  }

  /// The inputs of a tenant as conditions see them: of the declared types, without secrets and files.
  ///
  /// What is wrong is left out. Nothing is read.
  package func inputs(of tenant: Tenant) -> ValueMap {
    let inputs = given(by: tenant).filter { !overriding.contains($0.name) }
    let own = InputBinder(sources: sources, secretRules: rules(for: tenant, reading: .formOnly))
      .read(inputs, of: playbook).values
    let hidden = Set(playbook.hiddenInputs.map(\.name))
    var values = ValueMap()
    for (name, declaration) in playbook.inputs
    where !declaration.type.holdsSecret && !declaration.type.holdsFile && !hidden.contains(name) {
      values[name] = own[name] ?? sharedValues[name] ?? declaration.defaultValue
    }
    return values
  }
}
