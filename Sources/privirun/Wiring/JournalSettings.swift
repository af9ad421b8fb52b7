import Events
import Journaling
import Operations
import Reporting

/// The journal of a command.
struct JournalSettings {
  /// Where runs are recorded unless something else is named.
  static let defaultPath = ".privirun/journal.sqlite"

  /// The path of the journal, in which `~` may stand for the home folder.
  let path: String
  /// The path of its key; nil where that is beside the journal.
  let key: String?
  /// The journal as commands must name it; nil when they find it without.
  let named: JournalReference?

  /// The commands that are suggested for `run`.
  func commands(for run: RunID) -> RunCommands { RunCommands(of: run, journal: named) }

  /// The journal for reading; it must be there.
  func reader() throws -> JournalReader {
    let reader = try openReader()
    report(reader.tornTail)
    return reader
  }

  /// The same for a check, which reports itself what was lost.
  func checkedReader() throws -> JournalReader { try openReader() }

  /// The journal for reading its schedules; it must be there.
  func readerForSchedules() throws -> JournalReader {
    let reader = try openReaderForSchedules()
    report(reader.tornTail)
    return reader
  }

  private func openReaderForSchedules() throws -> JournalReader {
    let path = try CommandPath.expand(path)
    do throws(JournalError) {
      return try JournalReader.open(at: path, key: key)
    } catch .missing {
      throw CommandFailure(
        .invalid, JournalError.missing(path: path).description, hint: JournalError.noSchedules.hint)
    } catch {
      throw failure(error)
    }
  }

  private func openReader() throws -> JournalReader {
    let path = try CommandPath.expand(path)
    return try translated { () throws(JournalError) in
      try JournalReader.open(at: path, key: key)
    }
  }

  /// Says on standard error what the journal lost when it was written last.
  private func report(_ tornTail: TornTail?) {
    guard let tornTail else { return }
    let hint = tornTail.hint.map { "  hint: \($0)\n" } ?? ""
    StandardStream.error.write("privirun: \(tornTail)\n\(hint)")
  }

  /// The journal for recording; it is made when it is not there.
  func writer() throws -> SQLiteJournal { try writer(at: try CommandPath.expand(path)) }

  /// What is done about a journal that lost complete commits.
  enum LostCommits {
    case refused
    case accepted
  }

  /// The journal that is there, which stays open when the current folder changes.
  ///
  /// Throws with status 3 where complete commits are lost and that is `refused`.
  func writerForResuming(_ run: String, _ lost: LostCommits) throws -> SQLiteJournal {
    // No reader may be open when the writer opens: the look at what was lost closes files of the
    // journal, and with them goes every lock that this process has on them.
    try look(for: run, lost)
    return try continued(at: CommandPath.absolute(try CommandPath.expand(path)))
  }

  /// The journal at `path`, whose runs are continued or added to: a restored backup is one no longer.
  private func continued(at path: String) throws -> SQLiteJournal {
    let journal = try writer(at: path)
    try translated { () throws(JournalError) in
      if try journal.reader.backupMoment() != nil { try journal.forgetBackup() }
    }
    return journal
  }

  /// The same for a rollout.
  func writerForResuming(rollout: String, _ lost: LostCommits) throws -> SQLiteJournal {
    do {
      let reader = try openReader()
      _ = try translated { () throws(JournalError) in try reader.rollout(matching: rollout) }
      if lost == .refused { try refuseLoss(in: reader) }
    }
    return try continued(at: CommandPath.absolute(try CommandPath.expand(path)))
  }

  /// Sees that the journal and the run are there, and refuses a journal that lost commits where that is
  /// to be refused: to open it for writing forgets what it lost.
  private func look(for run: String, _ lost: LostCommits) throws {
    let reader = try openReader()
    _ = try translated { () throws(JournalError) in try reader.run(matching: run) }
    if lost == .refused { try refuseLoss(in: reader) }
  }

  /// The journal for recording a new run; it is made when it is not there.
  ///
  /// Throws with status 3 where complete commits are lost and a run of the journal is not over: to open
  /// it for writing forgets the loss, and the run would be continued as if there had been none.
  func writerForRunning() throws -> SQLiteJournal {
    let path = try CommandPath.expand(path)
    if JournalReader.lacksCommits(at: path) { try lookForLoss(at: path) }
    let journal = try writer(at: path)
    guard let backup = try translated(journal.reader.backupMoment) else { return journal }
    if try translated(journal.reader.holdsUnfinished) {
      throw Self.refusal(of: Self.restoration(from: backup))
    }
    try translated(journal.forgetBackup)
    return journal
  }

  /// The path of the journal and of its key for its upkeep; throws with status 3 where complete commits are
  /// lost and a run is not over: what writes to the journal forgets the loss.
  func upkeep() throws -> (path: String, key: String?) {
    let path = try CommandPath.expand(path)
    try lookForLoss(at: path)
    return (path, key)
  }

  private func lookForLoss(at path: String) throws {
    let reader: JournalReader
    do throws(JournalError) {
      reader = try JournalReader.open(at: path, key: key)
    } catch .missing {
      return
    } catch {
      throw failure(error)
    }
    let holdsUnfinished = try translated { () throws(JournalError) in
      try reader.holdsUnfinished()
    }
    if holdsUnfinished { try refuseLoss(in: reader) }
  }

  /// What a run did after the last commit that is left could be done again.
  private func refuseLoss(in reader: JournalReader) throws {
    let backup = try translated { () throws(JournalError) in try reader.backupMoment() }
    var loss = backup.map(Self.restoration)
    if let tail = reader.tornTail, tail.lacksCommits { loss = "\(tail)" }
    if let loss { throw Self.refusal(of: loss) }
  }

  private static func restoration(from backup: Moment) -> String {
    "the journal was restored from a backup of \(backup.text)"
  }

  private static func refusal(of loss: String) -> CommandFailure {
    CommandFailure(
      .inDoubt, "\(loss): a run may have gone further than its record says",
      hint:
        "compare its runs with the service; `privirun resume RUN --accept-loss` then continues one "
        + "from its record")
  }

  private func writer(at path: String) throws -> SQLiteJournal {
    let identity = OwnerIdentity.current(since: try WallClock().now())
    let key = key.map(CommandPath.absolute)
    let writer = try translated { () throws(JournalError) in
      try SQLiteJournal.open(at: path, key: key, as: identity)
    }
    report(writer.reader.tornTail)
    if writer.hasNewKey {
      StandardStream.error.write(
        "privirun: the key \(writer.reader.keyPath) was gone and a new one was made; nothing was sealed "
          + "under the old one\n")
    }
    return writer
  }

  /// The journal for posting, and the run that `prefix` names; throws when it is over.
  func unfinished(_ prefix: String) throws -> (SQLiteJournal, RunSummary) {
    try refuseLoss(in: try openReader())
    let journal = try writer()
    let summary = try translated { () throws(JournalError) in
      let run = try journal.reader.run(matching: prefix)
      return try journal.reader.summary(of: run)
    }
    guard let summary else { throw CommandFailure(.invalid, "there is no such run") }
    if let outcome = summary.outcome {
      throw CommandFailure(
        .invalid, "run \(summary.run) has already ended (\(outcome.rawValue))")
    }
    return (journal, summary)
  }

  /// The journal for posting, and the rollout that `text` names; throws when it is over.
  func unfinished(rollout text: String) throws -> (SQLiteJournal, RolloutSummary) {
    try refuseLoss(in: try openReader())
    let journal = try writer()
    let summary = try translated { () throws(JournalError) in
      try journal.reader.rollout(matching: text)
    }
    if let outcome = summary.outcome {
      throw CommandFailure(
        .invalid, "rollout \(summary.rollout) has already ended (\(outcome.rawValue))")
    }
    return (journal, summary)
  }

  /// The journal for changing a schedule, which must be there.
  func writerForSchedules() throws -> SQLiteJournal {
    try refuseLoss(in: try openReaderForSchedules())
    return try writer()
  }

  /// Leaves a request for the owner of `rollout`, and says `done`; where no process drives it, also how it
  /// is continued.
  func post(
    _ kind: RunRequest.Kind, to rollout: RunID, in journal: SQLiteJournal, done: String
  ) async throws {
    let resume = RolloutCommands(of: rollout, journal: named).resume
    do throws(JournalError) {
      try await journal.post(RunRequest(run: rollout, kind))
    } catch {
      guard case .decided = error else { throw failure(error) }
      throw CommandFailure(
        .invalid, "a decision on rollout \(rollout) was left already, and is not handled yet",
        hint: "`\(resume)` handles it where no process drives the rollout")
    }
    let driver = try translated { () throws(JournalError) in
      try journal.reader.driver(of: rollout)
    }
    let further = driver == nil ? "no process drives it: continue it with `\(resume)`\n" : ""
    StandardStream.output.write("rollout \(rollout): \(done)\n\(further)")
  }

  /// Leaves `request` for the owner of its run, and says `done`; where no process drives the run, also
  /// how it is continued.
  func post(_ request: RunRequest, in journal: SQLiteJournal, done: String) async throws {
    do throws(JournalError) {
      try await journal.post(request)
    } catch {
      throw failure(error)
    }
    let run = request.run
    let driver = try translated { () throws(JournalError) in try journal.reader.driver(of: run) }
    let further =
      driver == nil ? "no process drives it: continue it with `\(commands(for: run).resume)`\n" : ""
    StandardStream.output.write("run \(run): \(done)\n\(further)")
  }

  /// Runs `body`, with its errors as a user needs them.
  func translated<Result>(_ body: () throws(JournalError) -> Result) throws -> Result {
    do throws(JournalError) {
      return try body()
    } catch {
      throw failure(error)
    }
  }

  /// `error` as a user needs it.
  func failure(_ error: JournalError) -> CommandFailure {
    let hint =
      switch error {
      case .decided(let run, _):
        "`\(commands(for: run).resume)` handles it where no process drives the run"
      case .over(let run): "`\(commands(for: run).show)` shows how it ended"
      case .flawed(let run, _): "`\(commands(for: run).verify)` says what is intact"
      case .flawedLedger(let schedule, _):
        ScheduleCommands(journal: named).hint(forFlawed: schedule)
      case _: error.hint
      }
    let failure = CommandFailure(.invalid, error.description, hint: hint)
    return switch error {
    case .flawed, .otherKey: failure.lasting
    case _: failure
    }
  }
}
