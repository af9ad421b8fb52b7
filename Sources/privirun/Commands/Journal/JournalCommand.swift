import ArgumentParser

struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Archive, check and back up the journal, and rotate its key.",
    discussion: """
        privirun journal check
        privirun journal backup --to /backup/journal.sqlite
        privirun journal archive --before 90d --to archive.sqlite
        privirun journal key rotate

      All but `key rotate` work while other processes record in the journal.

      Exit codes: 0 done; 1 something is damaged; 2 the file or the usage is invalid; 3 complete commits \
      are lost and a run is not over; 70 internal error; 74 the output could not be written; 75 a process \
      drives runs of the journal.
      """,
    subcommands: [
      JournalArchiveCommand.self, JournalCheckCommand.self, JournalKeyCommand.self,
      JournalBackupCommand.self,
    ])
}
