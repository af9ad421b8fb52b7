import ArgumentParser
import FoundationEssentials
import Journaling

struct JournalBackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the journal as it is now, and verify the copy.",
    discussion: """
      Other processes may record meanwhile. To restore a copy, stop them, remove the journal with its \
      -wal and -shm files, and put the copy in its place.

        privirun journal backup --to /backup/journal.sqlite
        privirun journal backup --to /backup/journal.sqlite --force
      """)

  @Option(
    help: ArgumentHelp("The copy; only its owner may read it.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var to: String

  @Flag(help: "Also copy the key, to the same name and .key: who has both can read all secrets.")
  var withKey = false

  @Flag(help: "Replace files that are there.")
  var force = false

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions

  func run() async throws {
    let settings = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let order = JournalBackup.Order(
      journal: try CommandPath.expand(settings.path), key: settings.key,
      target: try CommandPath.expand(to), keyCopy: withKey ? .copied : .left,
      existing: force ? .replaced : .refused, at: try WallClock().now())
    let progress = UpkeepProgress("verified")
    let report = try Upkeep.translated { () throws(MaintenanceError) in
      try JournalBackup.perform(order) { progress.report($0, of: $1) }
    }
    progress.end()
    StandardStream.output.write(report.text(to))
    if !report.check.isIntact { throw CommandEnding(status: .failed) }
  }
}
