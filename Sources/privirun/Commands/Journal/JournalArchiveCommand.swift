import ArgumentParser
import FoundationEssentials
import Glibc
import Journaling
import Operations
import Schedules
import TimeZones

struct JournalArchiveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive", abstract: "Move old runs and rollouts into another journal.",
    discussion: """
      A run of its own, or a rollout with all its runs, is moved when all of it is over and older than \
      --before. What is in doubt, in use or needed stays, and so does the latest successful run of each \
      tenant and playbook, with which drift is compared. Old verdicts of schedules are moved, too. \
      Everything is copied and verified before it is removed.

        privirun journal archive --before 90d --to archive.sqlite --dry-run
        privirun journal archive --before 2027-01-01 --to archive.sqlite
        privirun runs --journal archive.sqlite
      """)

  @Option(
    help: ArgumentHelp(
      "Move what has its last event before then: a duration ago, such as 90d, a date in UTC, or an "
        + "instant in RFC 3339.", valueName: "time"))
  var before: String

  @Option(
    help: ArgumentHelp("The archive; made when it is missing.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var to: String

  @Flag(help: "Print what would be moved, and change nothing.")
  var dryRun = false

  @Flag(
    help: """
      Also shrink the journal file, for which no process may drive runs. Otherwise the space is used again \
      for what is recorded next.
      """)
  var compact = false

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions

  func validate() throws {
    guard !dryRun || !compact else {
      throw ValidationError("--dry-run and --compact cannot be given together")
    }
  }

  func run() async throws {
    let settings = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let now = try WallClock().now()
    let cutoff = try Self.cutoff(before, at: now)
    let (path, key) = try settings.upkeep()
    let order = JournalArchive.Order(
      journal: path, key: key, archive: try CommandPath.expand(to), before: cutoff, at: now)
    if dryRun {
      let report = try Upkeep.translated { () throws(MaintenanceError) in
        try JournalArchive.preview(order)
      }
      return StandardStream.output.write(report.text(to, .planned))
    }
    let compaction = compact ? try Upkeep.compaction(of: path, key) : nil
    try compaction?.refuseUse()
    let progress = UpkeepProgress("moved")
    let report = try Upkeep.translated { () throws(MaintenanceError) in
      try JournalArchive.perform(order, pause: Self.letOthersCommit) {
        progress.report($0, of: $1)
      }
    }
    progress.end()
    StandardStream.output.write(report.text(to, .done))
    try compaction?.perform()
    if report.leavesDamage { throw CommandEnding(status: .failed) }
  }

  /// Waits longer than SQLite does before it looks again whether a journal is free (100 ms).
  private static func letOthersCommit() { usleep(120_000) }

  /// The instant that `text` means; throws with status 2.
  private static func cutoff(_ text: String, at now: Moment) throws -> Moment {
    if let duration = try? RunsCommand.duration(text) { return now + (.zero - duration) }
    guard let moment = Moment(scheduled: text, in: .utc) else {
      throw CommandFailure(
        .invalid, "`--before \(text)` is not a time",
        hint: "write `90d`, `2027-01-01` or `2027-01-01T00:00:00Z`")
    }
    guard moment <= now else {
      throw CommandFailure(.invalid, "`--before \(text)` is in the future")
    }
    return moment
  }
}
