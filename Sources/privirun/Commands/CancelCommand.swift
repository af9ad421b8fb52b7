import ArgumentParser
import Events
import FoundationEssentials
import Journaling

struct CancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Ask the process that drives a run to stop it cleanly.",
    discussion: """
      Requests in flight may still finish, every `always` runs, and the run ends as cancelled. The \
      process that drives the run reacts within a second; if there is none, the run is cancelled when \
      it is resumed.

        privirun cancel latest
      """)

  @Argument(
    help: "The run's id, a unique prefix of it, or latest.",
    completion: .custom(ShellCompletion.runs))
  var run: String

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions

  func run() async throws {
    let options = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let (journal, run) = try options.unfinished(run)
    try await options.post(
      RunRequest(run: run.run, .cancel), in: journal, done: "cancellation requested")
  }
}
