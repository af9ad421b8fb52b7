package import Events
import Expressions
import Operations

/// One of two runs that are compared.
package struct ComparedRun: Sendable, Hashable {
  /// Whether the secrets in its events are what they were.
  package enum Secrets: Sendable, Hashable {
    case unsealed
    /// All of them hold the mask, so that none can be compared.
    case masked
  }

  let events: [RunEvent]
  let progress: RunProgress?
  let secrets: Secrets

  /// The run that `events` record; nil `progress` leaves open where an unfinished run stands.
  package init(
    _ events: some Sequence<RunEvent>, _ progress: RunProgress? = nil, secrets: Secrets
  ) {
    self.events = Array(events)
    self.progress = progress
    self.secrets = secrets
  }

  /// The secrets that are known of it.
  var known: [Secret] {
    switch secrets {
    case .unsealed: events.secrets
    case .masked: []
    }
  }
}

/// What may be shown of one of two runs that are compared: none of the secrets of either.
struct ScrubbedRun: Sendable {
  let tree: RunTree
  private let progress: RunProgress?

  /// The run without what `scrubber` knows.
  init(_ run: ComparedRun, hiding scrubber: SecretScrubber) {
    tree = RunTree(run.events.scrubbed(by: scrubber))
    progress = run.progress
  }

  /// The outcome, or where the run stands; the word that JSON has for it.
  var ending: String {
    tree.overview.result?.outcome.rawValue ?? progress?.state.rawValue ?? "unfinished"
  }

  /// How long the run was in progress; nil while it has not finished.
  var duration: Duration? { tree.overview.result == nil ? nil : tree.time.elapsed }

  /// What it was started with, by name: the playbook, the program, the service, labels, settings.
  var facts: [(name: String, value: Value?)] {
    guard let start = tree.overview.start else { return [] }
    return [
      ("playbook", .string(start.playbook)), ("file", .string(start.file)),
      ("plan", .string(start.planDigest)),
      ("description", start.pinned.map { .string($0.description) }),
      ("program", .string(start.version)), ("service", tree.overview.service?.compared),
      ("environment", start.environment.map(Value.string)),
      ("label", .map(start.labels.asMap)), ("setting", .map(start.settings.withoutMomentary)),
    ]
  }
}

extension ServiceOrigins {
  /// The addresses; those of a sandbox that a run started for itself differ in each run.
  fileprivate var compared: Value {
    isOwnSandbox
      ? .string(shortText)
      : [
        "api": .string(api + apiPath), "webSocket": .string(webSocket + otherPaths.webSocket),
        "upstream": .string(upstream + otherPaths.upstream),
        "downstream": .string(downstream + otherPaths.downstream),
      ]
  }
}

extension ValueMap {
  /// Settings but for what only says how long ago another run was cut off.
  fileprivate var withoutMomentary: ValueMap {
    var settings = self
    settings["lookupUnsettled"] = nil
    return settings
  }
}

extension [RunLabel] {
  fileprivate var asMap: ValueMap {
    reduce(into: ValueMap()) { $0[$1.name] = .string($1.value) }
  }
}
