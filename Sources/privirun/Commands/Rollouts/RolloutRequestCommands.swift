import ArgumentParser
import Events
import Expressions
import FoundationEssentials
import Journaling
import Reporting

/// The rollout that a request is left for.
struct RolloutRequestOptions: ParsableArguments {
  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions

  /// Leaves `kind` for the process that drives the rollout; `check` throws where it could do nothing with it.
  func post(
    _ kind: RunRequest.Kind, to text: String, done: String,
    check: (RolloutView) throws -> Void = { _ in }
  ) async throws {
    let choice = try environment.choice(ProcessInfo.processInfo.environment)
    let options = try journal.settings(choice)
    let (journal, summary) = try options.unfinished(rollout: text)
    try check(RolloutReading(summary, in: journal.reader, options).view)
    try await options.post(kind, to: summary.rollout, in: journal, done: done)
  }
}

struct RolloutCancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Ask the process that drives a rollout to stop it cleanly.",
    discussion: """
      No further tenant starts, and the runs in progress are cancelled: requests in flight may still \
      finish, and every `always` runs.

        privirun rollout cancel latest
      """)

  @Argument(help: "The rollout.", completion: .custom(ShellCompletion.rollouts))
  var rollout: String
  @OptionGroup var request: RolloutRequestOptions

  func run() async throws {
    try await request.post(.cancel, to: rollout, done: "cancellation requested")
  }
}

struct RolloutPauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let no further tenant start; those in progress finish.")

  @Argument(help: "The rollout.", completion: .custom(ShellCompletion.rollouts))
  var rollout: String
  @OptionGroup var request: RolloutRequestOptions

  func run() async throws {
    try await request.post(.pause, to: rollout, done: "pause requested")
  }
}

struct RolloutUnpauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpause", abstract: "Let tenants start again after a pause.")

  @Argument(help: "The rollout.", completion: .custom(ShellCompletion.rollouts))
  var rollout: String
  @OptionGroup var request: RolloutRequestOptions

  func run() async throws {
    try await request.post(.unpause, to: rollout, done: "end of the pause requested")
  }
}

struct RolloutApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve or reject the next stage of a rollout.",
    discussion: """
      For a rollout with `gate: approval` that waits between two stages. After a rejection, no further \
      tenant starts.

        privirun rollout approve latest
        privirun rollout approve latest --reject --reason "too many warnings"
      """)

  @Argument(help: "The rollout.", completion: .custom(ShellCompletion.rollouts))
  var rollout: String
  @Flag(help: "Reject the next stage: the rollout stops.")
  var reject = false
  @Option(help: "The reason for the rejection, which is recorded.")
  var reason: String?
  @OptionGroup var request: RolloutRequestOptions

  func validate() throws {
    guard reject || reason == nil else { throw ValidationError("--reason goes with --reject") }
  }

  func run() async throws {
    let verdict: ApprovalDecision.Verdict =
      reject ? .rejected(reason: reason?.isEmpty ?? true ? nil : reason) : .approved
    let decision = ApprovalDecision(
      verdict, fields: [:], by: CurrentUser.name, at: try WallClock().now())
    try await request.post(
      .decide(StepPath(components: [.step("gate")]), decision), to: rollout,
      done: "\(reject ? "rejection" : "approval") of the next stage requested"
    ) { view in
      // It would be passed over: nobody decides on what is not known yet.
      if case .approval? = view.hold { return }
      throw CommandFailure(
        .invalid, "the rollout does not wait for an approval",
        hint: view.hold == nil
          ? nil : "it waits after stage \(view.stage) first: approve when that is over")
    }
  }
}
