import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// One pass over all loaded playbooks; gathers diagnostics as it goes.
struct PlaybookChecker {
  /// The most steps a plan may have, nested plays unfolded: plays of plays multiply.
  static let stepLimit = 100_000

  let api: APIDescription
  let loaded: LoadedPlaybooks
  /// The time zones that expressions know by name.
  let zones: NamedZones?
  private(set) var diagnostics: DiagnosticList
  /// The files that are done, by name.
  private var finished: [String: CheckedFile] = [:]
  /// The files that are being checked; the loader has refused the cycles among them.
  private var underWay: Set<String> = []
  /// The values that stand in a file and are used as secrets.
  var plainSecrets: OrderedSet<Value> = []
  /// What is known of the file that is being checked.
  var facts = FileFacts()

  init(api: APIDescription, loaded: LoadedPlaybooks, zones: NamedZones?) {
    self.api = api
    self.loaded = loaded
    self.zones = zones
    diagnostics = loaded.diagnostics
  }

  /// One file, checked.
  struct CheckedFile {
    /// Nil when some part of it can be no part of a plan.
    let planned: PlannedPlaybook?
    /// What it hands back.
    let outputs: InferredValue
    /// Why it needs the session of its caller.
    let need: SessionNeed?
    /// How many steps it has, nested plays unfolded.
    let stepCount: Int
    /// Whether it has an `approve` step, nested plays included.
    let asksPeople: Bool
    /// Whether a step of it, nested plays included, may change something at the service.
    let mayChange: Bool
    /// What of its inputs is used as a secret without being declared one.
    let hiddenInputs: [InputPath]
  }

  /// What is gathered while one file is checked.
  struct FileFacts {
    var opensSession = false
    /// What of the file could not be read.
    var unread = UnreadParts()
    /// The results of the steps that are done.
    var results = StepResults(of: StepIndex(of: []))
    var usedInputs: Set<String> = []
    /// The steps whose refusal may be tolerated.
    var tolerating: Set<String> = []
    /// The values under the playbook's `let` that are not known from the start.
    var lateLocals: [String: PlaybookLocals.Late] = [:]
    /// Where the names stand that `let` binds and something used.
    var usedLocals: Set<SourceLocation> = []
    var need: SessionNeed?
    var stepCount = 0
    var asksPeople = false
    /// How many of the steps so far may change something at the service.
    var changingSteps = 0
    /// What the expressions so far use.
    var uses = UsedValues()
    /// What the `undo` that is being checked uses of the values around it; nil outside one.
    var undoUses: UsedValues?
    /// What of the inputs is used as a secret without being declared one, and as which.
    var hiddenInputs: OrderedDictionary<InputPath, SecretUse> = [:]
  }

  /// The playbook, checked once however often it is played; nil while it is being checked.
  mutating func file(of playbook: Playbook) -> CheckedFile? {
    let name = playbook.location.file
    if let known = finished[name] { return known }
    guard underWay.insert(name).inserted else { return nil }
    let outer = facts
    facts = FileFacts()
    let checked = check(playbook)
    facts = outer
    finished[name] = checked
    return checked
  }

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation,
    hint: @autoclosure () -> String? = nil, related: [RelatedLocation] = [], fix: Fix? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    diagnostics.add(
      Diagnostic(code, message, at: location, related: related, fix: fix, severity: severity),
      hint: hint())
  }

  mutating func report(_ diagnostics: [Diagnostic]) {
    self.self.diagnostics.add(diagnostics)
  }
}
