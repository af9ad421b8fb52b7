import Events
import Expressions
import Journaling
import Machine
import Operations
import Planning
import Reporting
import Running

/// A plan that a run keeps to, and what is not as it was when it was saved.
struct SavedPlan {
  let path: String
  let file: PlanFile

  init(path: String, file: PlanFile) {
    self.path = path
    self.file = file
  }

  /// The plan in the file at `path`.
  init(at path: String, _ options: JournalSettings) throws {
    let path = try CommandPath.expand(path)
    self.path = path
    let journal = try CommandPath.expand(options.path)
    let key = options.key
    file = try options.translated { () throws(JournalError) in
      try PlanFile(at: path, sealedFor: journal, key: key)
    }
  }

  var decisions: Decisions { Decisions(of: file.events) }

  /// Throws with status 6 and what moved, where `plan` is not what was planned.
  func requireSame(_ plan: Plan, _ contents: FileContents) throws {
    guard case .runStarted(let start)? = file.events.first?.kind else { return }
    var moved: [String] = []
    // Where the files are says nothing: the same playbook has several paths.
    if start.planDigest != plan.digest {
      moved.append(
        start.playbook == plan.playbook.name
          ? "the playbook, one that it plays or a default changed"
          : "the playbook is another one: `\(start.file)` was planned")
    }
    let names = Set(start.inputs.names).union(plan.inputs.names).sorted()
    for name in names where start.inputs[name]?.revealed != plan.inputs[name]?.revealed {
      moved.append(Self.text(name, was: start.inputs[name], now: plan.inputs[name]))
    }
    moved += contents.moved(from: start.contents)
    if start.version != Version.text {
      moved.append("it was saved by version \(start.version) of privirun")
    }
    let scrubber = SecretScrubber(file.events.secrets + Value.map(plan.inputs).secrets)
    try refuse(moved.map(scrubber.scrub))
  }

  /// Throws with status 6 and what moved, where a new plan for `service` is another one.
  func requireSame(_ events: [RunEvent], at service: ServiceOrigins?) throws {
    var moved: [String] = []
    if case .runStarted(let start)? = file.events.first?.kind, start.service != service {
      moved.append(
        "the service is \(service?.api ?? "none"), and was \(start.service?.api ?? "none")")
    }
    moved += PlanMoves(from: file.events, to: events).lines
    try refuse(moved)
  }

  /// The same, where the new plan is made now.
  func requireSame(
    _ plan: Plan, _ start: RunStart, over transport: any Transport,
    _ environment: [String: String], trace: (@Sendable (String) -> Void)?
  ) async throws {
    let planRun = PlanRun(
      plan: plan, planning: Planning(), labels: start.labels, environmentName: start.environment)
    let service = start.service
    let outcome = try await PlanHost.with(transport, environment, trace: trace) { host in
      await planRun.perform(in: host, at: service)
    }
    try requireSame(outcome.events, at: service)
  }

  private func refuse(_ moved: [String]) throws {
    guard !moved.isEmpty else { return }
    let shown = moved.prefix(Self.mostMoves).map { "\n  - \($0)" }.joined()
    let rest = moved.count - Self.mostMoves
    throw CommandFailure(
      .different,
      "the plan \(path) does not hold any more, so nothing was done:\(shown)"
        + (rest > 0 ? "\n  and \(rest) more" : ""),
      hint: "make a new plan, and look at it")
  }

  /// So many differences are listed.
  private static let mostMoves = 20

  /// What is said of an input that has another value.
  private static func text(_ name: String, was: Value?, now: Value?) -> String {
    if let was, let now, was.holdsSecret, now.holdsSecret {
      return "the input `\(name)` is another secret"
    }
    return "the input `\(name)` is \(shown(now)), and was \(shown(was))"
  }

  private static func shown(_ value: Value?) -> String {
    guard let value else { return "not given" }
    return value.holdsSecret ? "a secret" : "`\(JSON.text(value, unknowns: .shown))`"
  }

  /// The decisions that a recorded run keeps to; nil where it keeps to none.
  static func decisions(
    of recorded: RecordedRun, in journal: SQLiteJournal, _ options: JournalSettings
  ) async throws -> Decisions? {
    guard let start = recorded.start else { return nil }
    return try await decisions(of: start, in: journal, options)
  }

  /// The decisions that the run of `start` keeps to; nil where it keeps to none.
  static func decisions(
    of start: RunStart, in journal: SQLiteJournal, _ options: JournalSettings
  ) async throws -> Decisions? {
    guard let digest = start.pinned?.savedPlan else { return nil }
    guard let bytes = try await RunPinning.text(digest, in: journal) else {
      throw CommandFailure(.invalid, "the journal does not hold the plan of run \(start.run)")
    }
    // The folder may be another one by now; the open journal knows where its key is.
    let key = journal.reader.keyPath
    let file = try options.translated { () throws(JournalError) in
      try PlanFile(
        bytes, named: "of run \(start.run)", sealedFor: options.path, key: key)
    }
    return Decisions(of: file.events)
  }
}
