package import Events
package import Operations

/// Reports the events of a rollout and of its runs in one form, as they happen.
///
/// A recorder is fed the events of each record in order; it writes through a function it was given.
package protocol RolloutRecorder: Sendable {
  /// Takes over an event of the rollout's own record that was reported before, by whoever drove it then.
  mutating func recall(_ event: RunEvent)

  /// Takes over how a tenant with a run stands, after the events of the rollout's own record.
  mutating func recall(_ row: TenantRow)

  /// Applies the next event of `run`, which is the rollout's own record or the run of a tenant.
  mutating func record(_ event: RunEvent, of run: RunID)

  /// The run of a tenant is left without an end, as `waiting` for a decision or otherwise.
  mutating func leave(_ run: RunID, as state: TenantState)

  /// A tenant cannot start before that other run gives up a lock; said once for each tenant.
  mutating func hold(_ tenant: String, until other: RunID)

  /// Somebody else writes on the same terminal now; what is drawn in place stays as it is.
  mutating func yieldTerminal()

  /// Time went by without an event.
  mutating func tick(at now: Moment)
}

extension RolloutRecorder {
  /// Does nothing: there is no event.
  package mutating func hold(_ tenant: String, until other: RunID) {}

  /// Does nothing: most forms draw nothing in place.
  package mutating func yieldTerminal() {}

  /// Does nothing: most forms change by events alone.
  package mutating func tick(at now: Moment) {}
}

/// Guards a recorder of a rollout that events and ticks reach from different tasks.
package actor RolloutReporter {
  private var recorder: any RolloutRecorder
  /// The tenants of which it was said that they wait for a lock.
  private var held: Set<String> = []
  /// What happened while somebody else has the terminal.
  private var heldBack: [Occurrence]?

  private enum Occurrence: Sendable {
    case events([RunEvent], of: RunID)
    case left(RunID, as: TenantState)
    case held(String, until: RunID)
  }

  /// A reporter for `recorder`, which nothing else may use from here on.
  package init(_ recorder: any RolloutRecorder) {
    self.recorder = recorder
  }

  /// Takes over what was reported before: the rollout's own events, then how its tenants stand.
  package func recall(_ events: [RunEvent], _ rows: [TenantRow]) {
    for event in events { recorder.recall(event) }
    for row in rows { recorder.recall(row) }
  }

  /// Reports `events` of `run`, in order.
  package func record(_ events: [RunEvent], of run: RunID) {
    report(.events(events, of: run))
  }

  /// The run of a tenant is left without an end.
  package func leave(_ run: RunID, as state: TenantState) {
    report(.left(run, as: state))
  }

  /// A tenant cannot start before that other run gives up a lock.
  package func hold(_ tenant: String, until other: RunID) {
    guard held.insert(tenant).inserted else { return }
    report(.held(tenant, until: other))
  }

  /// Leaves the terminal to a question; events are held back until `takeTerminal`.
  package func yieldTerminal() {
    guard heldBack == nil else { return }
    heldBack = []
    recorder.yieldTerminal()
  }

  /// Goes on with what happened meanwhile.
  package func takeTerminal() {
    let occurrences = heldBack ?? []
    heldBack = nil
    for occurrence in occurrences { report(occurrence) }
  }

  /// Lets a live view show that time goes by.
  package func tick(at now: Moment) {
    if heldBack == nil { recorder.tick(at: now) }
  }

  private func report(_ occurrence: Occurrence) {
    guard heldBack == nil else {
      heldBack?.append(occurrence)
      return
    }
    switch occurrence {
    case .events(let events, let run):
      for event in events { recorder.record(event, of: run) }
    case .left(let run, let state): recorder.leave(run, as: state)
    case .held(let tenant, let other): recorder.hold(tenant, until: other)
    }
  }
}
