package import Expressions

/// Settings as they are recorded with a run, so that whoever resumes it keeps to them.
extension RunSettings {
  private typealias Member<Value> = (
    name: String, path: any WritableKeyPath<RunSettings, Value> & Sendable
  )

  private static let durations: [Member<Duration>] = [
    ("attemptTimeout", \.attemptTimeout), ("conditionTimeout", \.conditionTimeout),
    ("sendLimit", \.sendLimit),
    ("joinTimeout", \.joinTimeout), ("leaveTimeout", \.leaveTimeout),
    ("revokeTimeout", \.revokeTimeout), ("renewalMargin", \.renewalMargin),
    ("quietInterval", \.quietInterval), ("rarePollInterval", \.rarePollInterval),
    ("firstPollInterval", \.firstPollInterval), ("pollInterval", \.pollInterval),
    ("unknownCommandGrace", \.unknownCommandGrace), ("cancelGrace", \.cancelGrace),
    ("reconnectPause", \.reconnectPause), ("maximumReconnectPause", \.maximumReconnectPause),
    ("oversleptLateness", \.oversleptLateness), ("oversleptGrace", \.oversleptGrace),
    ("defaultBackoff", \.defaultBackoff), ("maximumRetryAfter", \.maximumRetryAfter),
    ("silenceInterval", \.silenceInterval), ("silenceReportInterval", \.silenceReportInterval),
  ]

  private static let counts: [Member<Int>] = [
    ("dataRequestLimit", \.dataRequestLimit), ("reconnectLimit", \.reconnectLimit),
    ("defaultAttempts", \.defaultAttempts), ("earlyAckLimit", \.earlyAckLimit),
    ("iterationLimit", \.iterationLimit),
  ]

  /// All of them by name, durations and integers; also those that are the program's defaults, which
  /// a later version may change.
  package var recorded: ValueMap {
    var values = ValueMap()
    for (name, path) in Self.durations { values[name] = .duration(self[keyPath: path]) }
    for (name, path) in Self.counts { values[name] = .int(Int64(self[keyPath: path])) }
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
  }
}
