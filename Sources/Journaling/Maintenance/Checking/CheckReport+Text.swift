package import Events
import Operations

extension JournalProblem: CustomStringConvertible {
  /// One sentence without a full stop; of a record, a line for each flaw follows.
  package var description: String {
    switch self {
    case .structure(let reason): "the file is damaged: \(reason)"
    case .schema(let name): "`\(name)` is missing in the file, or was changed by another program"
    case .strayRows(let table, let count):
      "\(count) \(count == 1 ? "row" : "rows") of the table `\(table)` "
        + "\(count == 1 ? "belongs" : "belong") to no record"
    case .unreadableLine(let run): "the line of `\(run)` in the list of runs cannot be read"
    case .key(let error): "\(error): no record could be verified"
    case .otherKey(let id, let runs, let count):
      "\(count) \(count == 1 ? "record was" : "records were") made under another key (\(id)) and "
        + "could not be verified: \(runs.map(\.text).joined(separator: ", "))"
        + (count > runs.count ? " and \(count - runs.count) more" : "")
    case .record(let run, let kind, let flaws):
      "the record of \(kind == .rollout ? "rollout" : "run") \(run) is damaged:"
        + Self.lines(flaws.map(\.description))
    case .text(let digest): "the stored text \(digest) was altered"
    case .requests(let run, let count):
      "\(count) \(count == 1 ? "request" : "requests") to \(run) cannot be read, and "
        + "\(count == 1 ? "is" : "are") ignored"
    case .lostCommits: "complete commits at the end of the journal are lost"
    case .sealedRows(let table, let count):
      "\(count) \(count == 1 ? "row" : "rows") of the table `\(table)` cannot be read, and "
        + "\(count == 1 ? "is" : "are") ignored"
    case .schedule(let name, let reasons):
      "the ledger of the schedule `\(name)` is damaged:" + Self.lines(reasons)
    }
  }

  /// So many flaws of a record are printed.
  private static let mostFlaws = 20

  private static func lines(_ flaws: [String]) -> String {
    flaws.prefix(mostFlaws).map { "\n  \($0)" }.joined()
      + (flaws.count > mostFlaws ? "\n  and \(flaws.count - mostFlaws) more" : "")
  }

  /// What to do next.
  package var hint: String? {
    switch self {
    case .schedule:
      "restore a backup, or let the schedule begin anew with `privirun schedule forget` if "
        + "`privirun schedule list` names it"
    case .structure, .schema, .strayRows, .unreadableLine, .text:
      "restore a backup, or begin a new journal with `--journal FILE` and keep this one as evidence"
    case .key(let error): error.hint
    case .otherKey: "check them with the key that they were made under: `--journal-key FILE`"
    case .record(let run, _, _):
      "`privirun show \(run)` shows what stands before the first flaw; a backup may hold the whole"
    case .requests: "leave the request again"
    case .sealedRows: "somebody without the journal's key made or altered them"
    case .lostCommits:
      "a run may have gone further than its record says: compare it with the service before you "
        + "resume it"
    }
  }

  /// The word for it in JSON.
  package var name: String {
    switch self {
    case .structure: "structure"
    case .schema: "schema"
    case .strayRows: "stray-rows"
    case .unreadableLine: "unreadable-line"
    case .key: "key"
    case .otherKey: "other-key"
    case .record: "record"
    case .text: "text"
    case .requests: "requests"
    case .sealedRows: "sealed-rows"
    case .lostCommits: "lost-commits"
    case .schedule: "schedule"
    }
  }

  /// The run or rollout that it is about, and which of both.
  package var record: (id: RunID, kind: RecordKind)? {
    switch self {
    case .record(let run, let kind, _): (run, kind)
    case .structure, .schema, .strayRows, .unreadableLine, .key, .otherKey, .text, .requests,
      .sealedRows, .lostCommits, .schedule:
      nil
    }
  }
}

extension JournalLeftover: CustomStringConvertible {
  /// One sentence without a full stop.
  package var description: String {
    switch self {
    case .locks(let run, let keys):
      "run \(run) is over and holds \(keys.count == 1 ? "a lock" : "\(keys.count) locks"): "
        + keys.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
        + (keys.count > 5 ? " and \(keys.count - 5) more" : "")
    case .requests(let run, let count):
      "\(count) \(count == 1 ? "request waits" : "requests wait") for \(run), which is over"
    case .owners(let count):
      "\(count) \(count == 1 ? "process" : "processes") that drove runs ended, and "
        + "\(count == 1 ? "drives" : "drive") none any more"
    case .tornTail(let count):
      "the journal's tail was torn: \(count) bytes after the last complete commit are discarded"
    case .keyRotation(let path): "a rotation of the key was interrupted and left \(path)"
    case .archiving(let rollout):
      "archiving rollout \(rollout) was interrupted: a part of it is in the archive already"
    case .texts(let count):
      "no record names \(count) stored \(count == 1 ? "text" : "texts")"
    }
  }

  /// What happens to it.
  package var hint: String {
    switch self {
    case .locks: "it keeps no other run from starting: the next run that needs the lock takes it"
    case .requests: "whoever resumes the run handles it"
    case .owners: "the next process that records something removes them"
    case .tornTail: "the next process that records something cuts it off"
    case .keyRotation: "the next `privirun journal key rotate` uses the key in it"
    case .archiving:
      "`privirun journal archive` with the same `--before` and `--to` moves the rest; nobody can resume or "
        + "retry the rollout before"
    case .texts: "`privirun journal archive` removes those that its archive holds"
    }
  }

  /// The word for it in JSON.
  package var name: String {
    switch self {
    case .locks: "locks"
    case .requests: "requests"
    case .owners: "owners"
    case .tornTail: "torn-tail"
    case .keyRotation: "key-rotation"
    case .archiving: "archiving"
    case .texts: "texts"
    }
  }
}
