import ArgumentParser
import Events
import FoundationEssentials
import Journaling
import Reporting

struct RolloutResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Continue a rollout after any interruption.",
    discussion: """
      Runs that were interrupted are continued where they stopped, and tenants that have no run yet \
      start. The rollout keeps to the playbook and the tenants that it was started with.

        privirun rollout resume latest
      """)

  @Argument(help: "The rollout.", completion: .custom(ShellCompletion.rollouts))
  var rollout: String

  @OptionGroup var continuation: RolloutContinuationOptions

  func run() async throws {
    throw CommandEnding(status: try await continuation.perform(rollout, runningAgain: .unfinished))
  }
}

struct RolloutRetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Run the tenants again that did not succeed.",
    discussion: """
      The runs of tenants that failed, were cancelled or are in doubt are continued at the step that did \
      not succeed; what they did before is not done again. Tenants that have no run yet start, too. Use \
      `privirun rollout run` for a changed playbook or changed tenants.

        privirun rollout retry latest --failed
      """)

  @Argument(help: "The rollout.", completion: .custom(ShellCompletion.rollouts))
  var rollout: String

  @Flag(help: "Only the tenants that did not succeed; the default, and the only choice.")
  var failed = false

  @OptionGroup var continuation: RolloutContinuationOptions

  func run() async throws {
    throw CommandEnding(
      status: try await continuation.perform(rollout, runningAgain: .unsuccessful))
  }
}

/// How a rollout is continued.
struct RolloutContinuationOptions: ParsableArguments {
  @Flag(help: "End the process that drives the rollout, and take over.")
  var takeOver = false

  @Flag(help: "Continue although the journal lost complete commits; look at the service first.")
  var acceptLoss = false

  @Flag(help: "Stop with status 3 when the rollout can only continue after a person's decision.")
  var noWait = false

  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Environment") var confirmation: ConfirmationOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions
  @OptionGroup(title: "Telemetry") var tracing: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func perform(
    _ text: String, runningAgain tenants: RolloutResumption.Tenants
  ) async throws -> ExitStatus {
    try ResourceLimit.prepareDescriptors()
    SharedHeap.use()
    let environment = ProcessInfo.processInfo.environment
    let choice = try self.environment.choice(environment)
    let options = try self.journal.settings(choice)
    let journal = try options.writerForResuming(
      rollout: text, acceptLoss ? .accepted : .refused)
    let summary = try options.translated { () throws(JournalError) in
      try journal.reader.rollout(matching: text)
    }
    var service = ServiceSettings(options: service, choice: choice, isQuiet: output.quiet)
    service.tracesRequests = tracing.traceContext
    return try await RolloutContinuation(
      journal: journal, options: options, service: service, output: output,
      confirmation: confirmation, takesOver: takeOver, environment: environment,
      noWait: noWait
    ).perform(summary, runningAgain: tenants)
  }
}
