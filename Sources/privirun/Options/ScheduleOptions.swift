import ArgumentParser
import FoundationEssentials
import Reporting
import TimeZones

/// What the commands about recorded schedules have in common.
struct ScheduleOptions: ParsableArguments {
  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions
  @OptionGroup var output: ReportOptions
  @OptionGroup var color: ColorOptions

  /// The journal that the options, the environment or the program names.
  func settings() throws -> JournalSettings {
    try journal.settings(try environment.choice(ProcessInfo.processInfo.environment))
  }

  /// The schedules of the journal of `settings`.
  func reading(_ settings: JournalSettings) throws -> ScheduleReading {
    ScheduleReading(try settings.readerForSchedules(), settings, zones: .system)
  }

  /// Writes a report in the form that is asked for.
  func write(text: (TerminalStyle) -> String, json: @autoclosure () -> String) {
    switch output.form {
    case .json: StandardStream.output.write(json())
    case .text:
      let style = color.style(environment: ProcessInfo.processInfo.environment)
      StandardStream.output.write(text(style))
    }
  }
}
