package import Events
package import Operations
import Synchronization

/// Turns the events of runs and rollouts into spans and metrics, as they happen.
///
/// It remembers what is in progress, and nothing of what is over.
package final class RunTelemetry: Sendable {
  private struct State: Sendable {
    var runs: [RunID: RunTrail] = [:]
    var rollouts: [RunID: RolloutTrail] = [:]
  }

  private let outlets: TelemetryOutlets
  private let state = Mutex(State())

  /// Telemetry that goes to `outlets`.
  package init(_ outlets: TelemetryOutlets) {
    self.outlets = outlets
  }

  /// How many runs and rollouts are in progress.
  package var openCount: Int { state.withLock { $0.runs.count + $0.rollouts.count } }

  /// Handles the next events of `record`, a run or a rollout, which calls the API that `api` describes.
  package func record(
    _ events: [RunEvent], of record: RunID, calling api: APIDescription? = nil
  ) {
    state.withLock { state in
      let runCount = state.runs.count
      for event in events { apply(event, of: record, api, outlets, &state) }
      if state.runs.count != runCount { outlets.set(.runsActive, to: state.runs.count) }
    }
  }

  /// Handles what was recorded before this process continued `record`: it is not exported again.
  package func recall(
    _ events: [RunEvent], of record: RunID, calling api: APIDescription? = nil
  ) {
    let outlets = outlets.recalling
    state.withLock { state in
      forget(record, &state)
      for event in events { apply(event, of: record, api, outlets, &state) }
      outlets.set(.runsActive, to: state.runs.count)
    }
  }

  /// The record is driven no more by this process: what of it is in progress is left to whoever continues
  /// it.
  package func leave(_ record: RunID) {
    state.withLock { state in
      forget(record, &state)
      outlets.set(.runsActive, to: state.runs.count)
    }
  }

  private func forget(_ record: RunID, _ state: inout State) {
    state.runs[record] = nil
    state.rollouts[record] = nil
  }

  private func apply(
    _ event: RunEvent, of record: RunID, _ api: APIDescription?, _ outlets: TelemetryOutlets,
    _ state: inout State
  ) {
    switch event.kind {
    case .rollout(let kind):
      if case .started(let start) = kind {
        state.rollouts[record] = RolloutTrail(start, event, outlets)
      } else {
        state.rollouts[record]?.apply(kind, event, outlets)
      }
      if outlets.isLive, state.rollouts[record]?.isOver ?? false { state.rollouts[record] = nil }
    case .runStarted(let start):
      let above = start.tenant.flatMap { state.rollouts[$0.rollout]?.context }
      state.runs[record] = RunTrail(start, event, below: above, api, outlets)
    case _:
      state.runs[record]?.apply(event, outlets)
      if outlets.isLive, state.runs[record]?.isOver ?? false { state.runs[record] = nil }
    }
  }
}
