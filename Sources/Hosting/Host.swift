package import Events
package import Journaling
package import Machine
package import Operations
package import Running
import Synchronization

/// Drives any number of runs in one process, over one transport and one journal.
///
/// One loop owns the machines; everything that takes time is a child of one task group.
///
///     let host = Host(environment: environment)
///     host.start(RunOrder(starting: machine))
///     host.close()
///     let endings = try await host.drive()
package final class Host: Sendable {
  private let environment: HostEnvironment
  private let limits: HostLimits
  private let inbox = HostInbox()
  private let isClosed = Mutex(false)

  /// A host without runs.
  package init(environment: HostEnvironment, limits: HostLimits = HostLimits()) {
    self.environment = environment
    self.limits = limits
  }

  /// Drives a run, now or as soon as there is room for it.
  package func start(_ order: RunOrder) { inbox.put(.admit(order)) }

  /// The runs of `group` come, of which `failures` failed already; to be said before the first of them.
  package func open(group: RunGroupID, limits: RunGroupLimits, failures: Int) {
    inbox.put(.openGroup(group, limits, failures: failures))
  }

  /// No further run of `group` comes.
  package func close(group: RunGroupID) { inbox.put(.closeGroup(group)) }

  /// Keeps `record`, which is no run's, under `claim` as well: what comes for it is recorded in order with
  /// what the runs record.
  ///
  /// `ended` is called when it can be kept no more, and `requested` with what other processes ask of its
  /// owner.
  package func open(record: RunID, under claim: RunClaim) {
    inbox.put(.openRecord(record, claim))
  }

  /// Records `entry`; `observe` receives its events after that.
  package func record(_ entry: RecordEntry) { inbox.put(.record(entry)) }

  /// Nothing more comes for `record`; what came is recorded all the same.
  package func close(record: RunID) { inbox.put(.closeRecord(record)) }

  /// Requests an orderly stop of one run; one that waits for its turn ends `notStarted`.
  package func cancel(_ run: RunID) { inbox.put(.cancel(run)) }

  /// Requests an orderly stop of every run.
  package func cancelAll() { inbox.putCancellation() }

  /// Hands over something that is for one run, such as a person's decision.
  package func put(_ input: RunInput, to run: RunID) { inbox.put(.run(run, input)) }

  /// No further run comes: `drive` returns once all have ended.
  package func close() {
    isClosed.withLock { $0 = true }
    inbox.wake()
  }

  /// Drives the runs until the host is closed and all have ended, and returns how they ended: none where
  /// the environment has `ended`.
  ///
  /// Runs may be started all the time; a host that is not closed waits for more.
  /// Cancelling the task stops everything at once: the journal then ends without the end of the runs.
  /// Throws `CancellationError`.
  package func drive() async throws -> [RunID: RunEnding] {
    try await withTaskExecutorPreference(environment.tools.transport.executor) {
      try await driveRuns()
    }
  }

  private func driveRuns() async throws -> [RunID: RunEnding] {
    try await withThrowingDiscardingTaskGroup { group in
      var loop = HostLoop(environment, limits, inbox)
      defer {
        group.cancelAll()
        loop.stop(in: &group)
        inbox.close()
      }
      for await _ in inbox.signals {
        await loop.turn(in: &group)
        // What was put before the host was closed may have come during the turn.
        if isClosed.withLock({ $0 }), loop.isIdle, inbox.isEmpty { return loop.endings }
      }
      throw CancellationError()
    }
  }
}

/// What a host needs of the world around it.
package struct HostEnvironment: Sendable {
  /// Where everything is recorded before it happens.
  package var journal: any Journal
  /// What performing needs.
  package var tools: RunTools
  /// Shows events; called in order, after they are recorded.
  package var observe: @Sendable (RunID, [RunEvent]) async -> Void
  /// Receives each ending in place of the result of `drive`, so that a host of any number of runs keeps
  /// none; must not wait.
  package var ended: (@Sendable (RunID, RunEnding) -> Void)?
  /// Receives what other processes ask of the owner of a record that is no run's; must not wait.
  package var requested: (@Sendable (PostedRequest) -> Void)?
  /// Called once for each record that is no run's, when `requested` received what was asked before the record
  /// was opened; must not wait.
  package var caughtUp: (@Sendable (RunID) -> Void)?
  /// Receives a trace of HTTP and WebSocket traffic, line by line, without secrets; nil for none.
  package var trace: (@Sendable (String) -> Void)?
  /// What requests of a run carry besides their own headers, such as its trace context; nil for nothing.
  ///
  /// It is given how the run started, and the number of the event with the intent of the request, where it
  /// has one.
  package var requestHeaders: (@Sendable (RunStart, _ intent: Int?) -> [HTTPField])?
  /// The present instant of the clock that events and timers go by.
  package var now: @Sendable () -> Moment
  /// Returns after a duration of that clock, or throws when its task is cancelled.
  package var sleep: @Sendable (Duration) async throws -> Void

  /// An environment in which nothing is traced unless `trace` is given.
  package init(
    journal: any Journal, tools: RunTools,
    observe: @escaping @Sendable (RunID, [RunEvent]) async -> Void,
    now: @escaping @Sendable () -> Moment,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    trace: (@Sendable (String) -> Void)? = nil
  ) {
    self.journal = journal
    self.tools = tools
    self.observe = observe
    self.now = now
    self.sleep = sleep
    self.trace = trace
  }
}
