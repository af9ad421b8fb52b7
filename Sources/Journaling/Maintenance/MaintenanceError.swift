import Files

/// Why the upkeep of a journal cannot be done.
package enum MaintenanceError: Error, Sendable, Hashable {
  /// The journal, or the other one, cannot be used.
  case journal(JournalError)
  /// Processes drive runs of the journal.
  case inUse(path: String, by: [JournalOwner])
  /// The other file is the journal itself.
  case sameFile(path: String)
  /// There is a file already.
  case exists(path: String)
  /// The archive was made under another key than the journal's.
  case otherArchiveKey(path: String, keyPath: String)
  /// A key that somebody named may be that of other journals: the new one needs a file of its own.
  case newKeyNeeded(keyPath: String)
  /// The new key cannot take the place of the one there is.
  case unusableNewKey(path: String, reason: String)
  /// A file cannot be written.
  case unwritable(path: String, reason: String, hint: String?)
  /// The copy of the journal is not a whole database.
  case damagedCopy(reason: String)
}

extension MaintenanceError: CustomStringConvertible {
  /// What is wrong, in one sentence without a full stop.
  package var description: String {
    switch self {
    case .journal(let error): error.description
    case .inUse(let path, let owners):
      "the journal \(path) is in use by "
        + (owners.isEmpty
          ? "another process" : owners.map { "\($0.identity)" }.joined(separator: ", "))
    case .sameFile(let path): "\(path) is the journal itself"
    case .exists(let path): "\(path) exists already"
    case .otherArchiveKey(let path, let keyPath):
      "the archive \(path) was made under another key than \(keyPath)"
    case .newKeyNeeded(let keyPath):
      "the key \(keyPath) was named, and other journals may have it, too: it is not replaced"
    case .unusableNewKey(let path, let reason): "the new key \(path) cannot be used: \(reason)"
    case .unwritable(let path, let reason, _): "\(path) cannot be written: \(reason)"
    case .damagedCopy(let reason): "the copy of the journal is damaged: \(reason)"
    }
  }

  /// What to do next, when that is known.
  package var hint: String? {
    switch self {
    case .journal(let error): error.hint
    case .inUse: "wait until it ends, or stop it; then try again"
    case .sameFile: "name another file with `--to FILE`"
    case .exists: "name another file with `--to FILE`, or replace it with `--force`"
    case .otherArchiveKey: "begin a new archive with `--to FILE`"
    case .newKeyNeeded:
      "name a file for the new key with `--new-key FILE`; it is made when it is missing"
    case .unusableNewKey: "name another file with `--new-key FILE`"
    case .unwritable(_, _, let hint): hint
    case .damagedCopy: "`privirun journal check` says whether the journal is; look at the disk, too"
    }
  }
}

extension MaintenanceError {
  /// The error of a file that is to be written.
  init(_ error: FileError) {
    self =
      error.problem == .exists
      ? .exists(path: error.path)
      : .unwritable(path: error.path, reason: error.cause, hint: error.hint)
  }

  /// Runs `body`, whose errors are those of a journal.
  static func translating<Result>(
    _ body: () throws(JournalError) -> Result
  ) throws(MaintenanceError) -> Result {
    do throws(JournalError) {
      return try body()
    } catch {
      throw .journal(error)
    }
  }
}
