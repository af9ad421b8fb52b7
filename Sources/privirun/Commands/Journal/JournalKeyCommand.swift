import ArgumentParser
import FoundationEssentials
import Journaling

struct JournalKeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Change the key of the journal.",
    subcommands: [JournalKeyRotateCommand.self])
}

struct JournalKeyRotateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Seal and authenticate everything under a new key.",
    discussion: """
      The old key is kept beside the new one until you remove it: backups, archives and saved plans that \
      were made under it need it. No process may drive runs of the journal meanwhile.

        privirun journal key rotate
        privirun journal key rotate --journal-key old.key --new-key new.key
      """)

  @Option(
    help: ArgumentHelp(
      "The file with the new key, made when it is missing; needed where the key of the journal is "
        + "named. Default: a random key in the place of the old one.", valueName: "file"),
    completion: .file())
  var newKey: String?

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions

  func run() async throws {
    let settings = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let (path, key) = try settings.upkeep()
    let order = KeyRotation.Order(
      journal: path, key: key, newKey: try newKey.map(CommandPath.expand),
      as: .current(since: try WallClock().now()))
    let progress = UpkeepProgress("sealed")
    let report = try Upkeep.translated { () throws(MaintenanceError) in
      try KeyRotation.perform(order) { progress.report($0, of: $1) }
    }
    progress.end()
    StandardStream.output.write(report.text)
    if report.leavesDamage { throw CommandEnding(status: .failed) }
  }
}
