import Events
import Notifications
import Reporting

extension FollowUpCommands {
  /// The commands about `rollout`, which find its journal by `journal`.
  init(about rollout: RunID, journal: JournalReference?) {
    self.init()
    let commands = RolloutCommands(of: rollout, journal: journal?.absolute)
    status = commands.status
    approve = commands.approve
    resume = commands.resume
    retry = commands.retry
    doubts = commands.runs(.inDoubt)
  }

  /// The command that plans the rollout in `file`, which leaves no record.
  init(planning file: String) {
    self.init()
    plan = ShellWords.line(["privirun", "rollout", "plan", file])
  }

  /// The commands about the schedule `name`, which find its journal by `journal`.
  init(ofSchedule name: String, journal: JournalReference?) {
    self.init()
    history = ShellWords.line(
      ["privirun", "schedule", "history", name] + (journal?.absolute.arguments ?? []))
  }
}

extension JournalReference {
  /// The same for whoever reads a notification, in another current folder.
  fileprivate var absolute: JournalReference {
    var arguments = arguments
    for index in arguments.indices.dropFirst()
    where ["--journal", "--journal-key"].contains(arguments[index - 1]) {
      arguments[index] = CommandPath.absolute(arguments[index])
    }
    return JournalReference(arguments: arguments)
  }
}
