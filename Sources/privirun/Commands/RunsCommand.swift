import ArgumentParser
import Events
import FoundationEssentials
import Journaling
import Reporting

struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs in the journal, newest first.")

  @Option(help: "How many at most, 1 to 10000.")
  var limit = 50

  @OptionGroup var labels: LabelOptions
  @OptionGroup var journal: JournalOptions
  @OptionGroup var output: ReportOptions
  @OptionGroup var color: ColorOptions

  func validate() throws {
    guard (1...10_000).contains(limit) else {
      throw ValidationError("--limit must be 1 to 10000")
    }
  }

  func run() async throws {
    let reader = try journal.reader()
    let runs = try journal.translated { () throws(JournalError) in
      try reader.runs(limit: limit, labels: labels.labels)
    }
    var progress: [RunID: RunProgress] = [:]
    for run in runs where run.outcome == nil {
      progress[run.run] = try journal.translated { () throws(JournalError) in
        try RunProgress(of: try reader.record(of: run.run), run: run.run, in: reader)
      }
    }
    let listing = RunListing(
      runs, progress, at: try WallClock().now(), isFiltered: !labels.labels.isEmpty)
    switch output.form {
    case .json: StandardStream.output.write(listing.json)
    case .text:
      let style = color.style(environment: ProcessInfo.processInfo.environment)
      StandardStream.output.write(listing.text(style))
    }
  }
}
