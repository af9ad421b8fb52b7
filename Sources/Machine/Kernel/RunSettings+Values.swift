package import Expressions

/// Settings as they are recorded with a run, so that whoever resumes it keeps to them.
extension RunSettings {
  private typealias Member<Value> = (
    name: String, path: any WritableKeyPath<RunSettings, Value> & Sendable
  )

  private static let durations: [Member<Duration>] = [
    ("attemptTimeout", \.steps.attemptTimeout), ("conditionTimeout", \.steps.conditionTimeout),
    ("sendLimit", \.calls.sendLimit),
    ("joinTimeout", \.sessions.joinTimeout), ("leaveTimeout", \.sessions.leaveTimeout),
    ("revokeTimeout", \.sessions.revokeTimeout), ("renewalMargin", \.sessions.renewalMargin),
    ("quietInterval", \.polls.quietInterval), ("rarePollInterval", \.polls.rareInterval),
    ("firstPollInterval", \.polls.firstInterval), ("pollInterval", \.polls.longestInterval),
    ("unknownCommandGrace", \.polls.unknownCommandGrace), ("cancelGrace", \.stopping.cancelGrace),
    ("reconnectPause", \.sockets.reconnectPause),
    ("maximumReconnectPause", \.sockets.maximumReconnectPause),
    ("oversleptLateness", \.stopping.oversleptLateness),
    ("oversleptGrace", \.stopping.oversleptGrace),
    ("defaultBackoff", \.steps.backoff), ("maximumRetryAfter", \.steps.maximumRetryAfter),
    ("silenceInterval", \.silence.interval), ("silenceReportInterval", \.silence.reportInterval),
    ("lookupInterval", \.lookups.interval), ("lookupAbsence", \.lookups.absence),
    ("lookupAbsenceOfMany", \.lookups.absenceOfMany),
    ("lookupLimit", \.lookups.limit), ("lookupLag", \.lookups.lag), ("longWait", \.polls.longWait),
    ("longestWaitInterval", \.polls.longestWaitInterval),
    ("lookupUnsettled", \.lookups.unsettled), ("undoTimeout", \.steps.undoTimeout),
  ]

  /// Recorded only where it is true, so that other runs are recorded as by older programs.
  private static let voteSlots = "voteSlots"
  /// The same.
  private static let plan = "plan"
  /// The same.
  private static let hiddenStart = "hiddenStart"

  private static let counts: [Member<Int>] = [
    ("dataRequestLimit", \.calls.dataRequestLimit), ("reconnectLimit", \.sockets.reconnectLimit),
    ("defaultAttempts", \.steps.attempts), ("earlyAckLimit", \.calls.earlyAckLimit),
    ("iterationLimit", \.steps.iterationLimit), ("pageLimit", \.steps.pageLimit),
  ]

  private static let defaults = RunSettings()

  /// Made once: all runs share what they do not set otherwise.
  private static let recordedDefaults: ValueMap = {
    var values = ValueMap()
    for (name, path) in durations { values[name] = .duration(defaults[keyPath: path]) }
    for (name, path) in counts { values[name] = .int(Int64(defaults[keyPath: path])) }
    return values
  }()

  /// All of them by name, durations and integers; also those that are the program's defaults, which
  /// a later version may change.
  package var recorded: ValueMap {
    guard self != Self.defaults else { return Self.recordedDefaults }
    var values = Self.recordedDefaults
    for (name, path) in Self.durations where self[keyPath: path] != Self.defaults[keyPath: path] {
      values[name] = .duration(self[keyPath: path])
    }
    for (name, path) in Self.counts where self[keyPath: path] != Self.defaults[keyPath: path] {
      values[name] = .int(Int64(self[keyPath: path]))
    }
    if asksForVoteSlots { values[Self.voteSlots] = .bool(true) }
    if plans.isMade { values[Self.plan] = .bool(true) }
    if plans.hidesStart { values[Self.hiddenStart] = .bool(true) }
    return values
  }

  /// The settings that `recorded` says; names that are not known are passed over.
  package init(recorded: ValueMap) {
    self.init()
    for (name, path) in Self.durations {
      if case .duration(let duration)? = recorded[name] { self[keyPath: path] = duration }
    }
    for (name, path) in Self.counts {
      if case .int(let count)? = recorded[name] { self[keyPath: path] = Int(count) }
    }
    asksForVoteSlots = recorded[Self.voteSlots] == .bool(true)
    plans.isMade = recorded[Self.plan] == .bool(true)
    plans.hidesStart = recorded[Self.hiddenStart] == .bool(true)
  }
}
