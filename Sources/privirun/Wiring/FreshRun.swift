import Events
import Hosting
import Journaling
import Machine
import Planning
import Reporting
import Running

/// A new run of a plan: recorded from its first event on, and driven to its end.
struct FreshRun {
  let plan: Plan
  let pinned: PinnedPlan
  /// What the journal keeps with the first event.
  let texts: [StoredText]
  let choice: EnvironmentChoice
  let service: ServiceSettings
  let labels: LabelOptions
  /// Opens the journal, while a connection to the service is being opened.
  let openJournal: () throws -> SQLiteJournal
  let journalSettings: JournalSettings
  let output: OutputOptions
  /// Whether the run ends where only a person's decision brings it further.
  var noWait = false

  /// How the run ended; with `saved`, it does what that plan says, or refuses.
  func perform(
    at target: ServiceTarget, keepingTo saved: SavedPlan? = nil, _ environment: [String: String]
  ) async throws -> ExitStatus {
    let run = self
    return try await target.withTransport { transport, service in
      transport.prepare()
      let journal = try run.openJournal()
      let start = run.start(at: service)
      try await saved?.requireSame(
        run.plan, start, over: transport, environment,
        trace: run.output.trace(environment: environment))
      let settings = try LatestRun(journal: journal, options: run.journalSettings)
        .settings(for: run.plan, at: service, startingAt: WallClock().now())
      let order = RunOrder(
        starting: RunMachine(
          plan: run.plan, start: start, settings: settings,
          guidedBy: Guidance(decisions: saved?.decisions)),
        texts: run.texts, whenWaiting: run.noWait ? .leave : .wait)
      return try await LiveRun(
        order: order, transport: transport, service: run.service, journal: journal,
        commands: run.journalSettings.commands(for: start.run), output: run.output,
        clock: WallClock(), environment: environment
      ).perform()
    }
  }

  private func start(at service: ServiceOrigins?) -> RunStart {
    var generator = SystemRandomNumberGenerator()
    var start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(), version: Version.text,
      service: service, labels: labels.added(to: plan.runLabels, choice.selected))
    start.environment = choice.selected?.name
    start.pinned = pinned
    return start
  }
}
