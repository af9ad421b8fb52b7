import ArgumentParser
import Events
import FoundationEssentials
import Journaling
import Reporting

struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs in the journal, newest first.")

  @Option(help: "The maximum number of runs, 1 to 10000.")
  var limit = 50

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
    let runs = try journal.translated { () throws(JournalError) in
      try reader.runs(limit: limit, labels: labels.labels)
    }
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
      isFiltered: !labels.labels.isEmpty)
    switch output.form {
    case .json: StandardStream.output.write(listing.json)
    case .text:
      let style = color.style(environment: ProcessInfo.processInfo.environment)
      StandardStream.output.write(listing.text(style))
    }
  }
}
