import ArgumentParser
import Events
import Files
import FoundationEssentials
import Journaling
import Operations
import Reporting

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a report of a run or a rollout.",
    discussion: """
      html is one file without anything from the network; junit is for CI systems: a test case per step \
      of a run, or per tenant of a rollout; markdown is for a comment on a merge request; csv is a table \
      of steps or tenants. Secrets are •••.

        privirun report latest --format html --to report.html
        privirun report onboard-tenants --format junit --to junit.xml
      """)

  @Argument(
    help: """
      The id of a run or a rollout, a unique prefix of it, the name of a rollout, or latest: the newest \
      rollout or run, whichever started last.
      """,
    completion: .custom(ShellCompletion.runsAndRollouts))
  var subject: String

  @Option(help: "html, junit, json, markdown or csv.")
  var format: ReportFormat

  @Option(
    help: ArgumentHelp("The file to write; default: standard output.", valueName: "file"),
    completion: .file())
  var to: String?

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions

  func run() async throws {
    let choice = try environment.choice(ProcessInfo.processInfo.environment)
    let options = try journal.settings(choice)
    let reader = try options.reader()
    guard let to else {
      return try report(of: subject, in: reader, options) { StandardStream.output.write($0) }
    }
    let path = try CommandPath.expand(to)
    do {
      let file = try AtomicFile(path, .shared)
      try report(of: subject, in: reader, options) { try file.write(Array($0.utf8)) }
      try file.commit()
    } catch let error as FileError {
      throw CommandFailure(
        .unwritten, "the report cannot be written to `\(to)`: \(error.cause)", hint: error.hint)
    }
    StandardStream.error.write("privirun: the report is in \(path)\n")
  }

  private func report(
    of text: String, in reader: JournalReader, _ options: JournalSettings,
    to write: (String) throws -> Void
  ) throws {
    switch try subject(text, in: reader, options) {
    case .rollout(let summary):
      let recorded = try RolloutReading(summary, in: reader, options)
      try RolloutReport(
        recorded.view, recorded.source, try recorded.progress(), journal: options.named,
        at: try WallClock().now()
      ).write(format, to: write)
    case .run(let run):
      let record = try options.translated { () throws(JournalError) in
        try reader.record(of: run)
      }
      let isOver = if case .runFinished? = record.events.last?.kind { true } else { false }
      let progress = try options.translated { () throws(JournalError) in
        isOver ? nil : try RunProgress(of: record, run: run, in: reader)
      }
      let api =
        if case .runStarted(let start)? = record.events.first?.kind {
          RecordedDescription.find(start, in: reader)
        } else {
          nil as APIDescription?
        }
      try RunReport(record.events, progress, journal: options.named, api: api)
        .write(format, to: write)
    }
  }

  private enum Subject {
    case run(RunID)
    case rollout(RolloutSummary)
  }

  /// What `text` names: a rollout where both have it.
  private func subject(
    _ text: String, in reader: JournalReader, _ options: JournalSettings
  ) throws -> Subject {
    if text.lowercased() == "latest" { return try latest(in: reader, options) }
    if let summary = try? reader.rollout(matching: text) { return .rollout(summary) }
    return .run(
      try options.translated { () throws(JournalError) in try reader.run(matching: text) })
  }

  /// The newest rollout, or the newest run that belongs to none.
  private func latest(in reader: JournalReader, _ options: JournalSettings) throws -> Subject {
    let (rollout, run) = try options.translated { () throws(JournalError) in
      (
        try reader.rollouts(limit: 1).first,
        try reader.runs(RunFilter(limit: 1, membership: .ofTheirOwn)).first
      )
    }
    switch (rollout, run) {
    case (let rollout?, let run?):
      return rollout.startedAt >= run.startedAt ? .rollout(rollout) : .run(run.run)
    case (let rollout?, nil): return .rollout(rollout)
    case (nil, let run?): return .run(run.run)
    case (nil, nil): throw CommandFailure(.invalid, JournalError.noRuns.description)
    }
  }
}

extension ReportFormat: ExpressibleByArgument {}
