import Events

/// Which topics events are about.
extension NotifyTarget.Topic {
  /// The topics of the end of a rollout, the most urgent first; a target is notified of the first that it
  /// names.
  ///
  /// A rollout that was cancelled did not end well, so that it is `failed`. One that ends only because its
  /// other tenants wait for decisions is `waiting`.
  static func topics(of result: RolloutResult) -> [Self] {
    switch result.outcome {
    case .succeeded, .unchanged, .skipped, .tolerated: return [.finished]
    case .failed, .cancelled: return [.failed]
    case .inDoubt:
      let counts = result.counts
      let waits = counts[.waiting] > 0
      let isInDoubt = counts[.inDoubt] + counts[.running] > 0 || !waits
      let hasFailed = counts[.failed] + counts[.cancelled] > 0 || result.stop != nil
      return (isInDoubt ? [.inDoubt] : []) + (hasFailed ? [.failed] : [])
        + (waits ? [.waiting] : [])
    }
  }

  /// The topic of what was decided about a due instant; nil where nobody needs to hear of it.
  static func topic(of verdict: TickVerdict) -> Self? {
    switch verdict {
    case .missed, .skippedWindow, .failedToStart: .missed
    case .ran, .caughtUp, .triggered, .skippedOverlap, .paused: nil
    }
  }
}
