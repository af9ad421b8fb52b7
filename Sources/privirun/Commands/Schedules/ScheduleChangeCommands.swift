import ArgumentParser
import Reporting

struct SchedulePauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let a schedule start no rollout until it is resumed.",
    discussion: """
      Instants that are due meanwhile get the verdict `paused`. A rollout in progress is not stopped, and \
      `privirun schedule trigger` still starts one.

        privirun schedule pause weekly-policy --reason "too many warnings"
      """)

  @Argument(help: "The schedule.", completion: .custom(ShellCompletion.schedules))
  var name: String

  @Option(help: "The reason, which is recorded.")
  var reason: String?

  @OptionGroup var options: ScheduleOptions

  func run() async throws {
    let given = reason.flatMap { $0.isEmpty ? nil : $0 }
    let reply = try await options.change(name).pause(reason: given)
    options.write(text: reply.text, json: reply.json)
  }
}

struct ScheduleResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused schedule start rollouts again.",
    discussion: """
        privirun schedule resume weekly-policy
      """)

  @Argument(help: "The schedule.", completion: .custom(ShellCompletion.schedules))
  var name: String

  @OptionGroup var options: ScheduleOptions

  func run() async throws {
    let reply = try await options.change(name).resume()
    options.write(text: reply.text, json: reply.json)
  }
}

struct ScheduleTriggerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trigger", abstract: "Start the rollout of a schedule now.",
    discussion: """
      The active daemon starts it, also while the schedule is paused, once no rollout of the schedule is in \
      progress. It is recorded as triggered, with the name of the user.

        privirun schedule trigger weekly-policy
      """)

  @Argument(help: "The schedule.", completion: .custom(ShellCompletion.schedules))
  var name: String

  @OptionGroup var options: ScheduleOptions

  func run() async throws {
    let reply = try await options.change(name).trigger()
    options.write(text: reply.text, json: reply.json)
  }
}

struct ScheduleForgetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget", abstract: "Let a schedule begin anew whose ledger cannot be used.",
    discussion: """
      Nothing is decided about a schedule whose ledger was altered, or stayed under an old key when it was \
      rotated. `privirun schedule list` names it. Its verdicts are removed, so make a backup first to keep \
      them; then it begins as if it were served for the first time. A ledger that can be used is kept.

        privirun journal backup --to before.sqlite
        privirun schedule forget weekly-policy
      """)

  @Argument(help: "The schedule.", completion: .custom(ShellCompletion.schedules))
  var name: String

  @OptionGroup var options: ScheduleOptions

  func run() async throws {
    let reply = try await options.change(name).forget()
    options.write(text: reply.text, json: reply.json)
  }
}
