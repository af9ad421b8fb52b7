import Journaling

/// What the commands about the journal have in common.
enum Upkeep {
  /// Runs `body`, with its errors as a user needs them.
  static func translated<Result>(
    _ body: () throws(MaintenanceError) -> Result
  ) throws -> Result {
    do throws(MaintenanceError) {
      return try body()
    } catch {
      throw CommandFailure(status(of: error), error.description, hint: error.hint)
    }
  }

  /// What shrinks the journal at `path`.
  static func compaction(of path: String, _ key: String?) throws -> Compaction {
    Compaction(
      work: JournalCompaction(
        journal: path, key: key, as: .current(since: try WallClock().now())))
  }

  /// Shrinks a journal that nobody uses.
  struct Compaction {
    let work: JournalCompaction

    func refuseUse() throws {
      try translated { () throws(MaintenanceError) in try work.refuseUse() }
    }

    func perform() throws {
      let saved = try translated { () throws(MaintenanceError) in try work.perform() }
      StandardStream.output.write("the journal file is \(CountText.bytes(saved)) smaller\n")
    }
  }

  private static func status(of error: MaintenanceError) -> ExitStatus {
    switch error {
    case .inUse: .owned
    case .damagedCopy: .failed
    case .journal, .sameFile, .exists, .otherArchiveKey, .newKeyNeeded, .unusableNewKey,
      .unwritable:
      .invalid
    }
  }
}
