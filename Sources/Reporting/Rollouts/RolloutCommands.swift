package import Events

/// The commands that are suggested for a rollout, written as a shell reads them.
package struct RolloutCommands: Sendable, Hashable {
  private let rollout: RunID
  /// The journal as the commands name it; nil when they find it without.
  package let journal: JournalReference?

  /// The commands for `rollout`, with `journal` where they would not find it otherwise.
  package init(of rollout: RunID, journal: JournalReference? = nil) {
    self.rollout = rollout
    self.journal = journal
  }

  /// Such as `privirun rollout status 7k2m9q0d4x1z --journal runs.sqlite`.
  package var status: String { command(["rollout", "status", rollout.text]) }

  /// Such as `privirun rollout resume 7k2m9q0d4x1z`.
  package var resume: String { command(["rollout", "resume", rollout.text]) }

  /// Such as `privirun rollout cancel 7k2m9q0d4x1z`.
  package var cancel: String { command(["rollout", "cancel", rollout.text]) }

  /// Such as `privirun rollout retry 7k2m9q0d4x1z --failed`.
  package var retry: String { command(["rollout", "retry", rollout.text, "--failed"]) }

  /// Such as `privirun report 7k2m9q0d4x1z --format html --to report.html`.
  package var report: String {
    command(["report", rollout.text, "--format", "html", "--to", "report.html"])
  }

  /// Such as `privirun runs --rollout 7k2m9q0d4x1z --outcome failed`.
  package func runs(_ outcome: Outcome) -> String {
    command(["runs", "--rollout", rollout.text, "--outcome", outcome.rawValue])
  }

  /// Such as `privirun rollout approve 7k2m9q0d4x1z`.
  package var approve: String { command(["rollout", "approve", rollout.text]) }

  /// Such as `privirun rollout unpause 7k2m9q0d4x1z`.
  package var unpause: String { command(["rollout", "unpause", rollout.text]) }

  private var unfinishedRuns: String {
    command(["runs", "--rollout", rollout.text, "--outcome", "unfinished"])
  }

  private func command(_ words: [String]) -> String {
    ShellWords.line(["privirun"] + words + (journal?.arguments ?? []))
  }

  /// What to run while a process drives the rollout, each a sentence without a full stop.
  package func next(during view: RolloutView) -> [String] {
    (view.isPaused ? ["`\(unpause)` lets tenants start again"] : [])
      + (view.waitsForApproval ? [approval] : []) + ["`\(cancel)` stops it"]
  }

  private var approval: String {
    "`\(approve)` lets the next stage start; with `--reject`, the rollout stops"
  }

  /// What to run after a rollout that ended, or was left, with these counts; the most urgent first, each a
  /// sentence without a full stop.
  ///
  /// A rollout against a sandbox that ended with its process cannot be continued.
  package func next(after counts: TenantCounts, _ view: RolloutView? = nil) -> [String] {
    guard !(view?.start?.service?.isOwnSandbox ?? false) else { return [] }
    var next: [String] = []
    if counts[.inDoubt] > 0 {
      next.append(
        "`\(runs(.inDoubt))` lists the runs in doubt; `privirun resolve RUN` looks into one")
    }
    if counts[.waiting] > 0 {
      next.append(
        "`\(unfinishedRuns)` lists the runs that wait; after `privirun approve RUN`, `\(resume)` goes on"
      )
    }
    if let view, view.isPaused { next.append("`\(unpause)` ends the pause") }
    if let view, view.waitsForApproval { next.append(approval) }
    let hasRest = counts[.notStarted] + counts[.running] > 0
    if counts[.failed] + counts[.cancelled] > 0 {
      next.append("`\(retry)` runs the tenants again that did not succeed")
      // The stage is proved by those alone.
      if hasRest, case .stageFailed? = view?.lastStop {
        next[next.count - 1] += ", then the next stages"
        return next
      }
    }
    if hasRest { next.append("`\(resume)` runs the tenants that have not ended") }
    return next
  }
}

extension RolloutView {
  /// Where a rollout stands that is not over, in a word.
  func standing(_ progress: RunProgress?) -> String {
    if isPaused, progress?.driver != nil { return "paused" }
    if waitsForApproval, !isPaused { return "waiting" }
    return progress?.text ?? (isPaused ? "paused" : "unfinished")
  }

  /// Whether it waits for a person's decision between two stages.
  fileprivate var waitsForApproval: Bool {
    if case .approval = hold { true } else { false }
  }

  /// Why no further tenant starts; nil while nothing stopped the rollout.
  fileprivate var lastStop: RolloutStop? { result?.stop ?? stop }
}

extension RunProgress? {
  /// What the tenants in progress of a rollout are called; nil leaves open who drives it.
  var runningWord: String {
    guard let self, self.driver == nil else { return TenantState.running.words }
    return RunProgress.State.interrupted.rawValue
  }
}
