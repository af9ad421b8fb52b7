package import Events
package import Operations

/// The notifications that are not delivered yet, as closures over the journal that holds them.
package struct NoticeOutbox: Sendable {
  /// Those that are due at the moment, oldest first, at most `limit`; no other process gets them within
  /// `hold`.
  package var take:
    @Sendable (_ due: Moment, _ limit: Int, _ hold: Duration) async throws -> [StoredNotice]
  /// Puts a notification off.
  package var delay: @Sendable (_ notice: RunID, _ until: Moment) async throws -> Void
  /// Removes a notification that was delivered, or given up.
  package var remove: @Sendable (_ notice: RunID) async throws -> Void

  /// The outbox that is reached by these functions.
  package init(
    take: @escaping @Sendable (Moment, Int, Duration) async throws -> [StoredNotice],
    delay: @escaping @Sendable (RunID, Moment) async throws -> Void,
    remove: @escaping @Sendable (RunID) async throws -> Void
  ) {
    self.take = take
    self.delay = delay
    self.remove = remove
  }
}
