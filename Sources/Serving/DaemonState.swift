/// What a daemon does at the moment.
package enum DaemonState: String, Sendable, Hashable, CaseIterable {
  /// It reads its files and opens the journal.
  case starting
  /// It acts on schedules.
  case acting
  /// Another process acts, and it waits to take over.
  case standingBy = "standing-by"
  /// It starts nothing any more, and waits for the tenants in progress.
  case draining
}
