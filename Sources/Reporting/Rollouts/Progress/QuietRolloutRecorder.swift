package import Events
import Operations

/// Writes nothing unless the rollout does not succeed; then the summary.
package struct QuietRolloutRecorder: RolloutRecorder {
  private let style: TerminalStyle
  private let journal: JournalReference?
  private let write: @Sendable (String) -> Void
  private var progress = RolloutProgress()

  /// A recorder that gives each line, with its newline, to `write`; commands that it suggests name
  /// `journal`, where there is one.
  package init(
    style: TerminalStyle, journal: JournalReference? = nil,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.style = style
    self.journal = journal
    self.write = write
  }

  /// Remembers the event, so that later ones are understood.
  package mutating func recall(_ event: RunEvent) { progress.recall(event) }

  /// Remembers how the tenant stands.
  package mutating func recall(_ row: TenantRow) { progress.recall(row) }

  /// Writes the summary of a rollout that ends without success.
  package mutating func record(_ event: RunEvent, of run: RunID) {
    progress.apply(event, of: run)
    guard case .rollout(.finished(let result)) = event.kind, result.outcome != .succeeded else {
      return
    }
    let ending = RolloutEnding(progress: progress, journal: journal, reportFile: nil)
    for line in ending.lines(style) { write(line + "\n") }
  }

  /// Remembers how the tenant stands.
  package mutating func leave(_ run: RunID, as state: TenantState) {
    progress.leave(run, as: state)
  }
}
