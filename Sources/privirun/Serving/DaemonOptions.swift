import Diagnostics
import Environments
import Events
import Files
import Networking
import Rollouts
import Serving

/// What `privirun serve` was started with, for each rollout that it starts or continues.
struct DaemonOptions: Sendable {
  let source: RolloutSourceOptions
  let confirmation: ConfirmationOptions
  /// The journal of the daemon.
  let journal: JournalSettings
  let environment: [String: String]
  let secrets: KnownSecrets

  /// The environment in which a rollout runs that names `environmentName`, or none.
  ///
  /// Throws where that has another journal than the daemon.
  func choice(
    _ environmentName: String?, report: ([Diagnostic], SourceTexts) -> Void
  ) throws -> EnvironmentChoice {
    let choice = try source.environment.choice(
      environment, rolloutFile: environmentName, report: report)
    let other = try source.journal.settings(choice)
    guard let selected = choice.selected, try whole(other.path) != whole(journal.path) else {
      return choice
    }
    throw CommandFailure(
      .invalid,
      "\(selected.phrase) has the journal \(other.path), and this daemon records in "
        + "\(journal.path)",
      hint: "`privirun serve --environment \(selected.name)` serves its rollouts")
  }

  private func whole(_ path: String) throws -> String {
    try UserPath.absolute(path, home: environment["HOME"])
  }

  /// The service in that environment.
  func service(_ choice: EnvironmentChoice) -> ServiceSettings {
    ServiceSettings(options: source.service, choice: choice, isQuiet: true)
  }

  /// Throws where a person would have to confirm that something is changed in `environment`.
  func refuse(_ environment: ProtectedEnvironment?) throws(CommandFailure) {
    guard let environment, !confirmation.yes else { return }
    throw CommandFailure(
      .invalid, environment.phrase,
      hint: "`privirun serve --yes` starts rollouts in protected environments")
  }

  /// Why no rollout of a file that names `environmentName` can be started, as far as that is known before it
  /// is prepared; nil where nothing is known to hinder it.
  func objection(toEnvironment environmentName: String?) -> StartRefusal? {
    let diagnostics = CollectedDiagnostics(hiding: secrets)
    do {
      let choice = try choice(environmentName, report: diagnostics.add)
      let address = choice.selected.map { "\($0.addresses.api)" } ?? ""
      try refuse(ProtectedEnvironment(choice.selected, at: address))
      return nil
    } catch {
      return diagnostics.refusal(error)
    }
  }
}
