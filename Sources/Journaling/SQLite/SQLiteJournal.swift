package import Cryptography
package import Events

/// The record of all runs in one SQLite file, with its key (`<journal>.key`, or another file) and the
/// locks of its owners (`<journal>.lock`) beside it.
///
/// Secrets are sealed under the key, and everything recorded is authenticated with it.
package final class SQLiteJournal: Journal {
  /// Reads what is recorded, on the same connection.
  package let reader: JournalReader
  let file: JournalFile
  let sealing: Sealing
  let ownership: Ownership
  let writes: GroupedWrites
  let polls = JournalPolls()
  let knownRuns = KnownRuns()
  /// Whether the key of a journal that holds runs was gone and another was made.
  ///
  /// That loses nothing: nothing was sealed under the one that is gone.
  package let hasNewKey: Bool

  private init(
    file: JournalFile, key: JournalKey, hasNewKey: Bool, as identity: OwnerIdentity,
    random: RandomBytes
  ) throws(JournalError) {
    var file = file
    // By now there is a key, too.
    file.identity = JournalIdentity(of: file.path, file.keyFile)
    file.recordingKey = key.id
    self.file = file
    self.hasNewKey = hasNewKey
    sealing = Sealing(key: key, random: random)
    ownership = Ownership(identity, try OwnerLocks(beside: file.path))
    writes = GroupedWrites(to: file, as: ownership)
    reader = JournalReader(file: file)
  }

  /// Opens the journal at `path` for writing and makes what is missing: folders (mode 0700), the
  /// file, its key and its locks (mode 0600), tables.
  ///
  /// The key is in the file at `keyPath`, or else beside the journal. The process becomes the owner
  /// `identity` once it records something. Throws `missingKey` when the key is gone and secrets are
  /// sealed under it.
  package static func open(
    at path: String, key keyPath: String? = nil, as identity: OwnerIdentity,
    random: RandomBytes = .system
  ) throws(JournalError) -> SQLiteJournal {
    let file = try JournalFile.open(forWritingAt: path, key: keyPath)
    let keyFile = file.keyFile
    let key: JournalKey
    var hasNewKey = false
    do {
      key = try keyFile.load()
    } catch .missingKey {
      let contents = try file.contents()
      switch contents {
      case .nothing, .nothingSealed:
        key = try keyFile.loadOrCreate(random: random)
        hasNewKey = contents == .nothingSealed
        try file.write { database in
          if try CurrentKey.id(in: database) != nil { try CurrentKey.set(key, in: database) }
        }
      case .secrets:
        // Another process may have made the first key and recorded meanwhile.
        key = try keyFile.load()
      }
    }
    return try SQLiteJournal(
      file: file, key: key, hasNewKey: hasNewKey, as: identity, random: random)
  }
}

/// Reading.
extension SQLiteJournal {
  /// Reads what is recorded on a connection of its own, so that long reads hold up no commit.
  package func separateReader() throws(JournalError) -> JournalReader {
    JournalReader(file: try file.reopened())
  }

  /// Everything that is recorded of `run`, verified, its secrets as they were.
  package func record(of run: RunID) async throws(JournalError) -> RunRecord {
    try reader.record(of: run, secrets: .unsealed)
  }

  /// The runs of the tenants of `rollout`, in the order of the tenants.
  package func tenantRuns(of rollout: RunID) async throws(JournalError) -> [TenantRunRow] {
    try reader.tenantRuns(of: rollout)
  }

  /// The text under `digest`, or nil; throws `damaged` when it is not that text.
  package func text(_ digest: TextDigest) async throws(JournalError) -> [UInt8]? {
    try reader.text(digest, sealing.key)
  }
}
