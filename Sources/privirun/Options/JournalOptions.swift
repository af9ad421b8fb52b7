import ArgumentParser
import Journaling

/// Where runs are recorded.
struct JournalOptions: ParsableArguments {
  /// Where runs are recorded unless the user says otherwise.
  static let defaultPath = ".privirun/journal.sqlite"

  @Option(
    help: ArgumentHelp("The journal of all runs.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var journal = JournalOptions.defaultPath

  /// The journal for reading; it must be there.
  func reader() throws -> JournalReader {
    let path = try CommandPath.expand(journal)
    return try translated { () throws(JournalError) in try JournalReader.open(at: path) }
  }

  /// The journal for recording; it is made when it is not there.
  func writer() throws -> SQLiteJournal {
    let path = try CommandPath.expand(journal)
    let identity = OwnerIdentity.current(since: try WallClock().now())
    let writer = try translated { () throws(JournalError) in
      try SQLiteJournal.open(at: path, as: identity)
    }
    if writer.hasNewKey {
      StandardStream.error.write(
        "privirun: the key \(path).key was gone and a new one was made; nothing was sealed under "
          + "the old one\n")
    }
    return writer
  }

  /// Runs `body`, with its errors as a user needs them.
  func translated<Result>(_ body: () throws(JournalError) -> Result) throws -> Result {
    do throws(JournalError) {
      return try body()
    } catch {
      throw CommandFailure(.invalid, error.description, hint: error.hint)
    }
  }
}
