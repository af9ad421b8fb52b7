import ArgumentParser
import Events
import FoundationEssentials
import Journaling
import Reporting
import TimeZones

struct RolloutStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how a rollout stands, also while it is in progress.",
    discussion: """
        privirun rollout status latest
        privirun rollout status onboard-tenants --output json
        privirun runs --rollout latest --outcome failed
      """)

  @Argument(help: "The rollout.", completion: .custom(ShellCompletion.rollouts))
  var rollout: String
  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions
  @OptionGroup var output: ReportOptions
  @OptionGroup var color: ColorOptions

  func run() async throws {
    let variables = ProcessInfo.processInfo.environment
    let options = try journal.settings(try environment.choice(variables))
    let reader = try options.reader()
    let recorded = try RolloutReading(rollout, in: reader, options)
    let schedules = ScheduleReading(reader, options, zones: .system)
    var status = RolloutStatus(
      recorded.view, try recorded.progress(), tick: try schedules.tick(starting: recorded.view),
      journal: options.named, at: try WallClock().now())
    try recorded.visit { status.add($0) }
    switch output.form {
    case .json: StandardStream.output.write(status.json)
    case .text: StandardStream.output.write(status.text(color.style(environment: variables)))
    }
  }
}

struct RolloutListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the rollouts in the journal, newest first.")

  @Option(help: "The maximum number of rollouts, 1 to 10000.")
  var limit = 50
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
    let variables = ProcessInfo.processInfo.environment
    let options = try journal.settings(try environment.choice(variables))
    let reader = try options.reader()
    let summaries = try options.translated { () throws(JournalError) in
      try reader.rollouts(limit: limit)
    }
    var items: [RolloutListing.Item] = []
    for summary in summaries {
      let recorded = try RolloutReading(summary, in: reader, options)
      items.append(
        RolloutListing.Item(
          summary, counts: try recorded.counts(), progress: try recorded.progress()))
    }
    let listing = RolloutListing(items, at: try WallClock().now())
    switch output.form {
    case .json: StandardStream.output.write(listing.json)
    case .text: StandardStream.output.write(listing.text(color.style(environment: variables)))
    }
  }
}
