import ArgumentParser
import FoundationEssentials
import Journaling

struct JournalCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Verify the whole journal.",
    discussion: """
      The file, every record and its chain, the texts that runs were planned from, the ledgers of \
      schedules, and the lists that are kept of them. What is wrong is listed with what to do, and the exit \
      code is 1 then. What interruptions left behind is listed, too, with what happens to it.

        privirun journal check
        privirun journal check --journal archive.sqlite --output json
      """)

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions
  @OptionGroup var output: ReportOptions

  func run() async throws {
    let settings = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let reader = try settings.checkedReader()
    let progress = UpkeepProgress("checked")
    let report = try settings.translated { () throws(JournalError) in
      try JournalCheck.perform(on: reader) { progress.report($0, of: $1) }
    }
    progress.end()
    switch output.form {
    case .json: StandardStream.output.write(report.json(settings.path))
    case .text: StandardStream.output.write(report.text(settings.path))
    }
    if !report.isIntact { throw CommandEnding(status: .failed) }
  }
}
