import Events
import Hosting
import Journaling
import Machine
import Operations
import Planning
import Reporting

/// Starts a new run with the playbook and the inputs of an earlier one, whose results it reuses up to
/// a step.
struct RunRestart {
  let run: RunID
  let journal: SQLiteJournal
  let options: JournalSettings
  let service: ServiceSettings
  let output: OutputOptions
  let noWait: Bool
  /// Whether a person is asked first in a protected environment.
  let confirmation: ConfirmationOptions

  /// Starts from the step whose path, or unique id, is `text`; of a round or branch, from its first step.
  func perform(from text: String, _ environment: [String: String]) async throws -> ExitStatus {
    let record = try RecordedRun.record(of: run, in: journal, options)
    guard case .runStarted(var start)? = record.events.first?.kind else {
      throw CommandFailure(.invalid, "run \(run) has no beginning")
    }
    let origin = try RecordedEnvironment(of: run, in: journal.reader, options)
    let service = try origin.checked(service, environment).withAbsolutePaths
    let step = try Self.step(named: text, in: record.events, options.commands(for: run))
    try refuseDriven()
    var overview = RunOverview()
    for event in record.events { overview.apply(event) }
    var plan = try await RunPinning.plan(of: start, in: journal)
    // The earlier run may leave for an archive meanwhile, with its texts.
    let texts = try await RunPinning.texts(of: start, in: journal)
    try refuseDoubts(in: record.events, of: plan)
    try origin.confirm(service, "start a new run after run \(run)", confirmation)
    let target = try service.target(
      for: plan, environment: environment, startedWith: overview.service)
    plan.plainSecrets += target.secrets
    var generator = SystemRandomNumberGenerator()
    start.run = RunID(using: &generator)
    start.seed = generator.next()
    start.version = Version.text
    start.environment = service.choice.selected?.name ?? start.environment
    start.pinned?.savedPlan = nil
    start.reused = ReusedRun(run: run, step: step, eventCount: record.events.count)
    // Results that this run reused itself are results of it, too.
    let reused = Self.results(before: step, in: record.events)
    let (settled, begun) = (plan, start)
    return try await target.withTransport { transport, origins in
      var start = begun
      start.service = origins
      return try await LiveRun(
        order: RunOrder(
          starting: RunMachine(plan: settled, start: start, guidedBy: Guidance(reused: reused)),
          texts: texts, whenWaiting: noWait ? .leave : .wait),
        transport: transport, service: service, journal: journal,
        commands: options.commands(for: start.run),
        output: output, clock: WallClock(), environment: environment
      ).perform()
    }
  }

  /// Another process may be doing what is to be done here.
  private func refuseDriven() throws {
    let driver = try options.translated { () throws(JournalError) in
      try journal.reader.driver(of: run)
    }
    guard let driver else { return }
    throw CommandFailure(
      .owned, "run \(run) is driven by \(driver)",
      hint: "`\(options.commands(for: run).cancel)` stops it")
  }

  /// A step in doubt must not be done again before it is known what it did.
  private func refuseDoubts(in events: [RunEvent], of plan: Plan) throws {
    let resumption = RunResumption(owner: "", epoch: 0, seed: 0, version: Version.text)
    let machine = RunMachine(resuming: plan, after: events, as: resumption)
    guard let doubt = machine?.doubts.first else { return }
    throw CommandFailure(
      .inDoubt, "step `\(doubt.step)` of run \(run) is in doubt",
      hint: "`\(options.commands(for: run).resolve)` finds out what happened")
  }

  /// The results that the recorded run reuses, read from the run that they come from.
  static func reusedResults(
    of recorded: RecordedRun, in journal: SQLiteJournal, _ options: JournalSettings
  ) throws -> [StepPath: StepResult] {
    guard let reused = recorded.start?.reused else { return [:] }
    let earlier = try RecordedRun.record(of: reused.run, in: journal, options)
    return results(before: reused.step, in: Array(earlier.events.prefix(reused.eventCount)))
  }

  /// What ended well before the step began for the last time.
  private static func results(
    before step: StepPath, in events: [RunEvent]
  ) -> [StepPath: StepResult] {
    let end =
      events.lastIndex { event in
        switch event.kind {
        case .stepStarted(step, _), .stepReused(step, _, _): true
        case _: false
        }
      } ?? events.startIndex
    var results: [StepPath: StepResult] = [:]
    var earlier: [StepPath: StepResult] = [:]
    var loops: Set<StepPath> = []
    var given: Set<StepPath> = []
    func forget(below path: StepPath, keepingPages: Bool) {
      for (other, result) in results where other.components.starts(with: path.components) {
        if keepingPages, other.isPage(of: path) { continue }
        earlier[other] = result
        results[other] = nil
      }
    }
    /// Results that this run had from an earlier one are not undone with the others.
    func forgetUndone(below path: StepPath) {
      results = results.filter {
        given.contains($0.key) || !$0.key.components.starts(with: path.components)
      }
    }
    for event in events[..<end] {
      switch event.kind {
      case .stepStarted(let path, let summary):
        if summary.kind == .forEach { loops.insert(path) }
        forget(below: path, keepingPages: false)
      // Another attempt of a loop goes on with the pages that were read.
      case .attemptStarted(let path, _):
        forget(below: path, keepingPages: loops.contains(path))
      case .undoing(let path, _): forgetUndone(below: path)
      case .stepReused(let path, _, let result):
        results[path] = result ?? earlier[path]
        if result != nil { given.insert(path) }
      case .stepFinished(let path, let result):
        given.remove(path)
        results[path] = result.outcome.allowsContinuation ? result : nil
      case _: break
      }
    }
    // Also what was undone because the step itself failed is not there any more.
    for case .undoing(let path, _) in events[end...].map(\.kind) { forgetUndone(below: path) }
    // What was cleaned up there is cleaned up here, too.
    results = results.filter { path, _ in
      !path.components.contains { [.rescue, .always, .undo].contains($0) }
    }
    return results
  }

  private static func step(
    named text: String, in events: [RunEvent], _ commands: RunCommands
  ) throws -> StepPath {
    let problem: String
    switch RunTree(events).step(named: text) {
    case .step(let path): return path
    case .unknown: problem = "no step `\(text)` began in the run"
    case .several(let paths):
      let others = paths.count - mostNamed
      problem =
        "`\(text)` may be one of several steps: "
        + paths.prefix(mostNamed).map { "`\($0)`" }.joined(separator: ", ")
        + (others > 0 ? " and \(others) more" : "")
    case .aftermath(let path):
      problem = "`\(text)` belongs to the step `\(path)`: name that step, or one inside"
    }
    throw CommandFailure(
      .invalid, problem,
      hint: "`--from` takes the path of a step, round or branch, or an id that only one step has; "
        + "`\(commands.paths)` lists them")
  }

  /// So many steps are named where several could be meant.
  private static let mostNamed = 5
}

extension StepPath {
  /// Whether the step reads a page of the loop at `path`: its rounds are between it and other steps.
  fileprivate func isPage(of path: StepPath) -> Bool {
    guard components.count == path.depth + 1, case .step? = components.last else { return false }
    return true
  }
}
