package import Events
package import Operations

/// When a run was in progress: the time between the last event before each resumption and the
/// resumption itself does not count, because the run was over then or nobody drove it.
package struct RunTime: Sendable, Hashable {
  private struct Gap: Sendable, Hashable {
    let start: Moment
    let end: Moment
  }

  /// In their order; one for each resumption.
  private var gaps: [Gap] = []
  private var startedAt: Moment?
  private var latestAt: Moment?

  /// A run without events.
  package init() {}

  /// The time of a run with these events.
  package init(_ events: some Sequence<RunEvent>) {
    for event in events { apply(event) }
  }

  /// Applies the next event.
  package mutating func apply(_ event: RunEvent) {
    startedAt = startedAt ?? event.at
    if case .runResumed = event.kind, let latestAt {
      gaps.append(Gap(start: latestAt, end: event.at))
    }
    latestAt = event.at
  }

  /// How long the run was in progress between two moments.
  package func running(from start: Moment, to end: Moment) -> Duration {
    gaps.reduce(end - start) { time, gap in
      let overlap = min(gap.end, end) - max(gap.start, start)
      return overlap > .zero ? time - overlap : time
    }
  }

  /// How long the run has been in progress up to `now`; nil before its first event.
  package func elapsed(at now: Moment) -> Duration? {
    startedAt.map { running(from: $0, to: now) }
  }

  /// How long the run was in progress up to its latest event; nil before its first event.
  package var elapsed: Duration? { latestAt.flatMap { elapsed(at: $0) } }

  /// Such as `12.0 s`, or `12.0 s (2 parts over 3 h 0 min)` for a run that was resumed.
  package var text: String? {
    guard let startedAt, let latestAt, let elapsed else { return nil }
    guard !gaps.isEmpty else { return ElapsedText.text(elapsed) }
    let whole = ElapsedText.text(latestAt - startedAt)
    return "\(ElapsedText.text(elapsed)) (\(gaps.count + 1) parts over \(whole))"
  }
}
