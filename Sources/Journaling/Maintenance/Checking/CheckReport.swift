package import Events

/// What a check of a journal found.
package struct CheckReport: Sendable, Hashable {
  /// What is wrong, at most `mostProblems`.
  package private(set) var problems: [JournalProblem] = []
  /// How many more there are.
  package private(set) var furtherProblems = 0
  /// What is left over of what was interrupted; the records are intact all the same.
  package var leftovers: [JournalLeftover] = []
  /// How much was looked at.
  package var counts = Counts()

  /// So many problems are listed.
  package static let mostProblems = 200

  /// A report of nothing yet.
  package init() {}

  /// Whether nothing is wrong.
  package var isIntact: Bool { problems.isEmpty }

  mutating func add(_ problem: JournalProblem) {
    if problems.count < Self.mostProblems {
      problems.append(problem)
    } else {
      furtherProblems += 1
    }
  }

  /// How much a journal holds.
  package struct Counts: Sendable, Hashable {
    /// Runs, those of rollouts included.
    package var runs = 0
    /// Rollouts.
    package var rollouts = 0
    /// Events of both.
    package var events = 0
    /// Texts that runs were planned from.
    package var texts = 0
    /// Schedules.
    package var schedules = 0
    /// Ticks of schedules.
    package var ticks = 0

    /// Of nothing.
    package init() {}
  }
}

/// Something that is wrong with a journal.
package enum JournalProblem: Sendable, Hashable {
  /// SQLite finds the file damaged; its own words.
  case structure(String)
  /// A table, an index or a trigger is missing, or is another one.
  case schema(name: String)
  /// Rows of `table` belong to no record.
  case strayRows(table: String, count: Int)
  /// A row of the list of runs cannot be read.
  case unreadableLine(run: String)
  /// The key is not there, or cannot be used: nothing could be verified.
  case key(JournalError)
  /// Records were made under another key, whose id this is in hex; the first few are named.
  case otherKey(id: String, [RunID], count: Int)
  /// A record is not what was recorded.
  case record(RunID, RecordKind, [ChainFlaw])
  /// A stored text is not what was stored, by its digest in hex.
  case text(String)
  /// So many requests to a run were left by somebody without the key, or altered.
  case requests(RunID, count: Int)
  /// Complete commits are lost at the end of the journal.
  case lostCommits
  /// So many rows of `table`, which are sealed whole, cannot be read and are ignored.
  case sealedRows(table: String, count: Int)
  /// The ledger of a schedule is not what was recorded; what is wrong, such as `tick 7 was altered`.
  case schedule(name: String, reasons: [String])
}

/// Something that an interruption left behind.
package enum JournalLeftover: Sendable, Hashable {
  /// A run that is over holds locks, by their keys.
  case locks(RunID, [String])
  /// So many requests wait for a run that is over.
  case requests(RunID, count: Int)
  /// So many processes are dead and drive nothing.
  case owners(count: Int)
  /// The end of the log was torn; nothing complete is lost.
  case tornTail(discardedBytes: Int)
  /// A rotation of the key was interrupted; the path of what it left.
  case keyRotation(path: String)
  /// A part of a rollout has been moved into an archive.
  case archiving(RunID)
  /// No record names so many texts.
  case texts(count: Int)
}
