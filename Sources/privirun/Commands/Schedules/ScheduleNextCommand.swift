import ArgumentParser
import Reporting

struct ScheduleNextCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "List the next due instants of all schedules, in order.",
    discussion: """
        privirun schedule next
        privirun schedule next weekly-policy nightly-drift --count 3
      """)

  @Argument(
    help: "The schedules; all of the journal unless some are named.",
    completion: .custom(ShellCompletion.schedules))
  var names: [String] = []

  @Option(help: "The number of instants, 1 to 10000.")
  var count = 10

  @OptionGroup var options: ScheduleOptions

  func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count must be 1 to 10000")
    }
  }

  func run() async throws {
    let settings = try options.settings()
    let reading = try options.reading(settings)
    let listing = NextListing(
      try reading.schedules(names), count: count, at: try WallClock().now())
    options.write(text: listing.text, json: listing.json)
  }
}
