import ArgumentParser
import Reporting

struct ScheduleListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the schedules of the journal.",
    discussion: """
      Each with its state, when it is due next, what was decided last, and who acts on them.

        privirun schedule list
        privirun schedule list --output json
      """)

  @OptionGroup var options: ScheduleOptions

  func run() async throws {
    let settings = try options.settings()
    let reading = try options.reading(settings)
    let listing = ScheduleListing(
      try reading.all(), acting: try reading.acting(), journal: settings.named,
      at: try WallClock().now())
    options.write(text: listing.text, json: listing.json)
  }
}
