import ArgumentParser
import Reporting

struct ScheduleHistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List what was decided about due instants, newest first.",
    discussion: """
      Each due instant has one verdict: ran, caught up, triggered, skipped: overlap, skipped: window, \
      paused, missed or failed to start.

        privirun schedule history
        privirun schedule history weekly-policy --limit 10
      """)

  @Argument(
    help: "The schedule; all of the journal unless one is named.",
    completion: .custom(ShellCompletion.schedules))
  var name: String?

  @Option(help: "The maximum number of verdicts, 1 to 10000.")
  var limit = 50

  @OptionGroup var options: ScheduleOptions

  func validate() throws {
    guard (1...10_000).contains(limit) else {
      throw ValidationError("--limit must be 1 to 10000")
    }
  }

  func run() async throws {
    let settings = try options.settings()
    let reading = try options.reading(settings)
    let listing = TickListing(try reading.ticks(of: name, limit: limit))
    options.write(text: listing.text, json: listing.json)
  }
}
