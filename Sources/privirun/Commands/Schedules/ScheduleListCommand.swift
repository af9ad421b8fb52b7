import ArgumentParser
import Reporting

struct ScheduleListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the schedules of the journal.",
    discussion: """
      Each with its state, when it is due next, what was decided last, and the active daemon.

        privirun schedule list
        privirun schedule list --output json
      """)

  @OptionGroup var options: ScheduleOptions

  func run() async throws {
    let settings = try options.settings()
    let reading = try options.reading(settings)
    let now = try WallClock().now()
    let listing = ScheduleListing(
      try reading.allWithWaits(), unusable: try reading.unusable(), acting: try reading.acting(),
      silentFor: try reading.silence(at: now), journal: settings.named, at: now)
    options.write(text: listing.text, json: listing.json)
  }
}
