import ArgumentParser

struct SchedulePauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let a schedule start no rollout until it is resumed.",
    discussion: """
      Instants that are due meanwhile get the verdict `paused`. A rollout in progress is not stopped, and \
      `privirun schedule trigger` still starts one.

        privirun schedule pause weekly-policy --reason "too many warnings"
      """)

  @Option(help: "The reason, which is recorded.")
  var reason: String?

  @OptionGroup var options: ScheduleChangeOptions

  func run() async throws {
    let given = reason.flatMap { $0.isEmpty ? nil : $0 }
    try await options.perform { try await $0.pause(reason: given) }
  }
}

struct ScheduleResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused schedule start rollouts again.",
    discussion: """
        privirun schedule resume weekly-policy
      """)

  @OptionGroup var options: ScheduleChangeOptions

  func run() async throws {
    try await options.perform { try await $0.resume() }
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

  @OptionGroup var options: ScheduleChangeOptions

  func run() async throws {
    try await options.perform { try await $0.trigger() }
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

  @OptionGroup var options: ScheduleChangeOptions

  func run() async throws {
    try await options.perform { try await $0.forget() }
  }
}
