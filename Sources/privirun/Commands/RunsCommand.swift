import ArgumentParser
import Events
import Expressions
import FoundationEssentials
import Journaling
import Operations
import Playbooks
import Reporting

struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs in the journal, newest first.",
    discussion: """
        privirun runs
        privirun runs --rollout latest --outcome failed
        privirun runs --tenant 'acme-*' --label region=eu --since 24h
      """)

  @Option(help: "The maximum number of runs, 1 to 10000.")
  var limit = 50

  @Option(
    help: ArgumentHelp(
      "Only runs of this rollout: its id, a unique prefix of it, its name or latest.",
      valueName: "rollout"),
    completion: .custom(ShellCompletion.rollouts))
  var rollout: String?

  @Option(
    help: ArgumentHelp(
      "Only runs of tenants whose name matches; * stands for anything.", valueName: "glob"))
  var tenant: String?

  @Option(
    help: """
      Only runs that ended so; may be repeated: succeeded, failed, cancelled, in-doubt or unfinished.
      """)
  var outcome: [OutcomeChoice] = []

  @Option(
    help: ArgumentHelp(
      "Only runs that started within this time, such as 24h or 7d.", valueName: "duration"),
    transform: RunsCommand.duration)
  var since: Duration?

  @OptionGroup var labels: LabelOptions
  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions
  @OptionGroup var output: ReportOptions
  @OptionGroup var color: ColorOptions

  func validate() throws {
    guard (1...10_000).contains(limit) else {
      throw ValidationError("--limit must be 1 to 10000")
    }
  }

  func run() async throws {
    let journal = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let reader = try journal.reader()
    let filter = try filter(in: reader, journal)
    let runs = try journal.translated { () throws(JournalError) in try reader.runs(filter) }
    var progress: [RunID: RunProgress] = [:]
    var elapsed: [RunID: Duration] = [:]
    try journal.translated { () throws(JournalError) in
      let resumed = try reader.runsOfSeveralProcesses()
      for run in runs where run.outcome == nil || resumed.contains(run.run) {
        let record = try reader.record(of: run.run)
        if record.flaws.isEmpty { elapsed[run.run] = RunTime(record.events).elapsed }
        guard run.outcome == nil else { continue }
        progress[run.run] = try RunProgress(of: record, run: run.run, in: reader)
      }
    }
    let listing = RunListing(
      runs, progress, elapsed: elapsed, at: try WallClock().now(),
      isFiltered: filter.isSelective)
    switch output.form {
    case .json: StandardStream.output.write(listing.json)
    case .text:
      let style = color.style(environment: ProcessInfo.processInfo.environment)
      StandardStream.output.write(listing.text(style))
    }
  }

  private func filter(in reader: JournalReader, _ journal: JournalSettings) throws -> RunFilter {
    let rollout = try rollout.map { text in
      try journal.translated { () throws(JournalError) in
        try reader.rollout(matching: text).rollout
      }
    }
    let now = try WallClock().now()
    return RunFilter(
      limit: limit, labels: labels.labels, rollout: rollout,
      tenant: tenant.map { .matching(Glob($0)) }, outcomes: Set(outcome.map(\.outcome)),
      since: since.map { now + (.zero - $0) })
  }

  /// A duration, which may be in days.
  static func duration(_ text: String) throws -> Duration {
    if text.hasSuffix("d"), let days = Int(text.dropLast()), (0...36_500).contains(days) {
      return .seconds(days * 86_400)
    }
    guard let duration = DurationText.duration(text) else {
      throw ValidationError("`\(text)` is not a duration such as 90m, 24h or 7d")
    }
    return duration
  }
}

/// How a run that is looked for ended.
enum OutcomeChoice: String, ExpressibleByArgument, CaseIterable {
  case succeeded
  case failed
  case cancelled
  case inDoubt = "in-doubt"
  case unfinished

  /// Also the word that JSON has for it.
  init?(argument: String) {
    self.init(rawValue: argument == Outcome.inDoubt.rawValue ? Self.inDoubt.rawValue : argument)
  }

  /// Nil for a run that has not ended.
  var outcome: Outcome? {
    switch self {
    case .succeeded: .succeeded
    case .failed: .failed
    case .cancelled: .cancelled
    case .inDoubt: .inDoubt
    case .unfinished: nil
    }
  }
}
