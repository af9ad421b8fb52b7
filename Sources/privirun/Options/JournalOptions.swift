import ArgumentParser
import Environments
import Files
import FoundationEssentials
import Reporting

/// Where runs are recorded.
struct JournalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The journal of all runs; default: that of the environment, or \(JournalSettings.defaultPath).",
      valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var journal: String?

  @Option(
    help: ArgumentHelp(
      "The key of the journal; default: beside it (PRIVIRUN_JOURNAL_KEY). Saved plans that were "
        + "sealed under it open elsewhere.", valueName: "file"),
    completion: .file())
  var journalKey: String?

  /// The journal that the option, the environment or the program names, in this order.
  ///
  /// Throws where the option names the journal of another environment.
  func settings(_ choice: EnvironmentChoice = EnvironmentChoice()) throws -> JournalSettings {
    if let journal { try refuseOther(journal, choice) }
    let path = journal ?? choice.selected?.environment.journal ?? JournalSettings.defaultPath
    let isNamed =
      journal != nil && (path != JournalSettings.defaultPath || choice.selected != nil)
    let arguments =
      choice.arguments + (isNamed ? ["--journal", path] : [])
      + (journalKey.map { ["--journal-key", $0] } ?? [])
    return JournalSettings(
      path: path, key: try keyPath(),
      named: arguments.isEmpty ? nil : JournalReference(arguments: arguments))
  }

  /// The path of the key that the option names, or else the variable; nil where it is beside the journal.
  private func keyPath() throws -> String? {
    let variable = ProcessInfo.processInfo.environment["PRIVIRUN_JOURNAL_KEY"]
    let path = journalKey ?? variable.flatMap { $0.isEmpty ? nil : $0 }
    return try path.map(CommandPath.expand)
  }

  /// A run in the one environment would be recorded, and later be looked for, among those of the other.
  private func refuseOther(_ journal: String, _ choice: EnvironmentChoice) throws {
    guard let selected = choice.selected, let file = choice.file,
      let path = Self.whole(journal), path != Self.whole(selected.environment.journal),
      let other = file.environments.first(where: { Self.whole($0.journal) == path })
    else { return }
    throw CommandFailure(
      .invalid,
      "`--journal \(journal)` is the journal of the environment `\(other.name)`, and \(selected.phrase) "
        + "has another one",
      hint: "leave out `--journal`, or name the environment with `--environment \(other.name)`")
  }

  private static func whole(_ path: String) -> String? {
    try? UserPath.absolute(path, home: ProcessInfo.processInfo.environment["HOME"])
  }
}
