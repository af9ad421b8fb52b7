/// What was copied, and whether the copy is whole.
package struct BackupReport: Sendable, Hashable {
  /// The size of the copy in bytes.
  package var byteCount: Int
  /// The path of the key's copy; nil where the key was not copied.
  package var key: String?
  /// The path of the journal's key.
  package var journalKey: String
  /// What a check of the copy found.
  package var check: CheckReport
}
