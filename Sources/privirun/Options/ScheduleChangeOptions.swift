import ArgumentParser
import Reporting
import TimeZones

/// What the commands that change one schedule have in common.
struct ScheduleChangeOptions: ParsableArguments {
  @Argument(help: "The schedule.", completion: .custom(ShellCompletion.schedules))
  var name: String

  @OptionGroup var schedules: ScheduleOptions

  /// Makes `change` to the schedule and writes what it did.
  func perform(_ change: (ScheduleChange) async throws -> ScheduleReply) async throws {
    let schedule = try ScheduleChange(name, in: try schedules.settings(), zones: .system)
    let reply = try await change(schedule)
    schedules.write(text: reply.text, json: reply.json)
  }
}
