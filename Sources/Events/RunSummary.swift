package import Operations

/// What a list of runs shows of one run.
package struct RunSummary: Sendable, Hashable {
  package var run: RunID
  package var playbook: String
  package var file: String
  package var startedAt: Moment
  /// When the last event was recorded.
  package var lastEventAt: Moment
  /// How many events are recorded.
  package var eventCount: Int
  /// Nil while the run is in progress, and permanently when it was interrupted.
  package var outcome: Outcome?
  package var labels: [RunLabel]

  package init(
    run: RunID, playbook: String, file: String, startedAt: Moment, lastEventAt: Moment,
    eventCount: Int, outcome: Outcome? = nil, labels: [RunLabel] = []
  ) {
    self.run = run
    self.playbook = playbook
    self.file = file
    self.startedAt = startedAt
    self.lastEventAt = lastEventAt
    self.eventCount = eventCount
    self.outcome = outcome
    self.labels = labels
  }
}
