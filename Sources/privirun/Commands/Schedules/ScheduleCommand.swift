import ArgumentParser

struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "Show, pause and trigger the schedules of rollouts.",
    discussion: """
      A rollout file with `schedule` is started by `privirun serve`. The journal holds what was decided \
      about each due instant.

        privirun schedule preview workflows/rollouts/weekly-policy.yaml
        privirun schedule list
        privirun schedule history weekly-policy
        privirun schedule pause weekly-policy --reason "too many warnings"
        privirun schedule resume weekly-policy

      A schedule is named by the name of its rollout, or by the path of the rollout file.

      Exit codes: 0 done; 2 the file, the name or the usage is invalid; 3 complete commits are lost and a \
      run is not over; 70 internal error; 74 the output could not be written.
      """,
    subcommands: [
      ScheduleListCommand.self, SchedulePreviewCommand.self, ScheduleHistoryCommand.self,
      ScheduleNextCommand.self, SchedulePauseCommand.self, ScheduleResumeCommand.self,
      ScheduleTriggerCommand.self, ScheduleForgetCommand.self,
    ])
}
