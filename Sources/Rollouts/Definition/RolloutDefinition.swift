package import Diagnostics
package import Events
import Files
package import Notifications
package import OrderedCollections
package import Planning
package import Playbooks
package import Schedules
package import Tenants

/// What a rollout file says: complete, with every default filled in.
package struct RolloutDefinition: Sendable, Hashable {
  /// The most characters of a name.
  package static let longestName = 100

  /// The path of the rollout file; paths in it are relative to its folder.
  package var file: String
  /// The name in listings, at most `longestName` characters; default: the file's name.
  package var name: String
  /// The one-line description for people, or nil when there is none.
  package var summary: String?
  /// The path of the playbook as written.
  package var playbook: Located<String>
  /// The tenants file.
  package var tenants: TenantsFile
  /// The shared values of inputs, as written: whether the playbook has them is checked with it.
  package var inputs: [ProvidedInput]
  /// The name of the environment, or nil when none is named.
  package var environment: Located<String>?
  /// Which tenants it is about.
  package var selection: TenantSelection
  /// What it does with each tenant.
  package var mode: RolloutMode
  /// The order in which tenants start.
  package var order: TenantOrder
  /// The limits.
  package var bounds: RolloutBounds
  /// What is locked for each tenant.
  package var locks: TenantLocks
  /// What people call the rollout by; its runs have these labels, too.
  package var labels: [RunLabel]
  /// The path of the file that collects the tenants' outputs, as written.
  package var outputs: Located<String>?
  /// The commands that secrets may come from, by name: a program and its arguments.
  package var allowedCommands: OrderedDictionary<String, [String]>
  /// When `privirun serve` starts it; nil for a rollout that only people start.
  package var schedule: Schedule?
  /// Where notifications go.
  package var notify: [NotifyTarget] = []
  /// Where notifications about rollouts go that the schedule starts, and about its due instants, besides
  /// `notify`.
  package var scheduleNotify: [NotifyTarget] = []
  /// Diagnostics that stop nothing.
  package var warnings: [Diagnostic]

  /// A rollout of `playbook` over `tenants`; what is not given has the default of a rollout file.
  package init(
    file: String, name: String, summary: String? = nil, playbook: Located<String>,
    tenants: TenantsFile, inputs: [ProvidedInput] = [], environment: Located<String>? = nil,
    selection: TenantSelection = TenantSelection(), mode: RolloutMode = .apply,
    order: TenantOrder = .file, bounds: RolloutBounds = RolloutBounds(),
    locks: TenantLocks = .tenant, labels: [RunLabel] = [], outputs: Located<String>? = nil,
    allowedCommands: OrderedDictionary<String, [String]> = [:], warnings: [Diagnostic] = []
  ) {
    self.file = file
    self.name = name
    self.summary = summary
    self.playbook = playbook
    self.tenants = tenants
    self.inputs = inputs
    self.environment = environment
    self.selection = selection
    self.mode = mode
    self.order = order
    self.bounds = bounds
    self.locks = locks
    self.labels = labels
    self.outputs = outputs
    self.allowedCommands = allowedCommands
    self.warnings = warnings
  }
}

/// Paths, as seen from where the path of the rollout file begins.
extension RolloutDefinition {
  /// The path of the playbook.
  package var playbookPath: String { path(playbook.value) }

  /// The path of the tenants file.
  package var tenantsPath: String { path(tenants.path.value) }

  /// The path of the file of outputs, or nil when there is none.
  package var outputsPath: String? { outputs.map { path($0.value) } }

  private func path(_ written: String) -> String {
    UserPath.resolve(written, in: UserPath.folder(of: file, current: ""))
  }
}

/// A tenants file, and how it is read.
package struct TenantsFile: Sendable, Hashable {
  /// The path as written.
  package var path: Located<String>
  /// The format; nil when the file's extension decides.
  package var format: TenantsFormat?
  /// What separates the cells of a CSV file; nil when its extension or its header decides.
  package var separator: CSVSeparator?

  /// The file at `path`.
  package init(
    path: Located<String>, format: TenantsFormat? = nil, separator: CSVSeparator? = nil
  ) {
    self.path = path
    self.format = format
    self.separator = separator
  }

  /// The given format, else that of the file's extension; nil when that names none.
  package var effectiveFormat: TenantsFormat? { format ?? TenantsFormat(ofFile: path.value) }
}
