import Cryptography
import Diagnostics
import Events
import Operations

extension JournalError: CustomStringConvertible {
  /// What is wrong, in one sentence without a full stop.
  package var description: String {
    switch self {
    case .missing(let path): "no journal at \(path): nothing has been run here yet"
    case .notADatabase(let path): "\(path) is not a journal: it is no SQLite database"
    case .notAJournal(let path): "\(path) is not a journal: it is another program's database"
    case .notAFile(let path): "a journal is a file, and `\(path)` is not the path of one"
    case .replaced(let path):
      "the journal \(path) or its key was removed or replaced by another file, so nothing more can be "
        + "recorded"
    case .inaccessible(let path, let reason), .unwritable(let path, let reason),
      .failingDisk(let path, let reason), .noSpace(let path, let reason):
      "the journal \(path) cannot be used: \(reason)"
    case .locked(let path): "the journal \(path) is locked by another process"
    case .newerSchema(let path): "the journal \(path) was written by a newer privirun"
    case .damaged(let path, let reason): "the journal \(path) is damaged: \(reason)"
    case .unusableKey(let path, let reason): "the journal's key \(path) cannot be used: \(reason)"
    case .missingKey(let path): "the journal's key \(path) is gone, so its secrets cannot be read"
    case .conflict(let run, let sequence):
      "event \(sequence) of run \(run) is already recorded: another process drives this run"
    case .owned(let run, let owner):
      "run \(run) is driven by \(owner.map { "\($0.identity)" } ?? "another process")"
    case .blocked(let run, let other):
      "run \(run) cannot be driven now: run \(other) is about the same tenant"
    case .archiving(let rollout):
      "rollout \(rollout) is being archived: a part of it is in the archive already"
    case .decided(let run, let step):
      "a decision on `\(step)` of run \(run) was left already, and is not handled yet"
    case .notARollout(let run): "\(run) is a run, not a rollout"
    case .isRollout(let rollout, let name): "\(rollout) is a rollout (\(name)), not a run"
    case .ledgerMoved(let schedule, _):
      "the schedule `\(schedule)` was changed by another process meanwhile"
    case .leaseLost(_, let owner):
      "\(owner.map { "\($0.identity)" } ?? "another process") is the active daemon of this journal now"
    case .decidedTwice(let schedule, let due, _):
      "the schedule `\(schedule)` has a verdict on the instant \(due.text) already"
    case .flawedLedger(let schedule, let flaw):
      "the ledger of the schedule `\(schedule)` is not intact: \(flaw)"
    case .noSchedules: "the journal holds no schedules"
    case .unknownSchedule(let name, _): "no schedule is called `\(name)`"
    case .noRollouts: "the journal holds no rollouts"
    case .unknownRollout(let name): "no rollout is called `\(name)`, and no rollout's id begins so"
    case .ambiguousRollout(let prefix, let candidates):
      "`\(prefix)` could be any of "
        + candidates.map { "\($0.rollout) (\($0.name))" }.joined(separator: ", ")
    case .over(let run): "run \(run) has already ended"
    case .otherKey(let path): "the key \(path) is not the one that this was recorded under"
    case .unusablePlan(let path, let reason): "the plan \(path) cannot be used: \(reason)"
    case .misplaced(let run, let sequence):
      "event \(sequence) of run \(run) does not belong there"
    case .cryptography(let failure): "the journal cannot be used: \(failure.message)"
    case .unstorable(let run, let sequence, let error):
      "event \(sequence) of run \(run) cannot be stored: \(error)"
    case .flawed(let run, let flaw): "the record of run \(run) is not intact: \(flaw)"
    case .noRuns: "the journal holds no runs"
    case .unknownRun(let prefix): "no run begins with `\(prefix)`"
    case .ambiguousRun(let prefix, let candidates):
      "`\(prefix)` could be any of "
        + candidates.map { "\($0.run) (\($0.playbook))" }.joined(separator: ", ")
    }
  }

  /// What to do next, when that is known.
  package var hint: String? {
    switch self {
    case .missing, .noRuns: "`privirun run PLAYBOOK` makes one; `--journal FILE` names another"
    case .notADatabase, .notAJournal: "name another file with `--journal FILE`"
    case .notAFile: "give the path of a file, such as `--journal runs.sqlite`"
    case .replaced:
      "what was recorded before is in the file that is gone: put it back if it still exists"
    case .failingDisk:
      "look for errors of the disk in the system's log, or record elsewhere with `--journal FILE`"
    case .noSpace: "make room, or record elsewhere with `--journal FILE`"
    case .inaccessible, .unwritable:
      "check the permissions, or name another file with `--journal FILE`"
    case .locked: "wait for the other process to finish, then try again"
    case .newerSchema: "update privirun"
    case .damaged, .flawed: "`privirun show RUN --verify` says what is intact"
    case .unusableKey:
      "the key must be a file of 32 bytes or 64 hex characters that belongs to you, with mode 0600"
    case .missingKey:
      "put the key file back, name it with `--journal-key FILE`, or record elsewhere with `--journal "
        + "FILE`; without the key the runs can be shown, but their secrets not read"
    case .flawedLedger:
      "`privirun journal check` says what is intact, and `privirun schedule forget` lets the schedule "
        + "begin anew"
    case .unknownRun: "`privirun runs` lists them"
    case .ambiguousRun, .ambiguousRollout: "type more of the id"
    case .notARollout(let run): "`privirun show \(run)` shows the run"
    case .isRollout(let rollout, _): "`privirun rollout status \(rollout)` shows where it stands"
    case .noRollouts: "`privirun rollout run FILE` makes one; `--journal FILE` names another"
    case .noSchedules: "`privirun serve FILE` makes one; `--journal FILE` names another"
    case .unknownSchedule(let name, let known):
      didYouMean(name, among: known) ?? "`privirun schedule list` lists them"
    case .unknownRollout: "name a rollout by its id, a unique prefix of it, its name or `latest`"
    case .unstorable(_, _, let error):
      switch error {
      case .tooDeep, .tooLarge: "keep less in the step's result"
      case .cryptography(let failure): failure.hint
      case .malformed, .unknownValue, .unsupportedVersion, .unknownType, .sealedWithAnotherKey,
        .brokenSeal:
        nil
      }
    case .cryptography(let failure): failure.hint
    case .owned:
      "wait until it ends; `--take-over` ends it first, where it runs on this machine"
    case .blocked(_, let other):
      "wait until run \(other) ends; `privirun show \(other)` shows where it stands"
    case .archiving:
      "`privirun journal archive` with the same `--before` and `--to` moves the rest, after which the whole "
        + "rollout is in the archive"
    case .otherKey: "put the right key file back, or name it with `--journal-key FILE`"
    case .unusablePlan:
      "make a new plan with `privirun plan --save FILE`; one of another folder, machine or CI job opens "
        + "with its key: `--journal-key FILE` names it"
    case .conflict, .misplaced, .decided, .over, .ledgerMoved, .leaseLost, .decidedTwice: nil
    }
  }
}
