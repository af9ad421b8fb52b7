import ArgumentParser
import FoundationEssentials
import Operations
import Reporting
import Rollouts
import Schedules
import TimeZones

struct SchedulePreviewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Show when a rollout file is due.",
    discussion: """
      The coming instants in UTC and in the time zone of the schedule, and what happens where the clocks \
      skip a local time or show it twice. No journal is needed and nothing is started.

        privirun schedule preview workflows/rollouts/weekly-policy.yaml
        privirun schedule preview rollout.yaml --count 3 --from 2027-03-28
      """)

  @Argument(help: "The rollout file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(help: "The number of instants, 1 to 10000.")
  var count = 10

  @Option(
    help: ArgumentHelp(
      "The earliest instant: RFC 3339, or a date or time in the time zone of the schedule, such as "
        + "2027-03-28T02:30; default: now.", valueName: "instant"))
  var from: String?

  @OptionGroup var output: ReportOptions
  @OptionGroup var color: ColorOptions

  func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count must be 1 to 10000")
    }
  }

  func run() async throws {
    let (definition, texts) = try RolloutDefinition.load(
      file, report: { StandardStream.report($0, quoting: $1) })
    StandardStream.report(definition.warnings, quoting: texts)
    guard let schedule = definition.schedule else {
      throw CommandFailure.noSchedule(in: file)
    }
    let preview = SchedulePreview(
      schedule, name: definition.name, file: file, from: try start(schedule), count: count)
    let variables = ProcessInfo.processInfo.environment
    switch output.form {
    case .json: StandardStream.output.write(preview.json)
    case .text: StandardStream.output.write(preview.text(color.style(environment: variables)))
    }
  }

  /// The earliest instant that is shown.
  private func start(_ schedule: Schedule) throws -> Moment {
    guard let from else { return try WallClock().now() }
    guard let moment = Moment(scheduled: from, in: schedule.zone) else {
      throw CommandFailure(
        .invalid, "`--from \(from)` is not an instant",
        hint:
          "write `2027-03-28` or `2027-03-28T02:30` for a local time in \(schedule.zone.name), or "
          + "`2027-03-28T01:30:00Z`")
    }
    return moment
  }
}
