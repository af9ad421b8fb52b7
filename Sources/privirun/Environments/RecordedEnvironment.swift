import Environments
import Events
import Journaling

/// The environment of a run or rollout that is continued, which must be the one that the command uses.
struct RecordedEnvironment {
  /// Such as `run 7k2m9q0d4x1z`.
  private let phrase: String
  /// The name in the run's record; nil where it was started in no environment.
  private let name: String?
  /// The service that the run called last; nil for a run that calls none.
  private let service: ServiceOrigins?

  /// The environment of `run`.
  init(of run: RunID, in reader: JournalReader, _ options: JournalSettings) throws {
    let record = try options.translated { () throws(JournalError) in try reader.record(of: run) }
    var overview = RunOverview()
    for event in record.events { overview.apply(event) }
    self.init(
      of: "run \(run)", name: overview.start?.environment, service: overview.service)
  }

  /// The environment `name` of what `phrase` names, which called `service` last.
  init(of phrase: String, name: String?, service: ServiceOrigins?) {
    self.phrase = phrase
    self.name = name
    self.service = service
  }

  /// `settings` with the environment that the run belongs to.
  ///
  /// Throws with status 2 where a command in one environment would continue a run of another.
  func checked(
    _ settings: ServiceSettings, _ variables: [String: String]
  ) throws -> ServiceSettings {
    guard let name else { return try checkedWithoutName(settings) }
    var settings = settings
    if let selected = settings.choice.selected {
      guard selected.name != name else { return settings }
      let isKnown = settings.choice.file?.environments.contains { $0.name == name } ?? false
      throw contradiction(
        "\(phrase) was started in the environment `\(name)`, and \(selected.phrase) is another one",
        hint: isKnown
          ? "`--environment \(name)` continues it"
          : "\(selected.file) does not name `\(name)` any more; `--no-environment` continues it"
      )
    }
    // Protection must not end with an option.
    let file = try settings.choice.file ?? EnvironmentsFile.ofProject(variables)
    guard let file, file.environments.contains(where: { $0.name == name }) else { return settings }
    guard !settings.choice.isDeclined else {
      throw contradiction(
        "\(phrase) was started in the environment `\(name)`, so that `--no-environment` does not go "
          + "with it",
        hint: "leave out the option")
    }
    settings.choice.file = file
    settings.choice.selected = try file.selection(
      EnvironmentChoice.Named(name: name, by: .record))
    return settings
  }

  /// A run of no environment continues in one only where that has the service of the run.
  private func checkedWithoutName(_ settings: ServiceSettings) throws -> ServiceSettings {
    guard let selected = settings.choice.selected, let service, !service.isOwnSandbox,
      service != ServiceOrigins(selected.addresses)
    else { return settings }
    throw contradiction(
      "\(phrase) calls \(service.shortText), and \(selected.phrase) has another service",
      hint: "`--no-environment` continues it")
  }

  private func contradiction(_ message: String, hint: String) -> CommandFailure {
    CommandFailure(.invalid, message, hint: hint)
  }

  /// Asks before the run is continued in a protected environment.
  func confirm(
    _ settings: ServiceSettings, _ action: String, _ confirmation: ConfirmationOptions
  ) throws {
    try protected(settings)?.confirm(action, confirmation)
  }

  /// The protected environment that the run acts in; nil for any other, and for a run that calls nothing
  /// outside this process.
  func protected(_ settings: ServiceSettings) -> ProtectedEnvironment? {
    guard let service, !service.isOwnSandbox else { return nil }
    return ProtectedEnvironment(
      settings.choice.selected, at: settings.options.apiURL ?? service.shortText)
  }
}
