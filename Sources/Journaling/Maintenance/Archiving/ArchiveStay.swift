/// Why something that is old enough stays in a journal all the same.
package enum ArchiveStay: String, Sendable, Hashable, CaseIterable {
  /// A run has not ended.
  case unfinished
  /// It is unknown what a run did: `resolve` needs its record.
  case inDoubt = "in-doubt"
  /// A process has claimed it, to resume it.
  case driven
  /// It holds a lock.
  case locked
  /// A request waits for it.
  case requested
  /// A schedule started it and has not recorded its result yet.
  case scheduled
  /// Its record, or a text that it names, is not what was recorded.
  case damaged
  /// It was made under another key, so that it cannot be verified.
  case otherKey = "other-key"
  /// The archive holds another record under the same id.
  case differs
  /// It is the latest successful run of a tenant and playbook, which drift compares with.
  case baseline
  /// It is the latest rollout of its name.
  case latestRollout = "latest-rollout"
  /// A run that stays reuses its results.
  case reused
  /// It is the newest record: no later one gets its number.
  case newest
  /// Somebody claimed or resumed it in the meantime.
  case changed
}

extension ArchiveStay: Comparable {
  /// The one that comes first is reported of what stays for several reasons.
  package static func < (left: ArchiveStay, right: ArchiveStay) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }

  /// The end of a sentence that begins with how much stays.
  package var phrase: String {
    switch self {
    case .unfinished: "not finished"
    case .inDoubt: "in doubt: `privirun resolve RUN` finds out what happened"
    case .driven: "claimed by a process"
    case .locked: "hold a lock"
    case .requested: "have a request that waits"
    case .scheduled: "started by a schedule that has not recorded the result yet"
    case .damaged: "damaged"
    case .otherKey: "made under another key: archive them with `--journal-key FILE`"
    case .differs: "recorded otherwise in the archive"
    case .baseline: "latest successful runs of a tenant and playbook: drift compares with them"
    case .latestRollout: "latest rollouts of their names"
    case .reused: "reused by a run that stays"
    case .newest: "the newest record"
    case .changed: "continued in the meantime"
    }
  }
}
