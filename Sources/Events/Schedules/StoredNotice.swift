package import Operations

/// A notification that is to be delivered, as the journal keeps it until then.
package struct StoredNotice: Sendable, Hashable {
  /// Names it for whoever receives it; drawn like the id of a run.
  package var id: RunID
  /// What it is about and where it goes, as the module `Notifications` writes it; the journal seals it.
  package var form: [UInt8]
  /// When it is delivered at the earliest.
  package var due: Moment
  /// How often that was attempted.
  package var attempts: Int

  /// A notification that was not attempted yet.
  package init(id: RunID, form: [UInt8], due: Moment, attempts: Int = 0) {
    self.id = id
    self.form = form
    self.due = due
    self.attempts = attempts
  }
}
