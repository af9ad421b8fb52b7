import Events

/// The commands that are suggested for schedules, written as a shell reads them.
package struct ScheduleCommands: Sendable, Hashable {
  /// The journal as the commands name it; nil when they find it without.
  private let journal: JournalReference?

  /// The commands, with `journal` where they would not find it otherwise.
  package init(journal: JournalReference? = nil) {
    self.journal = journal
  }

  /// Such as `privirun serve DIR --journal runs.sqlite`.
  package var serve: String { command(["serve", "DIR"]) }

  /// Such as `privirun schedule resume policy-rollout`.
  package func resume(_ schedule: String) -> String { command(["schedule", "resume", schedule]) }

  /// Such as `privirun schedule forget policy-rollout`.
  package func forget(_ schedule: String) -> String { command(["schedule", "forget", schedule]) }

  /// What to do about a ledger that is not intact.
  package func hint(forFlawed schedule: String) -> String {
    "`\(command(["journal", "check"]))` shows what is intact, and `\(forget(schedule))` lets the "
      + "schedule begin anew"
  }

  private func command(_ words: [String]) -> String {
    ShellWords.line(["privirun"] + words + (journal?.arguments ?? []))
  }

  /// The active daemon of the journal, or that there is none; without a full stop.
  func text(of acting: RunProgress.Driver?, silentFor silence: Duration? = nil) -> String {
    guard let acting else {
      return "no daemon is active on this journal: `\(serve)` starts one"
    }
    let text = "active daemon: \(acting.text)"
    guard let silence else { return text }
    return "\(text), which has not renewed its lease for \(ElapsedText.round(silence))"
  }
}
