import Events
import Expressions
import Journaling
import Operations
import Planning
import Reporting
import Rollouts
import Tenants

/// A rollout in the journal that is about to be continued.
struct RecordedRollout {
  let start: RolloutStart
  let events: [RunEvent]
  let claim: RunClaim
  let journal: SQLiteJournal
  let options: JournalSettings

  /// Becomes the owner of the rollout `summary` and reads it.
  init(
    _ summary: RolloutSummary, in journal: SQLiteJournal, _ options: JournalSettings,
    takingOver: Bool
  ) async throws {
    let id = summary.rollout
    claim = try await RunTakeOver(journal: journal, isAllowed: takingOver).claim(id)
    do {
      events = try RecordedRun.record(of: id, in: journal, options).events
      guard case .rollout(.started(let start))? = events.first?.kind else {
        throw CommandFailure(.invalid, "rollout \(id) has no beginning").lasting
      }
      self.start = start
    } catch {
      // Another process may look for itself, also while this one lives.
      try? await journal.release(id, epoch: claim.epoch)
      throw error
    }
    self.journal = journal
    self.options = options
  }

  /// The rollout as it was prepared when it was started, in the folder that it was started in.
  func prepared(
    _ environment: [String: String], _ reading: RunPinning.Reading = RunPinning.Reading()
  ) async throws -> PreparedRollout {
    let phrase = "rollout \(start.rollout)"
    let checked = try await RunPinning.checked(
      start.pinned, of: .init(phrase: phrase, version: start.version), in: journal, reading)
    guard let text = try await RunPinning.text(start.definition, in: journal),
      let origin = RolloutOrigin(text: text),
      let lines = try await RunPinning.text(start.tenants, in: journal),
      let tenants = try? TenantList(text: lines),
      let limits = RolloutLimits(encoded: start.limits)
    else {
      throw CommandFailure(
        .invalid, "the journal does not hold what \(phrase) was made from",
        hint: "start it again: what is done already is unchanged"
      ).lasting
    }
    let sources = InputSources.live(environment: environment).runningCommands()
    return PreparedRollout(
      definition: origin.definition, checked: checked, tenants: tenants, limits: limits,
      binder: TenantBinder(
        playbook: checked.planned,
        shared: origin.inputs.provided(
          for: checked.planned, besides: origin.definition.inputs),
        sources: sources, commands: origin.definition.commands, literals: origin.literals),
      pinned: start.pinned, texts: [], origin: origin, seed: start.seed)
  }

  /// The machine that continues it with `tenants`.
  func machine(
    _ limits: RolloutLimits, _ standings: [TenantStanding],
    runningAgain tenants: RolloutResumption.Tenants
  ) throws -> RolloutMachine {
    let resumption = RolloutResumption(
      owner: "\(OwnerIdentity.current(since: try WallClock().now()))", epoch: claim.epoch,
      version: Version.text, tenants: tenants)
    guard
      let machine = RolloutMachine(
        resuming: events, limits: limits, tenants: standings, as: resumption)
    else { throw CommandFailure(.invalid, "rollout \(start.rollout) has no beginning").lasting }
    return machine
  }
}
