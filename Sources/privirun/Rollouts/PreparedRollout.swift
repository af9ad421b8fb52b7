import Diagnostics
import Events
import Expressions
import Files
import Journaling
import Operations
import OrderedCollections
import Planning
import Playbooks
import Rollouts
import Tenants

/// A rollout that was found to be right: its playbook, its tenants and its limits.
struct PreparedRollout {
  let definition: RolloutDefinition
  let checked: CheckedPlaybook
  /// The selected tenants, in the order in which they start.
  let tenants: TenantList
  let limits: RolloutLimits
  let binder: TenantBinder
  /// What the plans are made from, and the texts that say so.
  let pinned: PinnedPlan
  let texts: [StoredText]
  /// What it is made from besides.
  var origin: RolloutOrigin
  /// The seed of its random choices.
  let seed: UInt64
  /// The names of all tenants in the tenants file; empty for a rollout that is continued.
  var namesInFile: Set<String> = []

  /// The run of the tenant at `index` in the rollout `rollout`, with the keys that it locks at `service`.
  func reference(
    to tenant: Tenant, at index: Int, of rollout: RunID, _ service: ServiceOrigins?
  ) throws(InvalidInput) -> TenantReference {
    let place = service.map { "\($0.api) " } ?? ""
    let keys = try definition.locks.keys(of: TenantFacts(tenant, binder))
    return TenantReference(
      rollout: rollout, rolloutName: definition.name, name: tenant.name, index: index,
      locks: keys.map { place + $0 })
  }

  /// The plan of a tenant's run, all secrets read; blocks while files are read and commands run.
  func plan(for tenant: Tenant) throws(InvalidInput) -> Plan {
    try checked.plan(inputs: try binder.bind(tenant).values)
  }

  /// The labels of a tenant's run: those of the rollout, the tenant and the playbook, of which later ones
  /// override earlier ones.
  func labels(of tenant: Tenant, _ plan: Plan, besides rollout: [RunLabel]) -> [RunLabel] {
    var all = plan.runLabels
    let others = rollout + tenant.labels.map { RunLabel(name: $0.name, value: $0.value) }
    for label in others {
      if let index = all.firstIndex(where: { $0.name == label.name }) {
        all[index] = label
      } else {
        all.append(label)
      }
    }
    return all
  }
}

/// Reads a rollout and everything that it names.
struct RolloutPreparation {
  let options: RolloutSourceOptions
  let environment: [String: String]
  /// The environment that is used.
  let selected: SelectedEnvironment?
  let report: ([Diagnostic], SourceTexts) -> Void
  /// The description of the API in place of that of the options, and its text; nil reads that.
  var description: (description: APIDescription, text: [UInt8])?

  /// The prepared rollout; throws when all diagnostics are reported.
  func prepare(_ definition: RolloutDefinition, _ texts: SourceTexts) throws -> PreparedRollout {
    var generator = SystemRandomNumberGenerator()
    var definition = options.rollout.applied(to: definition)
    report(definition.warnings, texts)
    let (api, description) = try self.description ?? options.description.loadWithText()
    var (checked, _, files) = try PlaybookChecking(api: api, report: report)
      .loadRecorded(definition.playbookPath)
    definition = definition.named(after: checked.planned)
    let sources = InputSources.live(environment: environment).runningCommands()
    try refuse(definition.check(with: checked.planned, sources: sources), texts, checked)
    let recording = SizeRecording()
    do throws(InvalidInput) {
      checked.planned = try InputBinder(sources: sources.recordingSizes(in: recording))
        .settlePlayed(in: checked.planned)
    } catch {
      try refuse(error.diagnostics, texts, checked)
    }
    let given = options.inputs.given(from: sources, selected)
    let literals: SecretRules.Literals =
      options.rollout.allowLiteralSecrets ? .allowed : .refused
    let binder = TenantBinder(
      playbook: checked.planned,
      shared: given.provided(for: checked.planned, besides: definition.inputs), sources: sources,
      commands: definition.commands, literals: literals)
    try refuse(binder.checkShared(), texts, checked, binder.texts)
    let seed = generator.next()
    let (tenants, names) = try self.tenants(of: definition, binder, seed: seed, texts)
    let (pinned, pinnedTexts) = try RunPinning.pin(
      checked.anyPlan, from: definition.playbookPath, files, recording.sizes,
      description: description)
    return PreparedRollout(
      definition: definition, checked: checked, tenants: tenants,
      limits: definition.bounds.limits(tenantCount: tenants.count), binder: binder,
      pinned: pinned, texts: pinnedTexts,
      origin: RolloutOrigin(definition: definition, inputs: given, literals: literals), seed: seed,
      namesInFile: names)
  }

  /// The selected tenants in their order, and the names of all.
  private func tenants(
    of definition: RolloutDefinition, _ binder: TenantBinder, seed: UInt64, _ texts: SourceTexts
  ) throws -> (TenantList, names: Set<String>) {
    let path = definition.tenantsPath
    let reader = TenantsReader(
      file: path, format: definition.tenants.format, separator: definition.tenants.separator,
      binder: binder)
    var selector = TenantSelector(definition.selection)
    var exclusion = TenantSelector(options.rollout.exclusion)
    var arranger = TenantArranger(definition.order, seed: seed)
    var selected = TenantList.Builder(file: path)
    var locks = DiagnosticList()
    var names: Set<String> = []
    let source = try Self.source(path)
    let reading = reader.read(source) { tenant in
      names.insert(tenant.name)
      let facts = TenantFacts(tenant, binder)
      guard selector.selects(facts), exclusion.selects(facts) else { return }
      arranger.add(facts)
      selected.add(tenant)
      do throws(InvalidInput) {
        _ = try definition.locks.keys(of: facts)
      } catch {
        locks.add(error.diagnostics)
      }
    }
    var texts = texts
    texts.merge(reading.texts)
    report(reading.diagnostics.elements, texts)
    guard !reading.diagnostics.hasErrors else { throw CommandEnding(status: .invalid) }
    do throws(InvalidInput) {
      report(try selector.finish() + exclusion.finish(), texts)
      guard locks.isEmpty else { throw InvalidInput(locks.elements) }
      return (try Self.arranged(selected.build(), arranger.finish()), names)
    } catch {
      report(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }

  private static func source(_ path: String) throws -> TenantsBytes {
    let expanded = try CommandPath.expand(path)
    do throws(FileError) {
      return try .file(expanded)
    } catch {
      throw CommandFailure(
        .invalid, "the tenants file `\(path)` cannot be read: \(error.cause)",
        hint: path == "-" || path.hasSuffix("/-")
          ? "name standard input as /dev/stdin, and its `format`" : error.hint)
    }
  }

  private static func arranged(
    _ list: TenantList, _ positions: [Int]
  ) throws(InvalidInput) -> TenantList {
    guard positions != Array(0..<list.count) else { return list }
    var arranged = TenantList.Builder(file: list.file)
    for position in positions { arranged.add(try list[position]) }
    return arranged.build()
  }

  /// Reports `diagnostics`; throws where one is an error.
  private func refuse(
    _ diagnostics: [Diagnostic], _ texts: SourceTexts, _ checked: CheckedPlaybook,
    _ others: SourceTexts = SourceTexts()
  ) throws {
    var texts = texts
    texts.merge(others)
    for name in checked.planned.secretNames { texts.hide(valueOf: name) }
    report(diagnostics, texts)
    guard diagnostics.allSatisfy({ $0.severity != .error }) else {
      throw CommandEnding(status: .invalid)
    }
  }
}

extension RolloutDefinition {
  /// The definition in the rollout file at `path`, and its text; throws when all diagnostics are reported.
  static func load(
    _ path: String, report: ([Diagnostic], SourceTexts) -> Void
  ) throws -> (RolloutDefinition, SourceTexts) {
    let file = try CommandPath.expand(path)
    let bytes: [UInt8]
    do throws(InputSources.FileFlaw) {
      bytes = try InputSources.live(environment: [:]).read(file, sizeLimit)
    } catch {
      throw CommandFailure(.invalid, "the rollout file `\(path)` \(error.phrase)")
    }
    let texts = RolloutFile.texts(of: bytes, file: file)
    do throws(InvalidInput) {
      return (try RolloutFile.read(bytes, file: file), texts)
    } catch {
      report(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }

  /// The name of the environment that the file names.
  var environmentName: String? { environment?.value }

  /// The same under the name of `playbook` where the command names standard input or a pipe: what those
  /// are called says nothing.
  fileprivate func named(after playbook: PlannedPlaybook) -> RolloutDefinition {
    guard file.isEmpty, PlaybookFiles.isStream(playbookPath) else { return self }
    var definition = self
    definition.name = String(playbook.name.prefix(Self.longestName))
    return definition
  }

  /// The largest rollout file, in bytes.
  private static let sizeLimit = 1 << 20

  /// A rollout of the playbook at `playbook` over the tenants file at `tenants`, as `run --tenants` makes it.
  init(of playbook: String, tenants: String) {
    let place = SourceLocation(file: "the command line", line: 1, column: 1)
    let stem = playbook.split(separator: "/").last.map(String.init) ?? playbook
    let name = stem.split(separator: ".").first.map(String.init) ?? stem
    self.init(
      file: "", name: name, playbook: Located(playbook, at: place),
      tenants: TenantsFile(path: Located(tenants, at: place)))
  }
}
