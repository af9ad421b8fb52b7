package import Operations

/// Where a run stands that is not over.
package struct RunProgress: Sendable, Hashable {
  /// What its record says of a run that is not over.
  package enum State: String, Sendable, Hashable {
    /// A process drives it.
    case running
    /// Nothing but a person's decision brings it any further, whether a process drives it or not.
    case waiting
    /// The process that drove it is gone.
    case interrupted
    /// Its record is not what was recorded, so that nobody knows where it stands.
    case damaged
  }

  /// The process that drives a run.
  package struct Driver: Sendable, Hashable {
    /// Its process id.
    package var process: Int32
    /// The host name of its machine.
    package var host: String

    /// The process `process` of the machine `host`.
    package init(process: Int32, host: String) {
      self.process = process
      self.host = host
    }
  }

  /// What the record says.
  package var state: State
  /// The process that drives the run; nil when there is none.
  package var driver: Driver?
  /// Since when the run is in this state; nil where the record does not say it.
  package var since: Moment?

  /// A run in `state`, which `driver` drives.
  package init(_ state: State, by driver: Driver? = nil, since: Moment? = nil) {
    self.state = state
    self.driver = driver
    self.since = since
  }
}

/// What a list of runs shows of one run.
package struct RunSummary: Sendable, Hashable {
  /// The id, by which `privirun show` finds the run.
  package var run: RunID
  /// The name of the outermost playbook.
  package var playbook: String
  /// The path of the outermost playbook's file, as it was given.
  package var file: String
  /// When the first event was recorded.
  package var startedAt: Moment
  /// When the last event was recorded.
  package var lastEventAt: Moment
  /// How many events are recorded.
  package var eventCount: Int
  /// Nil while the run is in progress, and permanently when it was interrupted.
  package var outcome: Outcome?
  /// The labels of the run, in the order of its first event; empty when they cannot be read.
  package var labels: [RunLabel]
  /// The tenant of a rollout that the run is about; nil for a run of its own, and when it cannot be read.
  package var tenant: TenantReference?
  /// The environment that the run was started in; nil where none was used, or it cannot be read.
  package var environment: String?

  /// A summary of one run; a nil `outcome` says that the run has not ended.
  package init(
    run: RunID, playbook: String, file: String, startedAt: Moment, lastEventAt: Moment,
    eventCount: Int, outcome: Outcome? = nil, labels: [RunLabel] = [],
    tenant: TenantReference? = nil
  ) {
    self.run = run
    self.playbook = playbook
    self.file = file
    self.startedAt = startedAt
    self.lastEventAt = lastEventAt
    self.eventCount = eventCount
    self.outcome = outcome
    self.labels = labels
    self.tenant = tenant
  }
}
