package import Operations

/// The written local times that the clocks skip, which are due once together at the end of the gap.
package struct SkippedTimes: Sendable, Hashable {
  /// Such as `2027-03-28T02:30`, in order and each once.
  package var written: [String]
  /// Whether the end of the gap is due also without them.
  package var joinsAnother: Bool

  /// The times `written`.
  package init(_ written: [String], joinsAnother: Bool) {
    self.written = written
    self.joinsAnother = joinsAnother
  }
}

extension Schedule {
  /// The local times that are due at `gapEnd` because the clocks skip them.
  package func skippedTimes(dueAt gapEnd: Moment) -> SkippedTimes {
    let end = gapEnd.second
    var skipped: Set<Int64> = []
    var joinsAnother = interval?.contains(end) ?? false
    for expression in cron {
      var walk = CronWalk(expression, in: zone, after: end - 1, through: end)
      let times = walk.times(skippedUntil: end)
      skipped.formUnion(times.skipped)
      joinsAnother = joinsAnother || times.isDue
    }
    for instant in at where instant.moment.second == end {
      if case .skipped = instant.shift, let written = InstantText(instant.text) {
        skipped.insert(written.local)
      } else {
        joinsAnother = true
      }
    }
    return SkippedTimes(skipped.sorted().map(LocalText.text), joinsAnother: joinsAnother)
  }
}
