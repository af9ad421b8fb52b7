import Diagnostics
import Environments
import Events
import Files
import Networking
import Planning
import Rollouts

/// What `privirun serve` was started with, for each rollout that it starts or continues.
struct DaemonOptions: Sendable {
  let source: RolloutSourceOptions
  let confirmation: ConfirmationOptions
  /// Whether `--trace-context` is given.
  let tracesRequests: Bool
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
    var settings = ServiceSettings(options: source.service, choice: choice, isQuiet: true)
    settings.tracesRequests = tracesRequests
    return settings
  }

  /// Throws where a person would have to confirm that something is changed in `environment`.
  func refuse(_ environment: ProtectedEnvironment?) throws(CommandFailure) {
    guard let environment, !confirmation.yes else { return }
    throw CommandFailure(
      .invalid, environment.phrase,
      hint: "`privirun serve --yes` starts rollouts in protected environments")
  }

  /// Whether rollouts that change something in the environment of `choice` have to be confirmed and are not.
  func needsConfirmation(_ choice: EnvironmentChoice) -> Bool {
    !confirmation.yes && choice.selected?.environment.isProtected ?? false
  }

  /// What `plan` calls in the environment of `choice`; throws where a person would have to confirm that.
  func target(
    for plan: Plan, in choice: EnvironmentChoice, _ mode: RolloutMode
  ) throws -> ServiceTarget {
    let target = try service(choice).target(for: plan, environment: environment)
    if mode == .apply { try refuse(ProtectedEnvironment(choice.selected, calling: target)) }
    return target
  }
}
